//! Every variant of the lab that is kept, up, verified and without a finding with both FRR releases, under names and ranges
//! of its own.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use support::ranges::octet;
use support::{NEW_FRR, OLD_FRR, TestLab};

/// The variant with names that start with `prefix`, ranges of its own and nodes in containers.
fn own(file: &str, prefix: &str) -> String {
    let octet = octet(prefix);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../labs").join(file);
    let mut text =
        std::fs::read_to_string(path).unwrap().replacen("provider = \"kind\"", "provider = \"standalone\"", 1);
    const DOCUMENTED: [&str; 7] = ["kind", "kind2", "frr1", "frr2", "next-hop-router", "gateway1", "gateway2"];
    const FABRIC: [&str; 8] = ["rack", "rack-worker", "rack-worker2", "fabric", "leaf1", "leaf2", "spine1", "spine2"];
    const CHAIN: [&str; 6] = ["nodes", "between", "far", "edge", "core", "outside"];
    for name in DOCUMENTED.iter().chain(&FABRIC).chain(&CHAIN) {
        text = text.replace(&format!("\"{name}\""), &format!("\"{prefix}-{name}\""));
        text = text.replace(&format!(" {name} = ["), &format!(" {prefix}-{name} = ["));
    }
    let text = text.replace("10.0.", &format!("10.{octet}.")).replace("fd00:10:0:", &format!("fd00:{octet}:0:"));
    text.replacen("name = \"", &format!("name = \"{prefix}-"), 1)
}

fn up_and_verified(file: &str, prefix: &'static str) {
    text_up_and_verified(prefix, &own(file, prefix));
}

fn text_up_and_verified(prefix: &'static str, text: &str) {
    for image in [OLD_FRR, NEW_FRR] {
        let mut lab = TestLab::from_text(prefix, text);
        lab.image = image;
        lab.up();
        lab.verified();
        // Every line that runs is one of the file's, in whatever words the release prints it.
        assert_eq!(lab.json(&["diagnose"])["findings"], serde_json::json!([]));
        as_explained(&lab);
    }
}

/// Every route in every table is predicted with its attributes, and chosen or not as predicted.
fn as_explained(lab: &TestLab) {
    let status = lab.json(&["status"]);
    let routes = status["routes"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap());
    let prefixes: BTreeSet<&str> = routes.filter_map(|name| name.split(' ').next_back()).collect();
    assert!(!prefixes.is_empty(), "{status}");
    for prefix in prefixes {
        let run = lab.run(&["explain", prefix]);
        assert_eq!(run.code, Some(0), "{}", run.stdout);
    }
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn routers_on_the_nodes_network() {
    up_and_verified("same-network.toml", "xvs");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn ebgp_multihop_with_passwords() {
    up_and_verified("ebgp-password.toml", "xve");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn sessions_over_ipv6() {
    up_and_verified("ipv6-sessions.toml", "xvi");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn the_router_between_as_speaker() {
    up_and_verified("next-hop-router-speaker.toml", "xvn");
}

/// Two leaves and two spines, each leaf an AS of its own.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_fabric_of_several_as() {
    up_and_verified("leaf-spine.toml", "xvl");
}

/// Two equal routers between the networks.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn two_gateways() {
    up_and_verified("gateways.toml", "xvg");
}

/// Two routers between the nodes and the router that they have sessions with.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn two_hops() {
    let text = own("two-hops.toml", "xvt").replace("10.82.", "10.110.").replace("fd00:10:82:", "fd00:110:82:");
    text_up_and_verified("xvt", &text);
}

/// No container has an IPv4 address, not even one that the engine gave it.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn ipv6_alone() {
    up_and_verified("ipv6-only.toml", "xv6");
}

/// A network of each family, and nodes of both between them.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_network_of_each_family() {
    let text = own("families.toml", "xvf").replace("10.83.", "10.113.").replace("fd00:10:83:", "fd00:113:83:");
    let text = ["old", "new", "four", "six", "edge4", "edge6"].iter().fold(text, |text, name| {
        let text = text.replace(&format!("\"{name}\""), &format!("\"xvf-{name}\""));
        text.replace(&format!(" {name} = ["), &format!(" xvf-{name} = ["))
    });
    text_up_and_verified("xvf", &text.replace("\"families\"", "\"xvf-families\""));
}

/// Nodes have sessions with the router of their rack only, and one of them announces nothing.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn two_racks() {
    let text = own("racks.toml", "xvr").replace("10.80.1.", "10.106.1.").replace("fd00:10:80:", "fd00:106:80:");
    let text = text.replace("\"racks", "\"xvr-racks").replace(" racks = [", " xvr-racks = [");
    // A label of the nodes has the name of another lab's network.
    let text = text.replace("\"xvr-rack\"", "\"rack\"");
    text_up_and_verified("xvr", &text.replace("\"tor-", "\"xvr-tor-"));
}

/// Services of several pools, two at one address, and one that a single node announces.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn several_services() {
    let text = own("services.toml", "xvp").replace("\"kind-worker2\"", "\"xvp-kind-worker2\"");
    text_up_and_verified("xvp", &text);
}

/// A lab file that says nothing of families, with an advertisement for one peer of two.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn one_family_to_one_peer() {
    let text = own("documented.toml", "xvo");
    let text = text.replace("dual-stack = true", "").replace("# peers = [", "peers = [");
    text_up_and_verified("xvo", &text);
}
