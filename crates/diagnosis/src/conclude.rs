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
    /// The number of failed checks.
    pub failed: usize,
}

impl Diagnosis {
    /// Asks every rule.
    pub fn of(evidence: &Evidence) -> Self {
        Self::by(&rules::all(), evidence)
    }

    fn by(rules: &[Rule], evidence: &Evidence) -> Self {
        let needs: Vec<(&Check, Needs)> =
            evidence.failed.iter().map(|check| (check, Needs::of_check(check, evidence))).collect();
        let mut findings: Vec<Finding> = Vec::new();
        for rule in rules.iter().filter(|rule| rule.sure == Sure::Proof) {
            findings.extend(rule.findings(evidence, &[]));
        }
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
            findings.extend(rule.findings(evidence, &open));
        }
        for finding in &mut findings {
            let explained = needs.iter().filter(|(_, needs)| explains(finding, needs));
            finding.explains = explained.map(|(check, _)| format!("{} {}", check.topic, check.subject)).collect();
        }
        // What was seen comes before what is inferred, and what breaks nothing that is looked at comes last.
        findings.sort_by_key(|finding| (finding.explains.is_empty(), finding.inferred, finding.layer));
        let open = needs.iter().filter(|(_, needs)| !findings.iter().any(|finding| explains(finding, needs)));
        let unexplained = open.map(|(check, _)| check.to_string()).collect();
        Self { findings, unexplained, failed: evidence.failed.len() }
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
