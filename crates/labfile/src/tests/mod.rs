//! Tests of lab files: those that are kept in `labs/`, wrong ones, and mutilated ones.

mod files;
mod mutations;
mod problems;
mod types;
mod values;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Lab, LabError, Overrides, ProviderName};

/// Every file of `labs/`, by name.
pub fn all() -> Vec<Utf8PathBuf> {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs");
    let mut files: Vec<_> = folder.read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path()).collect();
    files.sort();
    files
}

/// The lab of a file, from this provider.
pub fn lab(path: &Utf8Path, provider: ProviderName) -> Lab {
    let overrides = Overrides { provider: Some(provider), ..Overrides::default() };
    Lab::from_file(path, &overrides).unwrap_or_else(|error| panic!("{}", report(&error)))
}

/// A text, read as a lab file.
pub fn read(text: &str, overrides: &Overrides) -> Result<Lab, LabError> {
    Lab::read("lab.toml", text, Utf8Path::new("/folder"), overrides)
}

/// The error as a person sees it.
fn report(error: &LabError) -> String {
    let mut text = String::new();
    let theme = miette::GraphicalTheme::unicode_nocolor();
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_links(false).with_width(120);
    handler.render_report(&mut text, error).unwrap();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
