use std::time::Duration;

use super::super::super::predict::Bfd;
use super::*;

const NODE: &str = "10.0.1.3";

/// A moment so many milliseconds after the break.
fn ms(millis: i64) -> Stamp {
    Stamp::from_micros(1_000_000 + millis * 1_000)
}

fn event(at: i64, place: &str, what: What) -> Event {
    Event { at: ms(at), place: place.to_owned(), what }
}

fn hops(hops: &[&str]) -> BTreeSet<IpAddr> {
    hops.iter().map(|hop| hop.parse().unwrap()).collect()
}

fn prefix() -> IpNet {
    "203.0.113.200/32".parse().unwrap()
}

fn table(at: i64, place: &str, of: &[&str]) -> Event {
    event(at, place, What::Logged(LogEvent::Route { prefix: prefix(), next_hops: hops(of) }))
}

fn kernel(at: i64, place: &str, of: &[&str]) -> Event {
    event(at, place, What::Kernel { prefix: prefix(), hops: hops(of) })
}

fn bfd(at: i64, up: bool) -> Event {
    event(
        at,
        "frr1",
        What::Logged(LogEvent::Bfd { peer: NODE.parse().unwrap(), up, why: "control-expired".to_owned() }),
    )
}

fn bgp(at: i64, up: bool) -> Event {
    event(at, "frr1", What::Logged(LogEvent::Bgp { peer: NODE.parse().unwrap(), up, why: "BGP_Stop".to_owned() }))
}

fn vantage_points() -> Vec<Timed> {
    let vantage = |place: &str, sessions| VantagePoint {
        place: place.to_owned(),
        sessions,
        prefixes: vec![(Family::Ipv4, prefix())],
        daemons: Vec::new(),
    };
    let peer = NODE.parse().unwrap();
    let timers = Timers {
        bfd: Some(Bfd { multiplier: 3, interval_ms: 300 }),
        hold: Some((Duration::from_secs(90), Duration::from_secs(30))),
    };
    vec![
        (vantage("frr1", vec![Session { peer, families: vec![Family::Ipv4] }]), vec![(peer, timers)]),
        (vantage("next-hop-router", Vec::new()), Vec::new()),
    ]
}

fn target(kind: Kind) -> Target {
    let addresses = vec![NODE.parse().unwrap()];
    Target {
        name: "kind-worker".to_owned(),
        kind,
        places: vec!["kind-worker".to_owned()],
        addresses,
        only_endpoint: false,
    }
}

/// The row of a router that has two sessions with the node: BFD watches one of them, and the other has its hold time.
fn seen_of_two(events: &[Event]) -> Row {
    let (mut vantage, mut timers) = vantage_points().remove(0);
    let peer = "fd00::3".parse().unwrap();
    vantage.sessions.push(Session { peer, families: vec![Family::Ipv4] });
    timers.push((peer, Timers { bfd: None, hold: Some((Duration::from_secs(3), Duration::from_secs(1))) }));
    seen_by(&[(vantage, timers)], &target(Kind::Node), &[], events, false).remove(0)
}

fn seen(events: &[Event], heals_itself: bool, kind: Kind) -> Vec<Row> {
    seen_of(&target(kind), &[], events, heals_itself)
}

fn seen_of(target: &Target, through: &[(String, IpAddr)], events: &[Event], heals_itself: bool) -> Vec<Row> {
    seen_by(&vantage_points(), target, through, events, heals_itself)
}

fn seen_by(
    vantage_points: &[Timed],
    target: &Target,
    through: &[(String, IpAddr)],
    events: &[Event],
    heals_itself: bool,
) -> Vec<Row> {
    rows(&Scope {
        target,
        notice: Notice::Silence,
        path_stays: false,
        through,
        heals_itself,
        broken: Within { from: ms(-5), to: ms(5) },
        lateness: Micros(2_000),
        back: Within { from: ms(2_000), to: ms(2_040) },
        end: ms(9_000),
        vantage_points,
        events,
        clients: Vec::new(),
    })
}

fn times(phase: &Phase) -> [Option<i64>; 3] {
    [phase.session.as_ref().map(|seen| seen.after), phase.table, phase.kernel]
        .map(|time| time.map(|time| time.0 / 1_000))
}

