//! From evidence to a diagnosis: rules are asked, what follows from something else is put under it, the rest is ordered.

use serde::Serialize;

use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Finding, Layer};
use crate::needs::Needs;
use crate::rule::{Rule, Sure};
use crate::rules;

/// The causes that were found, and the failed checks that none of them explains.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The causes, most probable first.
    pub findings: Vec<Finding>,
    /// Failed checks that no cause explains.
    pub unexplained: Vec<String>,
    /// Causes that a first look inferred, and a second one did not confirm.
    pub unconfirmed: Vec<String>,
    /// The number of failed checks.
    pub failed: usize,
    /// Everything that could not be looked at, where no lab file says what there is.
    pub unseen: Vec<String>,
    /// `true` if no lab file describes what was looked at.
    #[serde(skip)]
    pub(crate) without_lab: bool,
}

impl Diagnosis {
    /// Asks every rule.
    pub fn of(evidence: &Evidence) -> Self {
        Self::by(&rules::of(evidence), evidence, |_| true)
    }

    /// Returns `true` if a cause was inferred, and not seen itself: it counts once a second look confirms it.
    pub fn infers(&self) -> bool {
        self.findings.iter().any(|finding| finding.inferred)
    }

    /// Asks every rule about a second look at a lab, of which this is the diagnosis of the first: a cause is inferred only
    /// if both looks infer it. Something that passed meanwhile has no cause any more.
    #[must_use]
    pub fn again(&self, evidence: &Evidence) -> Self {
        let inferred = || self.findings.iter().filter(|finding| finding.inferred);
        let same = |a: &Finding, b: &Finding| (a.rule, &a.breaks) == (b.rule, &b.breaks);
        let mut second =
            Self::by(&rules::of(evidence), evidence, |finding| inferred().any(|first| same(first, finding)));
        let gone = inferred().filter(|first| !second.findings.iter().any(|finding| same(first, finding)));
        second.unconfirmed = gone.map(|finding| finding.cause.clone()).collect();
        second
    }

    /// The same with what could not be looked at.
    #[must_use]
    pub fn with_unseen(self, unseen: Vec<String>) -> Self {
        Self { unseen, ..self }
    }

    /// Asks rules; what is inferred counts if `holds` says so.
    fn by(rules: &[Rule], evidence: &Evidence, holds: impl Fn(&Finding) -> bool) -> Self {
        let needs: Vec<(&Check, Needs)> =
            evidence.failed.iter().map(|check| (check, Needs::of_check(check, evidence))).collect();
        let mut findings: Vec<Finding> = Vec::new();
        for rule in rules.iter().filter(|rule| rule.sure == Sure::Proof) {
            findings.extend(rule.findings(evidence, &[]));
        }
        findings.extend(rules::lines::rest(evidence, &findings));
        findings = without_consequences(findings, evidence);
        for rule in rules.iter().filter(|rule| rule.sure == Sure::Inference) {
            let open: Vec<Check> = needs
                .iter()
                .filter(|(_, needs)| !findings.iter().any(|finding| explains(finding, needs)))
                .map(|(check, _)| (*check).clone())
                .collect();
            if open.is_empty() {
                break;
            }
            findings.extend(rule.findings(evidence, &open).into_iter().filter(|finding| holds(finding)));
        }
        let without_lab = evidence.without_lab.is_some();
        for finding in &mut findings {
            if without_lab {
                rules::remedies::without_lab(finding);
            }
            let explained = needs.iter().filter(|(_, needs)| explains(finding, needs));
            finding.explains = explained.map(|(check, _)| format!("{} {}", check.topic, check.subject)).collect();
        }
        // What was seen comes before what is inferred, and what breaks nothing that is looked at comes last.
        findings.sort_by_key(|finding| (finding.explains.is_empty(), finding.inferred, finding.layer));
        let open = needs.iter().filter(|(_, needs)| !findings.iter().any(|finding| explains(finding, needs)));
        let unexplained = open.map(|(check, _)| check.to_string()).collect();
        let failed = evidence.failed.len();
        Self { findings, unexplained, failed, without_lab, ..Self::default() }
    }

    /// Returns `true` if nothing is wrong.
    pub fn is_healthy(&self) -> bool {
        self.findings.is_empty() && self.failed == 0
    }
}

fn explains(finding: &Finding, needs: &Needs) -> bool {
    finding.layer != Layer::Difference && finding.breaks.iter().any(|by| needs.broken_by(by))
}

/// Takes out each finding all of whose breaks follow from one that lies further out, and notes it there.
fn without_consequences(mut findings: Vec<Finding>, evidence: &Evidence) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.layer);
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let needs: Vec<Needs> = finding.breaks.iter().map(|own| Needs::of_break(own, evidence)).collect();
        let follows = |outer: &&mut Finding| {
            outer.layer < finding.layer
                && !needs.is_empty()
                && needs.iter().all(|needs| outer.breaks.iter().any(|by| needs.broken_by(by)))
        };
        match kept.iter_mut().find(follows) {
            Some(outer) => outer.follows.push(finding.cause),
            None => kept.push(finding),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Topic;
    use crate::evidence::tests::{fail, prefix};
    use crate::rules::tests::broken;

    /// A router that lacks a path which its neighbor announces over a session that is up.
    fn without_a_path() -> Evidence {
        broken(|e| {
            let table = e.frr.get_mut("frr1").unwrap().bgp.get_mut(&labfile::Family::Ipv4).unwrap();
            table.routes.get_mut(&"203.0.113.200/32".parse().unwrap()).unwrap().remove(0);
            fail(e, Topic::Table, prefix("frr1", "203.0.113.200/32"));
        })
    }

    #[test]
    fn what_is_inferred_counts_if_a_second_look_infers_it_too() {
        let first = Diagnosis::of(&without_a_path());
        assert!(first.infers());
        assert_eq!(first.again(&without_a_path()), first);
        let passed = first.again(&broken(|_| {}));
        assert!(passed.is_healthy());
        assert_eq!(passed.unconfirmed, [first.findings[0].cause.clone()]);
        let text = passed.text("⌘");
        assert!(text.starts_with("nothing wrong found\n") && text.contains("frr1 did not take it"), "{text}");
    }

    #[test]
    fn what_only_the_second_look_infers_is_no_cause_yet() {
        let second = Diagnosis::of(&broken(|_| {})).again(&without_a_path());
        assert_eq!((second.findings.len(), second.unexplained.len(), second.unconfirmed.len()), (0, 1, 0));
    }
}
