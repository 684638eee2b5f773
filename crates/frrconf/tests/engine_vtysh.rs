//! Every rendered file is taken by the real FRR, old and new; known-bad ones are refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fmt::Write as _;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rstest::rstest;
use support::docker::{Container, images};
use support::wait::Look;

/// Checks all files with each image at once: one container an image, one command for all files.
fn refused(files: &[(String, String)]) -> Vec<(String, String)> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let mut refused = Vec::new();
    for (image, release) in images() {
        let container = Container::idle(&format!("frrconf-vtysh-{release}"), &image);
        container.copy(dir.path(), "/tmp");
        let (answer, _) = container.shell(
            "cd /tmp; for f in *.conf; do
                said=$(vtysh -C -f $f 2>&1) && [ -z \"$said\" ] || echo \"$f: $said\" | tr '\\n' ' '; echo
            done",
        );
        let lines = answer.lines().filter(|line| !line.is_empty());
        refused.extend(lines.map(|line| (release.clone(), line.to_owned())));
    }
    refused
}

/// The documented instances, their variants, and fifty arbitrary ones, the same in every run.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn every_rendered_file_is_taken() {
    let mut runner = TestRunner::deterministic();
    let mut any = |index| {
        let instance = support::any::any_instance().new_tree(&mut runner).unwrap().current();
        (format!("any-{index}"), instance)
    };
    let thought_of = support::all().into_iter().map(|(name, instance)| (name.to_owned(), instance));
    let instances: Vec<_> = thought_of.chain((0..50).map(&mut any)).collect();
    let files: Vec<_> = instances
        .into_iter()
        .map(|(name, instance)| (format!("{name}.conf"), support::files(instance).frr_conf))
        .collect();
    let refused = refused(&files);
    assert!(refused.is_empty(), "{refused:#?}");
}

/// The check can fail: FRR refuses files that the model cannot express.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn known_bad_files_are_refused() {
    let bad = [
        ("unknown-command", "router bgp 64500\n neighbor 10.0.0.2 remote-as 64500\n neighbor 10.0.0.2 bgp-unknown\n"),
        ("as-zero", "router bgp 0\n"),
        ("host-name", "router bgp 64500\n neighbor frr1.example:4 remote-as 64500\n neighbor 10.0.0.2 timers 3\n"),
        ("interval", "bfd\n profile p\n  receive-interval 9\n"),
        ("multiplier", "bfd\n profile p\n  detect-multiplier 256\n"),
        ("minimum-ttl", "bfd\n profile p\n  minimum-ttl 255\n"),
        ("prefix", "ip prefix-list a seq 5 permit 10.0.0.0/33\n"),
        ("set", "route-map a permit 10\n set local-preference much more\n"),
        ("hops", "router bgp 64500\n neighbor 10.0.0.2 remote-as 1\n neighbor 10.0.0.2 ebgp-multihop 256\n"),
        ("router-id", "router bgp 64500\n bgp router-id fd00::1\n"),
    ];
    let files = bad.map(|(name, text)| (format!("{name}.conf"), format!("{text}end\n")));
    let refused = refused(&files);
    let mut accepted = String::new();
    for (_, release) in images() {
        for (name, _) in &files {
            if !refused.iter().any(|(of, line)| *of == release && line.starts_with(name.as_str())) {
                writeln!(accepted, "FRR {release} takes {name}").unwrap();
            }
        }
    }
    assert!(accepted.is_empty(), "{accepted}");
}

/// `vtysh -C` only checks the words; here the daemons run them: every rendered line is in the running configuration.
#[rstest]
#[case::everything("all", support::everything::everything())]
#[case::router("router", support::documented::router("frr1", "10.0.2.3"))]
#[case::ebgp_speaker("ebgp", support::variants::ebgp_speaker().instance().unwrap())]
#[case::properties("properties", support::variants::properties().instance().unwrap())]
#[ignore = "engine tier: cargo xtask test"]
#[tokio::test]
async fn every_line_is_in_the_running_configuration(#[case] case: &str, #[case] instance: frrconf::model::Instance) {
    let files = support::files(instance);
    for (image, release) in images() {
        let name = format!("frrconf-running-{release}-{case}");
        let container = Container::frr(&name, &image, "--network none", &files);
        container.start();
        support::wait::for_(&format!("FRR {release} runs every line"), async || {
            let running = container.vtysh("show running-config");
            let missing = support::running::missing(&files.frr_conf, &running);
            support::wait::all_of(missing)
        })
        .await;
    }
}

/// This check can fail as well: a multihop BFD peer without local address is words to vtysh, and nothing to bfdd.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_multihop_peer_without_local_address_is_not_run() {
    let mut files = support::files(support::documented::bfd_only("frr1", "10.0.2.3", &["10.0.1.3"], &[]));
    files.frr_conf = files.frr_conf.replace("!\nend", "bfd\n peer 10.0.1.9 multihop\n exit\nexit\n!\nend");
    for (image, release) in images() {
        let container = Container::frr(&format!("frrconf-bad-{release}"), &image, "--network none", &files);
        container.start();
        support::wait::for_(&format!("FRR {release} runs the other peer only"), async || {
            let missing = support::running::missing(&files.frr_conf, &container.vtysh("show running-config"));
            let is_missing = |peer| missing.iter().any(|line| line.contains(peer));
            match (is_missing("10.0.1.9 multihop"), is_missing("10.0.1.3 multihop")) {
                (true, false) => Look::Ready(()),
                _ => Look::NotYet(missing.join("; ")),
            }
        })
        .await;
    }
}
