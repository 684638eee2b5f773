//! The judgement of a diagnosis by the fault that was made.

use bgplab::diagnosis::{Diagnosis, Finding};
use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// A finding, as far as it is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    rule: String,
    cause: String,
    /// Everything that it says.
    text: String,
    inferred: bool,
}

impl From<&Finding> for Said {
    fn from(finding: &Finding) -> Self {
        let all = std::iter::once(&finding.cause).chain(&finding.evidence).chain(&finding.follows);
        let text = all.cloned().collect::<Vec<_>>().join("\n");
        Self { rule: finding.rule.to_owned(), cause: finding.cause.clone(), text, inferred: finding.inferred }
    }
}

/// The place of the object among what a diagnosis names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Named {
    /// By the first finding.
    First,
    /// By a later one.
    Later,
    /// By none, though there are some.
    Not,
    /// Nothing was said at all.
    Silent,
}

/// The judgement of one diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Judgement {
    /// The checks that failed.
    pub(super) failed: Vec<String>,
    /// The place of the object.
    pub(super) named: Named,
    /// The first cause.
    pub(super) first: Option<String>,
    /// Causes that are stated as seen, and are not of the object.
    pub(super) untrue: Vec<String>,
    /// Causes that are inferred, and are not of the object.
    pub(super) inferred: Vec<String>,
    /// The number of failed checks that nothing explains.
    pub(super) unexplained: usize,
}

impl Judgement {
    /// Judges a diagnosis.
    pub(super) fn of(fault: &Fault, failed: Vec<String>, diagnosis: &Diagnosis) -> Self {
        let said: Vec<Said> = diagnosis.findings.iter().map(Said::from).collect();
        Self::by(fault, failed, &said, diagnosis.unexplained.len())
    }

    fn by(fault: &Fault, failed: Vec<String>, said: &[Said], unexplained: usize) -> Self {
        let names = |said: &Said| fault.is_named_in(&said.text);
        let named = match said.iter().position(names) {
            Some(0) => Named::First,
            Some(_) => Named::Later,
            None if said.is_empty() => Named::Silent,
            None => Named::Not,
        };
        let beside = |inferred: bool| {
            let others = said.iter().filter(move |said| said.inferred == inferred && !names(said));
            others.map(|said| format!("{}: {}", said.rule, said.cause)).collect()
        };
        let first = said.first().map(|said| format!("{}: {}", said.rule, said.cause));
        Self { failed, named, first, untrue: beside(false), inferred: beside(true), unexplained }
    }

    /// Returns `true` if a check failed.
    pub(super) fn is_noticed(&self) -> bool {
        !self.failed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(cause: &str, inferred: bool) -> Said {
        Said { rule: "a-rule".into(), cause: cause.into(), text: cause.into(), inferred }
    }

    fn judged(said: &[Said]) -> Judgement {
        let fault = Fault::of("container/frr1/paused".into(), "frr1", Vec::new());
        Judgement::by(&fault, vec!["containers frr1".into()], said, 0)
    }

    #[test]
    fn the_place_of_the_object_is_found() {
        let (own, other) = (said("container frr1 is paused", false), said("frr2 has no route", false));
        assert_eq!(judged(std::slice::from_ref(&own)).named, Named::First);
        assert_eq!(judged(&[other.clone(), own]).named, Named::Later);
        assert_eq!(judged(&[other]).named, Named::Not);
        assert_eq!(judged(&[]).named, Named::Silent);
    }

    #[test]
    fn what_is_stated_of_something_else_is_untrue_and_what_is_inferred_is_not() {
        let all = [said("frr1 is down", false), said("frr2 is down", false), said("frr3 may be down", true)];
        let judgement = judged(&all);
        assert_eq!(judgement.untrue, ["a-rule: frr2 is down"]);
        assert_eq!(judgement.inferred, ["a-rule: frr3 may be down"]);
        assert!(judgement.is_noticed());
    }
}
