//! The routers' tables that a lab file leads to.

use std::time::{Duration, Instant};

use super::*;

/// Returns a lab's expected tables, one entry a line.
fn lines(lab: &Lab) -> String {
    let line = |entry: TableEntry| {
        let (word, hops) = match &entry.next_hops {
            NextHops::All(hops) => ("all of", hops),
            NextHops::AnyOf(hops) => ("any of", hops),
        };
        let hops: Vec<String> = hops.iter().map(ToString::to_string).collect();
        let from: Vec<String> = entry.learned_from.into_iter().collect();
        format!("{} {} {word} {} from {}\n", entry.router, entry.prefix, hops.join(" "), from.join(" "))
    };
    expected(lab, known_nodes(lab)).tables.into_iter().map(line).collect()
}

/// Golden tables of every lab. A hundred routers alike show no more than two.
#[test]
fn of_every_lab() {
    let is_shown = |line: &&str| !line.starts_with('r') || line.starts_with("r1 ") || line.starts_with("r2 ");
    let of = |lab: Lab| {
        let lines = lines(&lab);
        let shown = lines.lines().filter(is_shown).map(|line| format!("{line}\n"));
        format!("=== {}\n{}", lab.name, shown.collect::<String>())
    };
    let all: String = standalone_labs().into_iter().map(of).collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("tables", all);
    });
}

/// Spines learn a prefix from the leaves of two ASes, and use both.
#[test]
fn spines_have_both_leaves() {
    let text = include_str!("cases/bgp-leaf-spine.toml");
    let lab = tests::read(text, &Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() });
    let lines = lines(&lab.unwrap());
    let of_spines: Vec<&str> = lines.lines().filter(|line| line.starts_with("spine")).collect();
    let both = |spine| format!("{spine} 203.0.113.0/32 all of 10.0.2.11 10.0.2.12 from leaf1 leaf2");
    assert_eq!(of_spines, ["spine1", "spine2"].map(both));
    assert_eq!(lines.lines().filter(|line| line.starts_with("leaf")).count(), 2);
}

/// A hundred routers with sessions to ten nodes. An optimized build takes a tenth of the time that a debug build may take.
#[test]
fn of_a_thousand_sessions_within_a_tenth_of_a_second() {
    let file = tests::all().into_iter().find(|file| file.ends_with("scale.toml")).unwrap();
    let text = std::fs::read_to_string(file).unwrap().replace("workers = 2", "workers = 9");
    let lab = tests::read(&text, &Overrides { routers: Some(100), ..Overrides::default() }).unwrap();
    let start = Instant::now();
    let expected = expected(&lab, known_nodes(&lab));
    let taken = start.elapsed();
    assert_eq!(expected.sessions.iter().filter(|session| session.peer.is_some()).count(), 1000);
    assert_eq!(expected.tables.len(), 2 * 101);
    let limit = if cfg!(debug_assertions) { Duration::from_secs(2) } else { Duration::from_millis(100) };
    assert!(taken < limit, "{taken:?}");
}
