//! Random fabrics on real FRR: every router's BGP table is the predicted one.
//!
//! The same few seeds in every run, so that a failure is of what was changed; `METALLB_LAB_TEST_SEED` sets another first
//! seed, `METALLB_LAB_TEST_FABRICS` another number of them, to find what is not predicted yet.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail the test, and seeds are printed"
)]

mod fabric;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use bgplab::labfile::compose;
use bgplab::labfile::{Lab, LabFile, Name, Overrides, ProviderName, Role};
use serde_json::Value;
use settle::{Verdict, Wait};
use support::{NEW_FRR, OLD_FRR, TestLab, docker};

const PREFIX: &str = "xfb";
/// The first seed: the one after the next has next hops of both kinds, on a connected network and behind a router.
const SEED: u64 = 1000;

type Tables = BTreeMap<(String, String), BTreeSet<IpAddr>>;

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn random_fabrics_are_predicted() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let first = number("METALLB_LAB_TEST_SEED").unwrap_or(SEED);
    let differing: Vec<String> =
        (first..first + number("METALLB_LAB_TEST_FABRICS").unwrap_or(3)).filter_map(differs).collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// Fabrics are labs, and most have routers that are no peers of nodes and yet know the prefixes.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn every_seed_is_a_lab_whose_tables_are_known() {
    let learned_from_routers = |seed: &u64| {
        let lab = read(&fabric::text(*seed, PREFIX));
        let tables = compose::expected(&lab, &lab.cluster.placement).tables;
        let is_peer = |name: &Name| lab.peers.iter().any(|peer| peer.router == *name);
        tables.iter().any(|entry| !is_peer(&entry.router))
    };
    assert!((0..100).filter(learned_from_routers).count() > 30);
}

fn read(text: &str) -> Lab {
    let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
    let file = LabFile { name: "lab.toml", text, folder: "/".into() };
    Lab::read(file, &overrides).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Returns how the tables of a seed's fabric differ from the prediction.
fn differs(seed: u64) -> Option<String> {
    let text = fabric::text(seed, PREFIX);
    let mut lab = TestLab::from_text(PREFIX, &text);
    lab.image = if seed.is_multiple_of(2) { OLD_FRR } else { NEW_FRR };
    let model = read(&text);
    println!("seed {seed}: {} routers, {} links, {}", model.routers.len(), model.links.len(), lab.image);
    let up = lab.run(&["lab-up"]);
    if up.code != Some(0) {
        return Some(format!("seed {seed}: lab-up: {up:?}"));
    }
    let wait = Wait::new("the predicted tables", Duration::from_secs(15));
    let look = async || {
        let problems = problems(&model, &tables(&model));
        if problems.is_empty() { Verdict::Ready(()) } else { Verdict::<(), String>::NotYet(problems.join("\n")) }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let same = runtime.block_on(wait.poll(look));
    same.err().map(|error| format!("seed {seed}: {error}"))
}

/// Compares the tables with the prediction: what has no entry is not in the table.
fn problems(lab: &Lab, seen: &Tables) -> Vec<String> {
    let mut seen = seen.clone();
    let mut problems = Vec::new();
    for entry in compose::expected(lab, &lab.cluster.placement).tables {
        let hops = seen.remove(&(entry.router.to_string(), entry.prefix.to_string())).unwrap_or_default();
        if !entry.next_hops.are(&hops) {
            problems.push(format!("{} {}: {hops:?}, not {:?}", entry.router, entry.prefix, entry.next_hops));
        }
    }
    problems.extend(seen.into_iter().map(|entry| format!("{entry:?} is not predicted")));
    problems
}

/// Reads the next hops that every speaking router uses for each prefix.
fn tables(lab: &Lab) -> Tables {
    let mut tables = Tables::new();
    for router in lab.routers.iter().filter(|router| matches!(router.role, Role::Speaker(_))) {
        for family in ["ipv4", "ipv6"] {
            let command = format!("show bgp {family} unicast json");
            let text = docker(&["exec", router.name.as_str(), "vtysh", "-c", &command]);
            let table: Value = serde_json::from_str(&text).unwrap_or_default();
            for (prefix, paths) in table["routes"].as_object().into_iter().flatten() {
                let is_used = |path: &&Value| path["bestpath"] == true || path["multipath"] == true;
                let hops = paths.as_array().into_iter().flatten().filter(is_used).flat_map(|path| {
                    let hops = path["nexthops"].as_array().cloned().unwrap_or_default();
                    hops.into_iter().filter(|hop| hop["scope"] != "link-local")
                });
                let hops: BTreeSet<IpAddr> =
                    hops.filter_map(|hop| hop["ip"].as_str().and_then(|ip| ip.parse().ok())).collect();
                if !hops.is_empty() {
                    tables.insert((router.name.to_string(), prefix.clone()), hops);
                }
            }
        }
    }
    tables
}
