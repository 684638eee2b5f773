//! Why a lab file is none, with the place of each problem.

use std::{fmt, sync::Arc};

use camino::Utf8PathBuf;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use super::{Place, masked::masked, plain::in_plain_words, problem::Problem};

/// Why there is no lab.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// The file cannot be read.
    #[error("cannot read the lab file {path}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no lab.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl Diagnostic for LabError {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.finds().first().map(|find| &find.source as &dyn SourceCode)
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

/// A file that is no lab: everything that is wrong with it, in its order.
#[derive(Debug)]
pub struct Invalid(Vec<Shown>);

/// A problem and its place, as a check finds it.
#[derive(Debug)]
pub(crate) struct Find {
    pub(super) place: Place,
    pub(super) problem: Problem,
}

/// A find in its file.
#[derive(Debug)]
struct Shown {
    source: NamedSource<Arc<str>>,
    find: Find,
}

impl Invalid {
    /// The finds of a file.
    pub(super) fn new(name: &str, text: &str, mut finds: Vec<Find>) -> Self {
        finds.sort_by_key(|find| (find.place.start, find.place.end));
        let text: Arc<str> = masked(text).into();
        let shown = |find| Shown { source: NamedSource::new(name, Arc::clone(&text)), find };
        Self(finds.into_iter().map(shown).collect())
    }

    /// What `toml` or a field's type found: it stops at the first one.
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

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.source.inner().get(..self.find.place.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        write!(f, "{}:{line}:{column}: {}", self.source.name(), self.find.problem)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(self.find.problem.expected(), self.find.place.clone());
        Some(Box::new(std::iter::once(label)))
    }
}
