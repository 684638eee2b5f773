//! The machine's prerequisites: looked at, judged, and brought about where that can be done from here.

mod engine;
mod fix;
mod judge;
mod kind;
mod seen;

use labfile::Lab;
use serde::Serialize;

use self::judge::judge;
use self::seen::Seen;
use diagnosis::Advice;

pub use self::fix::Fix;

/// One thing that a lab needs of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Prerequisite {
    /// The stable name: `engine`, `kind`, `disk`, a kernel setting.
    pub name: &'static str,
    /// The judgement.
    pub verdict: Verdict,
    /// The state that was found, in words.
    pub seen: String,
    /// Advice, where it is not as it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Advice>,
    /// The change that brings it about, where one is known.
    #[serde(skip)]
    pub fix: Option<Fix>,
}

/// The judgement on a prerequisite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// The lab may work.
    Doubtful,
    /// The lab cannot work.
    Bad,
}

impl Prerequisite {
    /// Makes one that is as it should be.
    #[must_use]
    pub fn good(name: &'static str, seen: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Good, seen: seen.into(), remedy: None, fix: None }
    }

    /// Makes one without which the lab may still work.
    #[must_use]
    pub fn doubtful(name: &'static str, seen: impl Into<String>, remedy: impl Into<Advice>) -> Self {
        Self { verdict: Verdict::Doubtful, remedy: Some(remedy.into()), ..Self::good(name, seen) }
    }

    /// Makes one without which the lab cannot work.
    #[must_use]
    pub fn bad(name: &'static str, seen: impl Into<String>, remedy: impl Into<Advice>) -> Self {
        Self { verdict: Verdict::Bad, ..Self::doubtful(name, seen, remedy) }
    }

    fn fixed_by(self, fix: Fix) -> Self {
        Self { fix: Some(fix), ..self }
    }
}

/// Looks at the machine, and judges it for a lab. Nothing is changed; an engine that does not answer is a finding.
pub async fn examine(lab: &Lab) -> Vec<Prerequisite> {
    judge(&Seen::look(lab).await, lab)
}
