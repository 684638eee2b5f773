//! Errors of a lab file, with the place of each problem.

use std::fmt;

use camino::Utf8PathBuf;
use miette::{Diagnostic, LabeledSpan, SourceCode};

use super::{
    masked::masked,
    plain::in_plain_words,
    problem::Problem,
    shown::{Find, Shown},
};

/// A lab that could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// The file cannot be read.
    #[error("cannot read the lab file {path}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is no lab.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl Diagnostic for LabError {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.finds().first().and_then(Diagnostic::source_code)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.finds().first().and_then(Diagnostic::labels)
    }
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let others = self.finds().get(1..).filter(|others| !others.is_empty())?;
        Some(Box::new(others.iter().map(|find| find as &dyn Diagnostic)))
    }
}

impl LabError {
    fn finds(&self) -> &[Shown] {
        match self {
            Self::Read { .. } => &[],
            Self::Invalid(invalid) => &invalid.0,
        }
    }
}

/// An invalid lab file: all problems, in the file's order.
#[derive(Debug)]
pub struct Invalid(Vec<Shown>);

impl Invalid {
    /// Puts the finds of a file into it.
    pub(super) fn new(name: &str, text: &str, finds: Vec<Find>) -> Self {
        Self(Shown::all(name, text, finds))
    }

    /// Converts the error of `toml` or of a field's type, which stop at the first problem.
    pub(super) fn parse(name: &str, text: &str, error: &toml::de::Error) -> Self {
        let place = error.span().unwrap_or(0..0);
        // serde quotes what it does not take.
        let (value, shown) = (text.get(place.clone()), masked(text));
        let is_secret = shown.get(place.clone()).is_some_and(|shown| shown.starts_with('*') && value != Some(shown));
        let message = if is_secret { "the password is not a text in quotes" } else { error.message() };
        Self::new(name, text, vec![Find { place, problem: Problem::Parse(in_plain_words(message)) }])
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, shown)| {
            f.write_str(if index == 0 { "" } else { "\n" })?;
            shown.fmt(f)
        })
    }
}

impl std::error::Error for Invalid {}
