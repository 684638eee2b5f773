//! Problems of the file's own checks.

use crate::Name;

/// A problem of a check of the file's own; its `Display` says what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OwnProblem {
    /// Nothing that it is of.
    #[error("this check is of nothing")]
    OfNothing,
    /// Two things that it is of.
    #[error("this check is of two things: `{0}` and `{1}`")]
    OfTwo(&'static str, &'static str),
    /// A field of another kind of check.
    #[error("`{field}` does not go with `{with}`")]
    Stray { field: &'static str, with: &'static str },
    /// A session with another number of ends than two.
    #[error("a session has two ends, and here are {0}")]
    Ends(usize),
    /// A session that the lab does not have.
    #[error("`{near}` and `{far}` have no session with each other")]
    NoSession { near: Name, far: Name, with: Vec<String> },
    /// A path without a step.
    #[error("this path has no step")]
    NoStep,
}

impl OwnProblem {
    /// Returns what would be right, for the label beside the problem.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::OfNothing => "expected `prefix` and `at`, `session`, or `from` and `to`".to_owned(),
            Self::OfTwo(..) => "expected two checks".to_owned(),
            Self::Stray { field, with } => format!("expected a check without `{field}`, or without `{with}`"),
            Self::Ends(_) => "expected [\"frr1\", \"kind-worker\"], first the one that is asked".to_owned(),
            Self::NoSession { near, with, .. } if with.is_empty() => {
                format!("expected another router or node than `{near}`, which has no session")
            }
            Self::NoSession { near, with, .. } => format!("expected `{near}` and one of: {}", with.join(", ")),
            Self::NoStep => "expected the routers that packets pass, and the node at their end".to_owned(),
        }
    }
}
