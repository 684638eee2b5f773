//! Ranges that overlap, and bridges and rules that an engine left behind.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::net::UdpSocket;

use common::two_networks;
use netlab::fake::Fake;
use netlab::preflight::{BridgeNf, Conflict, HostNet, NamedRange, ProcNet, Severity, check, stale_masquerades};
use netlab::{Lab, Observed, apply, observe, plan};

const ROUTES: &str = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

/// A kernel that passes all bridged packets to iptables.
const SHOWN: BridgeNf = BridgeNf { ipv4: true, ipv6: true };

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn lab() -> Lab {
    Lab::try_from(two_networks("t", 10)).unwrap()
}

/// An engine on which the lab is up, and what it shows.
fn up() -> (Fake, Observed) {
    let (fake, lab) = (Fake::default(), lab());
    let first = plan(&lab, &block_on(observe(&fake, &lab)).unwrap()).unwrap();
    block_on(apply(&fake, &first, &())).unwrap();
    let observed = block_on(observe(&fake, &lab)).unwrap();
    (fake, observed)
}

/// A line of `/proc/net/route` for a connected network.
fn connected(dev: &str, [a, b, c, d]: [u8; 4], [e, f, g, h]: [u8; 4]) -> String {
    format!("{dev}\t{d:02X}{c:02X}{b:02X}{a:02X}\t00000000\t0001\t0\t0\t0\t{h:02X}{g:02X}{f:02X}{e:02X}\t0\t0\t0\n")
}

fn host(routes: &str, fib_trie: &str, ipv6_addresses: &str) -> HostNet {
    let route = format!("{ROUTES}{routes}");
    HostNet::parse(&ProcNet { route: &route, fib_trie, ipv6_route: "", if_inet6: ipv6_addresses })
}

fn said(conflicts: &[Conflict]) -> String {
    conflicts.iter().map(|c| format!("{:?}: {c}\n", c.severity())).collect()
}

#[test]
fn the_labs_own_networks_are_no_conflict() {
    let (fake, observed) = up();
    let bridge = fake.world().networks[0].bridge().unwrap();
    let host = host(
        &connected(&bridge, [10, 77, 10, 0], [255, 255, 255, 0]),
        "Local:\n     |-- 10.77.10.1\n        /32 host LOCAL\n",
        &format!("fd770010000000000000000000000001 05 40 00 80 {bridge}\n"),
    );
    assert_eq!(host.addresses.len(), 2);
    assert_eq!(check(&lab(), &[], &observed, Some(&host)), []);
}

/// Seen in practice: an engine whose state was lost leaves its bridge, and containers of a new network of that range do
/// not reach each other.
#[test]
fn a_bridge_left_behind_is_named() {
    let (fake, mut observed) = up();
    fake.world().networks.clear();
    observed.networks.clear();
    let host = host(&connected("br-0123456789ab", [10, 77, 10, 0], [255, 255, 255, 0]), "", "");
    insta::assert_snapshot!(said(&check(&lab(), &[], &observed, Some(&host))), @"Blocks: network t-near 10.77.10.0/24: the bridge br-0123456789ab has 10.77.10.0/24 and belongs to no Docker network: an engine left it behind, and containers of a new network of that range would not reach each other; remove it (`ip link delete br-0123456789ab`), and the rules that name it (`iptables-save -t nat | grep br-0123456789ab`)");
}

/// Service addresses are never on the machine: a stale bridge does not harm them.
#[test]
fn a_bridge_left_behind_does_not_block_ranges_inside() {
    let (_, observed) = up();
    let services = [NamedRange::inside("services", "172.30.0.0/16".parse().unwrap())];
    let host = host(&connected("br-0123456789ab", [172, 30, 0, 0], [255, 255, 0, 0]), "", "");
    insta::assert_snapshot!(said(&check(&lab(), &services, &observed, Some(&host))), @"Warns: services 172.30.0.0/16 overlaps with this machine's route to 172.30.0.0/16 through br-0123456789ab; choose another range, or remove the route");
}

