//! The archive: a gzipped tar, readable by its owner only, and there only if it is whole.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::time::{SystemTime, UNIX_EPOCH};

use camino::Utf8Path;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Entry;

/// Writes it, and says how long it is.
pub(super) fn write(out: &Utf8Path, folder: &str, entries: &[Entry]) -> io::Result<u64> {
    let part = Utf8Path::new(&format!("{out}.part")).to_owned();
    let written = pack(&part, folder, entries).and_then(|bytes| fs_err::rename(&part, out).map(|()| bytes));
    if written.is_err() {
        // What it failed by is told; a part is of no use.
        let _ = fs_err::remove_file(&part);
    }
    written
}

fn pack(part: &Utf8Path, folder: &str, entries: &[Entry]) -> io::Result<u64> {
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(part)?;
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
    Ok(file.metadata()?.len())
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
    fn what_cannot_be_written_leaves_no_part() {
        let folder = tempfile::tempdir().unwrap();
        let out = Utf8Path::from_path(folder.path()).unwrap().join("there");
        fs_err::create_dir_all(out.join("something")).unwrap();
        write(&out, "lab", &[("a.txt".into(), "one\n".into())]).unwrap_err();
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    }
}
