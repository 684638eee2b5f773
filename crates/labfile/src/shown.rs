//! A problem with its file, for display.

use std::{fmt, sync::Arc};

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use super::{Place, masked::masked, problem::Problem};

/// A problem and its place, as a check finds it.
#[derive(Clone, Debug)]
pub(crate) struct Find {
    pub(super) place: Place,
    pub(super) problem: Problem,
}

/// A find in its file.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    source: NamedSource<Arc<str>>,
    find: Find,
}

impl Shown {
    /// Puts finds into their file, in its order.
    pub(super) fn all(name: &str, text: &str, mut finds: Vec<Find>) -> Vec<Self> {
        finds.sort_by_key(|find| (find.place.start, find.place.end));
        let text: Arc<str> = masked(text).into();
        finds.into_iter().map(|find| Self { source: NamedSource::new(name, Arc::clone(&text)), find }).collect()
    }

    /// Returns the file's name.
    pub(super) fn file(&self) -> &str {
        self.source.name()
    }

    /// Returns the line and the column, both from 1; a column is a character.
    pub(super) fn line_and_column(&self) -> (usize, usize) {
        let before = self.source.inner().get(..self.find.place.start).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (before.matches('\n').count() + 1, column)
    }

    /// Returns the problem.
    pub(super) fn problem(&self) -> &Problem {
        &self.find.problem
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_and_column();
        write!(f, "{}:{line}:{column}: {}", self.file(), self.find.problem)
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