#[test]
fn a_rule_left_behind_is_named() {
    let (fake, observed) = up();
    let alive = fake.world().networks[0].bridge().unwrap();
    let saved = format!(
        "*nat\n:POSTROUTING ACCEPT [0:0]\n\
         -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE\n\
         -A POSTROUTING -s 10.77.10.0/24 ! -o {alive} -j MASQUERADE\n\
         -A POSTROUTING -s 10.77.10.0/24 ! -o br-0123456789ab -j MASQUERADE\n\
         -A POSTROUTING -s 10.99.0.0/24 ! -o br-0123456789ab -j MASQUERADE\nCOMMIT\n"
    );
    insta::assert_snapshot!(said(&stale_masquerades(&saved, SHOWN, &lab(), &observed)), @"Blocks: network t-near 10.77.10.0/24: a masquerading rule of the bridge br-0123456789ab, which belongs to no Docker network, rewrites packets between the lab's containers, because net.bridge.bridge-nf-call-iptables is 1; remove it (`iptables -t nat -D POSTROUTING -s 10.77.10.0/24 ! -o br-0123456789ab -j MASQUERADE`)");
    assert_eq!(stale_masquerades(&saved, BridgeNf { ipv4: false, ..SHOWN }, &lab(), &observed), []);

    let saved = "-A POSTROUTING -s fd77:10::/64 ! -o br-0123456789ab -j MASQUERADE\n";
    insta::assert_snapshot!(said(&stale_masquerades(saved, SHOWN, &lab(), &observed)), @"Blocks: network t-near fd77:10::/64: a masquerading rule of the bridge br-0123456789ab, which belongs to no Docker network, rewrites packets between the lab's containers, because net.bridge.bridge-nf-call-ip6tables is 1; remove it (`ip6tables -t nat -D POSTROUTING -s fd77:10::/64 ! -o br-0123456789ab -j MASQUERADE`)");
    assert_eq!(stale_masquerades(saved, BridgeNf { ipv6: false, ..SHOWN }, &lab(), &observed), []);
}

#[test]
fn every_kind_of_overlap_is_named() {
    let (fake, _) = up();
    fake.world().add_foreign_network("other", &["10.77.11.128/25".parse().unwrap()]);
    let observed = block_on(observe(&fake, &lab())).unwrap();
    let named = [
        NamedRange::inside("pods", "10.128.0.0/14".parse().unwrap()),
        NamedRange::inside("services", "10.131.0.0/16".parse().unwrap()),
        NamedRange::inside("pool doc-example", "10.77.10.200/32".parse().unwrap()),
    ];
    let routes =
        [connected("tun0", [10, 0, 0, 0], [255, 0, 0, 0]), connected("eth9", [10, 77, 11, 0], [255, 255, 255, 128])];
    let fib = "Local:\n     |-- 10.77.10.99\n        /32 host LOCAL\n     |-- 192.0.2.1\n        /32 host LOCAL\n";
    // The lab is not up here: an address in its range is somebody else's.
    let mut without = observed.clone();
    without.networks.retain(|n| n.lab.is_none());
    let conflicts = check(&lab(), &named, &without, Some(&host(&routes[1], fib, "")));
    insta::assert_snapshot!(said(&conflicts), @r"
    Blocks: network t-near 10.77.10.0/24 overlaps with pool doc-example 10.77.10.200/32; give one another range
    Blocks: pods 10.128.0.0/14 overlaps with services 10.131.0.0/16; give one another range
    Blocks: network t-far 10.77.11.0/24 overlaps with 10.77.11.128/25 of Docker's network other; choose another range, or remove network other (`docker network rm other`) if nobody needs it
    Blocks: network t-near 10.77.10.0/24 holds this machine's own address 10.77.10.99; choose another range
    Blocks: network t-far 10.77.11.0/24 overlaps with this machine's route to 10.77.11.0/25 through eth9; choose another range, or remove the route
    ");
    // A wider route is hidden in part only.
    let conflicts = check(&lab(), &named[..1], &without, Some(&host(&routes[0], "", "")));
    let severities: Vec<_> =
        conflicts.iter().filter(|c| matches!(c, Conflict::HostRoute { .. })).map(Conflict::severity).collect();
    assert_eq!(severities, [Severity::Warns; 3]);
}

/// Docker removes none of the networks that it makes itself, so the advice is another one.
#[test]
fn the_engines_own_networks_are_not_to_be_removed() {
    let (fake, _) = up();
    fake.world().add_foreign_network("bridge", &["10.77.11.0/24".parse().unwrap(), "fd77:11::/64".parse().unwrap()]);
    let mut observed = block_on(observe(&fake, &lab())).unwrap();
    observed.networks.retain(|n| n.lab.is_none());
    insta::assert_snapshot!(said(&check(&lab(), &[], &observed, None)), @r"
    Blocks: network t-far 10.77.11.0/24 overlaps with 10.77.11.0/24 of Docker's network bridge; choose another range, or give the engine's own network another one (`bip` in its configuration, /etc/docker/daemon.json)
    Blocks: network t-far fd77:11::/64 overlaps with fd77:11::/64 of Docker's network bridge; choose another range, or give the engine's own network another one (`fixed-cidr-v6` in its configuration, /etc/docker/daemon.json)
    ");
}

/// This machine's own tables are read: the address that packets to elsewhere would come from is among its own.
#[test]
fn the_machines_own_tables_are_read() {
    let here = HostNet::read().unwrap();
    assert!(here.addresses.iter().all(|a| !a.address.is_loopback()));
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent; a machine without a network has no such address.
    if socket.connect("192.0.2.1:9").is_ok() {
        let own = socket.local_addr().unwrap().ip();
        assert!(here.addresses.iter().any(|a| a.address == own), "{own}: {here:?}");
    }
}
