//! Every variant of the lab that is kept, up and verified with both FRR releases, under names and ranges of its own.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod support;

use std::path::Path;

use support::{NEW_FRR, OLD_FRR, TestLab};

/// The variant with names that start with `prefix`, ranges below `10.OCTET` and nodes in containers.
fn own(file: &str, prefix: &str, octet: u8) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../labs").join(file);
    let mut text =
        std::fs::read_to_string(path).unwrap().replacen("provider = \"kind\"", "provider = \"standalone\"", 1);
    for name in ["kind", "kind2", "frr1", "frr2", "next-hop-router"] {
        text = text.replace(&format!("\"{name}\""), &format!("\"{prefix}-{name}\""));
        text = text.replace(&format!(" {name} = ["), &format!(" {prefix}-{name} = ["));
    }
    let text = text.replace("10.0.1.", &format!("10.{octet}.1.")).replace("10.0.2.", &format!("10.{octet}.2."));
    let text = text.replace("fd00:10:0:", &format!("fd00:{octet}:0:"));
    text.replacen("name = \"", &format!("name = \"{prefix}-"), 1)
}

fn up_and_verified(file: &str, prefix: &'static str, octet: u8) {
    text_up_and_verified(prefix, &own(file, prefix, octet));
}

fn text_up_and_verified(prefix: &'static str, text: &str) {
    for image in [OLD_FRR, NEW_FRR] {
        let mut lab = TestLab::from_text(prefix, text);
        lab.image = image;
        lab.up();
        lab.verified();
    }
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn routers_on_the_nodes_network() {
    up_and_verified("same-network.toml", "xvs", 101);
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn ebgp_multihop_with_passwords() {
    up_and_verified("ebgp-password.toml", "xve", 102);
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn sessions_over_ipv6() {
    up_and_verified("ipv6-sessions.toml", "xvi", 103);
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn the_router_between_as_speaker() {
    up_and_verified("next-hop-router-speaker.toml", "xvn", 104);
}

/// A lab file that says nothing of families, with an advertisement for one peer of two.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn one_family_to_one_peer() {
    let text = own("documented.toml", "xvo", 105);
    let text = text.replace("dual-stack = true", "").replace("# peers = [", "peers = [");
    text_up_and_verified("xvo", &text);
}
