//! The lab files of `labs/`, for tests.

use camino::{Utf8Path, Utf8PathBuf};
use labfile::{Lab, Overrides, ProviderName};

/// Returns every lab file, by name.
pub(crate) fn all() -> Vec<Utf8PathBuf> {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs");
    let mut files: Vec<_> = folder.read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path()).collect();
    files.sort();
    files
}

/// Returns the lab of a file, from this provider.
pub(crate) fn lab(path: &Utf8Path, provider: ProviderName) -> Lab {
    let overrides = Overrides { provider: Some(provider), ..Overrides::default() };
    Lab::from_file(path, &overrides).unwrap_or_else(|error| panic!("{error}"))
}
