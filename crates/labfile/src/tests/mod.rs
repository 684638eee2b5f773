//! Tests of lab files: those in `labs/`, wrong ones, and mutilated ones.

mod advertisements;
mod families;
mod files;
mod mutations;
mod node_end;
mod nodes;
mod own;
mod pools;
mod problems;
mod routes;
mod service_order;
mod service_refusals;
mod services;
mod types;
mod values;
mod warnings;

use camino::{Utf8Path, Utf8PathBuf};
use miette::{Diagnostic, LabeledSpan};

use super::{Lab, LabError, LabFile, Overrides, ProviderName};

/// Returns every file of `labs/`, by name.
pub fn all() -> Vec<Utf8PathBuf> {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs");
    let mut files: Vec<_> = folder.read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path()).collect();
    files.sort();
    files
}

/// Reads the lab of a file, with this provider.
pub fn lab(path: &Utf8Path, provider: ProviderName) -> Lab {
    let overrides = Overrides { provider: Some(provider), ..Overrides::default() };
    Lab::from_file(path, &overrides).unwrap_or_else(|error| panic!("{}", report(&error)))
}

/// Reads a text as a lab file.
pub fn read(text: &str, overrides: &Overrides) -> Result<Lab, LabError> {
    Lab::read(LabFile { name: "lab.toml", text, folder: "/folder".into() }, overrides)
}

/// Returns every problem of a text as `LINE:COLUMN: MESSAGE | LABEL`.
fn problems(text: &str, overrides: &Overrides) -> Vec<String> {
    let error = read(text, overrides).unwrap_err();
    let others = error.related().into_iter().flatten().filter_map(Diagnostic::labels).flatten();
    let labels = error.labels().into_iter().flatten().chain(others);
    let label = |label: LabeledSpan| label.label().unwrap_or_default().to_owned();
    let messages = error.to_string();
    let messages = messages.lines().map(|line| line.trim_start_matches("lab.toml:"));
    messages.zip(labels.map(label)).map(|(message, label)| format!("{message} | {label}")).collect()
}

/// Renders an error as a terminal shows it.
fn report(error: &LabError) -> String {
    let mut text = String::new();
    let theme = miette::GraphicalTheme::unicode_nocolor();
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_links(false).with_width(120);
    handler.render_report(&mut text, error).unwrap();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
