//! The log of FRR 8.4.4 and 10.7.1 while a node was paused and went on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::net::IpAddr;

use frrconf::log::{LogEvent, LogReader, LogTime};

fn events(text: &str) -> Vec<String> {
    let mut reader = LogReader::default();
    let list = |hops: &BTreeSet<IpAddr>| hops.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let one = |(at, event): (LogTime, LogEvent)| {
        let of_minute = at.micros() % 60_000_000;
        match event {
            LogEvent::Bfd { peer, up, why } => format!("{of_minute} bfd {peer} {up} {why}"),
            LogEvent::Bgp { peer, up, why } => format!("{of_minute} bgp {peer} {up} {why}"),
            LogEvent::Route { prefix, next_hops } => format!("{of_minute} route {prefix} {}", list(&next_hops)),
            other => panic!("{other:?}"),
        }
    };
    text.lines().filter_map(|line| reader.take(line)).map(one).collect()
}

#[test]
fn frr_8_logs_a_loss_and_a_recovery() {
    assert_eq!(
        events(include_str!("fixtures/logs/frr-8.4.4-bfdd.log")),
        ["35723395 bfd 10.0.1.3 false control-expired", "37379619 bfd 10.0.1.3 true "]
    );
    assert_eq!(
        events(include_str!("fixtures/logs/frr-8.4.4-bgpd.log")),
        [
            "35723955 bgp 10.0.1.3 false BGP_Stop",
            "35784120 route 203.0.113.200/32 10.0.1.4",
            "35784260 route fd01::/128 fd00:10:0:1::4",
            "37381381 bgp 10.0.1.3 true Receive_KEEPALIVE_message",
            "38532640 route 203.0.113.200/32 10.0.1.3 10.0.1.4",
            "38532699 route fd01::/128 fd00:10:0:1::3 fd00:10:0:1::4",
        ]
    );
}

#[test]
fn frr_10_logs_a_loss_and_a_recovery() {
    assert_eq!(
        events(include_str!("fixtures/logs/frr-10.7.1-bfdd.log")),
        ["11900110 bfd 10.0.1.3 false control-expired", "13583077 bfd 10.0.1.3 true "]
    );
    assert_eq!(
        events(include_str!("fixtures/logs/frr-10.7.1-bgpd.log")),
        [
            "11831440 route fd01::/128 fd00:10:0:1::3 fd00:10:0:1::4",
            "11900677 bgp 10.0.1.3 false BGP_Stop",
            "11961436 route 203.0.113.200/32 10.0.1.4",
            "11961446 route fd01::/128 fd00:10:0:1::4",
            "13584511 bgp 10.0.1.3 true Receive_KEEPALIVE_message",
            "14737743 route 203.0.113.200/32 10.0.1.3 10.0.1.4",
            "14737775 route fd01::/128 fd00:10:0:1::3 fd00:10:0:1::4",
        ]
    );
}

#[test]
fn a_withdrawn_route_has_no_next_hops() {
    for withdrawn in
        ["Tx route delete VRF 0 203.0.113.200/32", "Tx route delete VRF default (table id 0) 203.0.113.200/32"]
    {
        let line = format!("2026/11/25 08:00:01.000001 BGP: [V15FP-4CPVK] {withdrawn}");
        assert_eq!(events(&line), ["1000001 route 203.0.113.200/32 "]);
    }
}

#[test]
fn other_lines_are_no_events() {
    let lines = "Traceback\n2026/11/25 BGP\n2026/11/25 08:00:01.5 WATCHFRR: bgpd state -> down\n\
                 2026/11/25 08:00:02.1 BFD: [X] state-change: [mhop:yes peer:10.0.1.3] down -> init";
    assert_eq!(events(lines), [""; 0]);
}
