use super::*;

fn events(text: &str) -> Vec<String> {
    let mut reader = Reader::default();
    let told = |(at, what): (Stamp, What)| {
        let seconds = (at - Stamp::from_micros(0)).0 % 60_000_000;
        let list = |hops: &BTreeSet<IpAddr>| hops.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        match what {
            What::Bfd { peer, up, why } => format!("{seconds} bfd {peer} {up} {why}"),
            What::Bgp { peer, up, why } => format!("{seconds} bgp {peer} {up} {why}"),
            What::Table { prefix, hops } => format!("{seconds} table {prefix} {}", list(&hops)),
            other => format!("{other:?}"),
        }
    };
    text.lines().filter_map(|line| reader.take(line)).map(told).collect()
}

/// The logs are those of FRR 8.4.4 and 10.7.1 while a node was paused and resumed.
#[test]
fn both_generations_of_frr_give_the_same_events() {
    assert_eq!(
        events(include_str!("../fixtures/frr-8.4.4-bfdd.log")),
        ["35723395 bfd 10.0.1.3 false control-expired", "37379619 bfd 10.0.1.3 true "]
    );
    assert_eq!(
        events(include_str!("../fixtures/frr-8.4.4-bgpd.log")),
        [
            "35723955 bgp 10.0.1.3 false BGP_Stop",
            "35784120 table 203.0.113.200/32 10.0.1.4",
            "35784260 table fd01::/128 fd00:10:0:1::4",
            "37381381 bgp 10.0.1.3 true Receive_KEEPALIVE_message",
            "38532640 table 203.0.113.200/32 10.0.1.3 10.0.1.4",
            "38532699 table fd01::/128 fd00:10:0:1::3 fd00:10:0:1::4",
        ]
    );
    assert_eq!(
        events(include_str!("../fixtures/frr-10.7.1-bfdd.log")),
        ["11900110 bfd 10.0.1.3 false control-expired", "13583077 bfd 10.0.1.3 true "]
    );
    assert_eq!(
        events(include_str!("../fixtures/frr-10.7.1-bgpd.log")),
        [
            "11831440 table fd01::/128 fd00:10:0:1::3 fd00:10:0:1::4",
            "11900677 bgp 10.0.1.3 false BGP_Stop",
            "11961436 table 203.0.113.200/32 10.0.1.4",
            "11961446 table fd01::/128 fd00:10:0:1::4",
            "13584511 bgp 10.0.1.3 true Receive_KEEPALIVE_message",
            "14737743 table 203.0.113.200/32 10.0.1.3 10.0.1.4",
            "14737775 table fd01::/128 fd00:10:0:1::3 fd00:10:0:1::4",
        ]
    );
}

#[test]
fn a_withdrawn_prefix_has_no_next_hops() {
    for gone in ["Tx route delete VRF 0 203.0.113.200/32", "Tx route delete VRF default (table id 0) 203.0.113.200/32"]
    {
        let line = format!("2026/11/25 08:00:01.000001 BGP: [V15FP-4CPVK] {gone}");
        assert_eq!(events(&line), ["1000001 table 203.0.113.200/32 "]);
    }
}

#[test]
fn other_lines_are_no_events() {
    let lines = "Traceback\n2026/11/25 BGP\n2026/11/25 08:00:01.5 WATCHFRR: bgpd state -> down\n\
                 2026/11/25 08:00:02.1 BFD: [X] state-change: [mhop:yes peer:10.0.1.3] down -> init";
    assert_eq!(events(lines), [""; 0]);
}

#[test]
fn a_time_zone_is_whole_quarters_of_an_hour() {
    let hour = 3_600_000_000;
    let zone = |stamped: i64, changed| zone(Stamp::from_micros(stamped), Stamp::from_micros(changed)).0;
    assert_eq!(zone(10 * hour, 10 * hour + 3_000), 0);
    assert_eq!(zone(10 * hour, 10 * hour - 900), 0, "a file's time is a clock tick behind");
    assert_eq!(zone(12 * hour, 10 * hour + 3_000), -2 * hour);
    assert_eq!(zone(0, 5 * hour + hour / 2 + 10), 5 * hour + hour / 2);
}
