//! The house rules that no compiler knows.
//!
//! Every rule is a pure function from a file's path and text, or from Cargo's metadata, to findings.

mod layers;
mod length;
mod pure;
mod rooms;
mod summaries;
mod suppressions;
mod tiers;
mod words;

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::{files, workspace};
use bgplab::Failure;
use metallb_lab::Answer;

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Finding {
    path: Utf8PathBuf,
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: &Utf8Path, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Checks the whole workspace.
pub(crate) async fn run() -> Result<Answer, Failure> {
    let folder = workspace();
    let mut findings = layers::check(&layers::Package::all().await?);
    findings.extend(pure::check().await?);
    // A file that is not text (a picture) has no lines to check.
    let read = |path: Utf8PathBuf| Some((fs_err::read_to_string(folder.join(&path)).ok()?, path));
    let files: Vec<_> = files().await?.into_iter().filter_map(read).map(|(text, path)| (path, text)).collect();
    findings.extend(files.iter().flat_map(|(path, text)| check(path, text)));
    findings.extend(rooms::check(&files));
    findings.sort();
    let mut text: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    text.push_str(&format!("{} files, {} findings\n", files.len(), findings.len()));
    Ok(Answer::new(text, &findings)?.failed_if(!findings.is_empty()))
}

/// All rules for one file.
fn check(path: &Utf8Path, text: &str) -> Vec<Finding> {
    let rules = [length::check, summaries::check, suppressions::check, tiers::check, words::check];
    rules.iter().flat_map(|rule| rule(path, text)).collect()
}

/// `true` if a file is Rust, and compiled into tests only.
fn is_test(path: &Utf8Path) -> bool {
    path.components().any(|part| part.as_str() == "tests") || path.file_stem() == Some("tests")
}

/// The lines of a Rust file that are code of the product itself, with their numbers and without comments: not of a
/// test's file, and of no item below a `#[cfg(test)]`.
fn code<'a>(path: &Utf8Path, text: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let text = if is_test(path) { "" } else { text };
    let mut test_at = None;
    (1..).zip(text.lines()).filter_map(move |(number, line)| {
        let code = line.split("//").next().unwrap_or_default().trim_end();
        let indent = code.len() - code.trim_start().len();
        if code.trim_start() == "#[cfg(test)]" {
            test_at = Some(indent);
        } else if test_at.is_none() {
            return Some((number, code));
        } else if test_at == Some(indent) && code.ends_with(['}', ';', ',']) {
            // As rustfmt writes it, an item ends with the first such line that stands as far in as it began.
            test_at = None;
        }
        None
    })
}