/// FRR 8 on the router between, while a node is lost, first adds the other next hop beside the lost one.
#[test]
fn a_loss_and_a_recovery_are_kept_apart() {
    let other = "10.0.1.4";
    let events = [
        bfd(743, false),
        bgp(744, false),
        table(800, "frr1", &[other]),
        kernel(811, "frr1", &["10.0.2.2"]),
        kernel(840, "next-hop-router", &[other, NODE]),
        kernel(890, "next-hop-router", &[other]),
        bfd(2_400, true),
        bgp(2_410, true),
        table(3_500, "frr1", &[other, NODE]),
        kernel(3_511, "frr1", &["10.0.2.2"]),
        kernel(3_600, "next-hop-router", &[NODE]),
    ];
    let rows = seen(&events, false, Kind::Node);
    assert_eq!(times(&rows[0].loss), [Some(743), Some(800), Some(811)]);
    assert_eq!(times(&rows[0].recovery), [Some(410), Some(1_500), Some(1_511)]);
    assert_eq!(rows[0].loss.session.as_ref().unwrap().by, "BFD: control-expired");
    assert_eq!(rows[0].verdict, Verdict::Within { margin: Micros(157_000) });
    assert_eq!(times(&rows[1].loss), [None, None, Some(890)]);
    assert_eq!(times(&rows[1].recovery), [None, None, Some(1_600)]);
    assert_eq!(rows[1].verdict, Verdict::Open, "it has no session with the node");
}

#[test]
fn where_a_node_has_the_only_endpoint_no_path_is_predicted() {
    let through = [("frr1".to_owned(), "203.0.113.200".parse().unwrap())];
    let target = target(Kind::Node);
    let bound = |target: &Target| seen_of(target, &through, &[bgp(744, false)], false)[0].path_bound;
    assert!(bound(&target).is_some());
    assert_eq!(bound(&Target { only_endpoint: true, ..target }), None);
}

#[test]
fn what_nobody_noticed_is_missing() {
    let rows = seen(&[], false, Kind::Node);
    assert_eq!((times(&rows[0].loss), rows[0].verdict), ([None; 3], Verdict::Missing));
}

/// The slowest session's bound is no excuse for the others.
#[test]
fn each_session_is_judged_by_its_own_bound() {
    let hold = |at: i64| {
        event(
            at,
            "frr1",
            What::Logged(LogEvent::Bgp {
                peer: "fd00::3".parse().unwrap(),
                up: false,
                why: "Hold_Timer_expired".into(),
            }),
        )
    };
    let in_time = seen_of_two(&[bfd(743, false), hold(1_900)]);
    assert_eq!(in_time.verdict, Verdict::Within { margin: Micros(157_000) });
    assert_eq!(times(&in_time.loss)[0], Some(1_900), "the last one is shown");
    let late = seen_of_two(&[bfd(1_500, false), hold(1_900)]);
    assert_eq!(late.verdict, Verdict::Beyond { excess: Micros(600_000) });
    assert_eq!(late.predicted.unwrap().because, "BFD, 3 × 300 ms");
    assert_eq!(seen_of_two(&[bfd(743, false)]).verdict, Verdict::Missing, "one was never noticed");
    assert_eq!(seen_of_two(&[hold(1_900)]).verdict, Verdict::Missing);
}

#[test]
fn what_heals_itself_recovers_from_the_first_session_on() {
    let events = [
        bgp(8, false),
        table(60, "next-hop-router", &["10.0.1.4"]),
        bgp(9_000 - 800, true),
        table(8_400, "next-hop-router", &["10.0.1.4", NODE]),
        kernel(8_410, "next-hop-router", &[NODE]),
    ];
    let rows = seen(&events, true, Kind::Router);
    assert_eq!(times(&rows[0].loss), [Some(8), None, None]);
    assert_eq!(times(&rows[0].recovery), [Some(8_200), None, None], "counted from the break");
    assert_eq!(times(&rows[1].loss), [None, Some(60), None], "the kernel had nothing to change");
    assert_eq!(times(&rows[1].recovery), [None, Some(8_400), Some(8_410)]);
}

#[test]
fn a_session_that_bgpd_ends_for_bfd_was_noticed_by_bfd_even_if_its_daemon_logs_later() {
    let by = |events: &[Event]| seen(events, false, Kind::Node).remove(0).loss.session.unwrap().by;
    assert_eq!(by(&[bgp(800, false), bfd(801, false)]), "BFD: control-expired");
    assert_eq!(by(&[bgp(800, false)]), "BGP: BGP_Stop");
}
