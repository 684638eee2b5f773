//! Ginkgo, from outside: its list of specs, and the lines that it prints while they run.

mod plan;
mod reader;

use serde::{Deserialize, Serialize};

pub use plan::{Plan, Unreadable, exactly};
pub use reader::{Heard, Reader};

/// The end of a spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It passed.
    Passed,
    /// An assertion failed.
    Failed,
    /// It left itself out.
    Skipped,
    /// It is marked as not ready.
    Pending,
    /// It panicked.
    Panicked,
    /// It took longer than ginkgo lets it.
    TimedOut,
    /// The suite was aborted in it.
    Aborted,
    /// A signal came while it ran.
    Interrupted,
    /// The suite ended in it, without a word.
    CutOff,
}

impl End {
    /// Returns the end that ginkgo means by a word in brackets.
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "FAILED" => Self::Failed,
            "SKIPPED" => Self::Skipped,
            "PENDING" => Self::Pending,
            "PANICKED" | "PANICKED!" => Self::Panicked,
            "TIMEDOUT" => Self::TimedOut,
            "ABORTED" => Self::Aborted,
            "INTERRUPTED" => Self::Interrupted,
            _ => return None,
        })
    }

    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Pending => "pending",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed out",
            Self::Aborted => "aborted",
            Self::Interrupted => "interrupted",
            Self::CutOff => "cut off",
        }
    }

    /// `true` if the spec came to a verdict of its own: it does not have to run again.
    #[must_use]
    pub const fn is_verdict(self) -> bool {
        !matches!(self, Self::Aborted | Self::Interrupted | Self::CutOff)
    }

    /// `true` if the spec did not fail.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Passed | Self::Skipped | Self::Pending)
    }
}

/// A spec that ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// The full name.
    pub spec: String,
    /// The end.
    pub end: End,
    /// The time that it took.
    pub seconds: f64,
    /// The last words of a failure; empty otherwise.
    pub message: String,
}
