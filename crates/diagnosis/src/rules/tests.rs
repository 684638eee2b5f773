//! Shared by the rules' tests: one thing broken, and the words that must come out.

use rstest::rstest;

use crate::check::Topic;
use crate::conclude::Diagnosis;
use crate::evidence::Evidence;
use crate::evidence::tests::{answer, fail, healthy, healthy_of, of as healthy_as, prefix, way};
use crate::subject::Subject;

use labfile::compose::NextHops;
use labfile::{DOCUMENTED, Lab, LabFile, Overrides, ProviderName};

/// The documented lab with one thing broken.
pub(crate) fn broken(change: impl FnOnce(&mut Evidence)) -> Evidence {
    let mut evidence = healthy();
    change(&mut evidence);
    evidence
}

/// Another lab with one thing broken.
pub(crate) fn broken_in(file: &str, change: impl FnOnce(&mut Evidence)) -> Evidence {
    let mut evidence = healthy_of(file);
    change(&mut evidence);
    evidence
}

/// The rule finds it, no other rule finds anything, and all of these words are said.
#[track_caller]
pub(crate) fn only(evidence: &Evidence, rule: &str, words: &[&str]) {
    let diagnosis = Diagnosis::of(evidence);
    let rules: Vec<&str> = diagnosis.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, [rule], "{}", diagnosis.text("⌘"));
    let text = diagnosis.text("⌘");
    for word in words {
        assert!(text.contains(word), "{word:?} is not said: {text}");
    }
}

#[test]
fn a_healthy_lab_yields_nothing() {
    for file in [
        "documented.toml",
        "ebgp-password.toml",
        "ipv6-sessions.toml",
        "next-hop-router-speaker.toml",
        "same-network.toml",
    ] {
        let diagnosis = Diagnosis::of(&healthy_of(file));
        assert_eq!(diagnosis.text("⌘"), "nothing wrong found\n", "{file}");
    }
}

#[rstest]
#[case::one_family("dual-stack = true", "")]
#[case::one_peer("# peers = [", "peers = [")]
#[case::kept_by_the_receiver("# communities = [\"64500:100\"]", "communities = [\"65535:65282\"]")]
fn so_does_a_lab_that_tells_less(#[case] old: &str, #[case] new: &str) {
    let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
    let text = DOCUMENTED.replace(old, new);
    let file = LabFile { name: "lab.toml", text: &text, folder: "/folder".into() };
    let lab = Lab::read(file, &overrides).unwrap();
    assert_eq!(Diagnosis::of(&healthy_as(lab)).text("⌘"), "nothing wrong found\n");
}

#[test]
fn what_lies_further_out_explains_what_lies_deeper() {
    let e = broken(|e| {
        e.docker.as_mut().unwrap().containers.retain(|c| c.name != "next-hop-router");
        e.inside.remove("next-hop-router");
        e.frr.remove("next-hop-router");
        fail(e, Topic::Containers, Subject::Container("next-hop-router".into()));
        fail(e, Topic::Forwarding, way("kind-worker", "frr1", "10.0.2.3"));
        fail(e, Topic::Bgp, Subject::session("frr1", "kind-worker"));
        fail(e, Topic::Bfd, Subject::session("kind-worker2", "frr2"));
        fail(e, Topic::Table, prefix("frr1", "203.0.113.200/32"));
        fail(e, Topic::Reach, answer("frr2", "fd01::"));
    });
    let diagnosis = Diagnosis::of(&e);
    assert_eq!(diagnosis.findings.len(), 1, "{}", diagnosis.text("⌘"));
    assert_eq!((diagnosis.findings[0].explains.len(), diagnosis.unexplained.len()), (6, 0), "{}", diagnosis.text("⌘"));
}

/// Without its link, the router resolves by what is left; that is no cause of its own.
#[test]
fn what_is_resolved_without_a_link_follows_from_its_loss() {
    let e = broken(|e| {
        let state = e.docker.as_mut().unwrap().containers.iter_mut().find(|c| c.name == "next-hop-router").unwrap();
        state.endpoints.remove("kind");
        e.inside.get_mut("next-hop-router").unwrap().links.retain(|link| link.name != "eth0");
        let frr = e.frr.get_mut("next-hop-router").unwrap();
        for table in frr.routes.values_mut() {
            table
                .routes
                .retain(|prefix, _| !["10.0.1.0/24", "fd00:10:0:1::/64"].contains(&prefix.to_string().as_str()));
        }
        fail(e, Topic::Table, prefix("next-hop-router", "203.0.113.200/32"));
    });
    only(&e, "not-on-network", &["therefore", "packets leave the lab"]);
}

/// Two reflectors that are each other's clients: what one has depends on what the other has.
#[test]
fn a_circle_of_reflectors_is_followed_once() {
    let e = broken(|e| {
        let link = e.lab.links.iter().find(|link| link.to.router.as_str() == "frr1").unwrap().clone();
        e.lab.links.push(labfile::Link { from: link.to.clone(), to: link.from.clone(), ..link });
        for entry in e.expected.tables.iter_mut().filter(|entry| entry.router.as_str() == "frr1") {
            let NextHops::All(hops) = &entry.next_hops else { continue };
            entry.next_hops = NextHops::AnyOf(hops.clone());
        }
        fail(e, Topic::Table, prefix("frr1", "203.0.113.200/32"));
    });
    assert_eq!(Diagnosis::of(&e).unexplained.len(), 1);
}

#[test]
fn what_no_cause_explains_is_said() {
    let diagnosis = Diagnosis::of(&broken(|e| fail(e, Topic::Forwarding, way("frr1", "kind-worker", "10.0.1.3"))));
    assert!(!diagnosis.is_healthy());
    assert!(diagnosis.text("⌘").contains("no cause found for 1 failed check"), "{}", diagnosis.text("⌘"));
}

/// Names are what tests, documents and other programs go by.
#[test]
fn every_rule_has_a_name_of_its_own() {
    let mut names: Vec<&str> = super::all().iter().map(|rule| rule.id).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}
