//! The archive: a gzipped tar, readable by its owner only, and there only if it is whole.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::time::{SystemTime, UNIX_EPOCH};

use camino::Utf8Path;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempPath;

use super::Entry;

/// Writes the archive, and returns its size in bytes.
pub(super) fn write(out: &Utf8Path, folder: &str, entries: &[Entry]) -> io::Result<u64> {
    // Dropped before it has its name, it is removed.
    let part = TempPath::try_from_path(format!("{out}.part"))?;
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    for (path, text) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(now);
        archive.append_data(&mut header, format!("{folder}/{path}"), text.as_bytes())?;
    }
    let mut file = archive.into_inner()?.finish()?;
    file.flush()?;
    let bytes = file.metadata()?.len();
    part.persist(out)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_was_packed_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let out = Utf8Path::from_path(folder.path()).unwrap().join("a.tar.gz");
        let long = format!("{}/x.txt", "deep/".repeat(40));
        write(&out, "lab", &[("a.txt".into(), "one\n".into()), (long.clone(), "two\n".into())]).unwrap();
        let file = std::fs::File::open(&out).unwrap();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
        let read = |entry: io::Result<tar::Entry<'_, _>>| {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (entry.path().unwrap().display().to_string(), text)
        };
        let entries: Vec<_> = archive.entries().unwrap().map(read).collect();
        assert_eq!(entries, [("lab/a.txt".into(), "one\n".into()), (format!("lab/{long}"), "two\n".to_string())]);
        assert!(!out.with_extension("gz.part").exists());
    }

    #[test]
    fn what_cannot_have_its_name_is_not_left() {
        let folder = tempfile::tempdir().unwrap();
        let taken = Utf8Path::from_path(folder.path()).unwrap().join("taken");
        fs_err::create_dir(&taken).unwrap();
        write(&taken, "lab", &[]).unwrap_err();
        assert!(!taken.with_extension("part").exists());
    }
}
