//! Warnings: parts of a lab file that are valid, and probably a mistake.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};

use super::shown::{Find, Shown};

/// A part of a lab file that is valid, and probably a mistake.
///
/// Its `Display` is one line: the place and the message. As a [`Diagnostic`] it has the file's excerpt.
#[derive(Clone, Debug)]
pub struct Warning(Shown);

impl Warning {
    /// Puts finds into their file.
    pub(super) fn all(name: &str, text: &str, finds: Vec<Find>) -> Vec<Self> {
        Shown::all(name, text, finds).into_iter().map(Self).collect()
    }

    /// Returns the name of the file.
    pub fn file(&self) -> &str {
        self.0.file()
    }

    /// Returns the line, from 1.
    pub fn line(&self) -> usize {
        self.0.line_and_column().0
    }

    /// Returns the column, from 1, in characters.
    pub fn column(&self) -> usize {
        self.0.line_and_column().1
    }

    /// Returns the message without its place.
    pub fn message(&self) -> String {
        self.0.problem().to_string()
    }

    /// Returns the remedies.
    pub fn remedy(&self) -> String {
        self.0.problem().expected().unwrap_or_default()
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq for Warning {
    fn eq(&self, other: &Self) -> bool {
        (self.to_string(), self.remedy()) == (other.to_string(), other.remedy())
    }
}

impl Eq for Warning {}

impl std::error::Error for Warning {}

impl Diagnostic for Warning {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.source_code()
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.0.labels()
    }
}
