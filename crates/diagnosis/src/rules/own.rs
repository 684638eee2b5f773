//! Checks of the lab file's own that contradict the rest of the file.

use labfile::Claim;

use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;

pub(super) const RULES: &[Rule] = &[Rule::inference("own-check", Layer::Service, contradicts)];

/// Finds checks that fail while everything that follows from the rest of the file is so: then they are what is wrong.
fn contradicts(e: &Evidence, open: &[Check]) -> Vec<Found> {
    if e.failed.iter().any(|check| check.topic != Topic::Own) {
        return Vec::new();
    }
    let found = |check: &Check| {
        let Subject::Own(name) = &check.subject else { return None };
        let own = e.expected.own.iter().find(|own| own.name.as_str() == name);
        let explain = match own.map(|own| &own.claim) {
            Some(Claim::Prefix { at, prefix, .. } | Claim::Absent { at, prefix }) => {
                format!("; ⌘ explain {prefix} --at {at} says why it is so")
            }
            _ => String::new(),
        };
        Some(
            Found::new(
                format!("check `{name}` claims what the rest of the lab file does not give: every other check passes"),
                [Break::Check(Topic::Own, check.subject.clone())],
            )
            .seen(check.seen.clone())
            .remedy(format!("correct the check in the lab file, or what it is about{explain}")),
        )
    };
    open.iter().filter_map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conclude::Diagnosis;
    use crate::evidence::tests::healthy;

    fn own() -> Check {
        Check::failed(Topic::Own, Subject::Own("mine".to_owned()), "next hops 10.0.1.3, expected 10.0.1.4")
    }

    #[test]
    fn a_check_that_fails_alone_is_wrong_itself() {
        let e = Evidence { failed: vec![own()], ..healthy() };
        let found = Diagnosis::of(&e).findings;
        assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["own-check"]);
        assert!(found[0].cause.to_string().contains("check `mine` claims what the rest"), "{found:?}");
    }

    #[test]
    fn beside_others_it_may_be_right() {
        let other = Check::failed(Topic::Reach, Subject::Own("x".to_owned()), "no answer");
        let e = Evidence { failed: vec![own(), other], ..healthy() };
        assert!(Diagnosis::of(&e).findings.iter().all(|finding| finding.rule != "own-check"));
    }
}
