//! The archive of files for a container.

use std::collections::BTreeSet;

use crate::model::FileSpec;
use crate::observe::script::PENDING;

/// Returns a tar archive of files, to be unpacked at the root. The note of pending files comes first: a note without
/// the files costs a needless reload, files without the note would never be loaded.
pub(super) fn archive(files: &[FileSpec], pending: &BTreeSet<String>) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let note: String = pending.iter().map(|path| format!("{path}\n")).collect();
    add(&mut archive, PENDING, note.as_bytes(), (0o600, 0, 0));
    for file in files {
        add(&mut archive, &file.path, &file.contents, (file.mode, file.uid, file.gid));
    }
    // Writing to memory does not fail.
    archive.into_inner().unwrap_or_default()
}

fn add(archive: &mut tar::Builder<Vec<u8>>, path: &str, contents: &[u8], (mode, uid, gid): (u32, u32, u32)) {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_size(contents.len() as u64);
    header.set_mode(mode);
    header.set_uid(u64::from(uid));
    header.set_gid(u64::from(gid));
    // Writing to memory does not fail, and long paths get a header of their own.
    archive.append_data(&mut header, path.trim_start_matches('/'), contents).unwrap_or_default();
}
