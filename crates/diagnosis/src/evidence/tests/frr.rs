//! The answers of FRR in a healthy lab.

use std::collections::BTreeSet;
use std::net::IpAddr;

use frrconf::views::{BfdPeers, BgpNeighbors, BgpTable, Family, RouteTable};
use ipnet::IpNet;
use labfile::compose::{BfdHops, NextHops};
use serde_json::{Value, json};

use crate::evidence::{Evidence, Frr};

pub(super) fn frr(name: &str, e: &Evidence) -> Frr {
    let mut neighbors = serde_json::Map::new();
    let mut bfd = Vec::new();
    for session in &e.expected.sessions {
        for (near, far) in [(&session.opener, &session.answerer), (&session.answerer, &session.opener)] {
            if near.name != name {
                continue;
            }
            let known = json!({"remoteAs": far.asn, "localAs": near.asn, "bgpState": "Established"});
            neighbors.insert(far.address.to_string(), known);
            if let Some(hops) = session.bfd {
                bfd.push(json!({"peer": far.address, "local": near.address, "multihop": hops == BfdHops::Multi,
                    "status": "up", "receive-interval": 300, "transmit-interval": 300, "detect-multiplier": 3}));
            }
        }
    }
    let text = |value: &Value| value.to_string();
    let tables = |family| (family, (table(name, family, e), zebra(name, family, e)));
    let tables = [Family::Ipv4, Family::Ipv6].map(tables);
    Frr {
        neighbors: Some(BgpNeighbors::parse(&text(&Value::Object(neighbors))).unwrap()),
        bfd: Some(BfdPeers::parse(&text(&Value::Array(bfd))).unwrap()),
        bgp: tables.iter().map(|(family, (bgp, _))| (*family, bgp.clone())).collect(),
        routes: tables.into_iter().map(|(family, (_, zebra))| (family, zebra)).collect(),
        running: e.meant.get(name).cloned(),
        knows_bgp: true,
        knows_zebra: true,
        ..Frr::default()
    }
}

fn table(name: &str, family: Family, e: &Evidence) -> BgpTable {
    let is = |prefix: &IpNet| prefix.addr().is_ipv4() == (family == Family::Ipv4);
    let own = e.expected.announced.iter().filter(|entry| entry.node == name && entry.by && is(&entry.prefix));
    let own = own.map(|entry| (entry.prefix.to_string(), json!([{"valid": true, "nexthops": [{"ip": "0.0.0.0"}]}])));
    let learned = e.expected.tables.iter().filter(|entry| entry.router.as_str() == name && is(&entry.prefix));
    let learned = learned.map(|entry| {
        let others = entry.learned_from.iter().map(String::as_str).cycle();
        let paths: Vec<Value> = hops(&entry.next_hops)
            .iter()
            .zip(others)
            .map(|(hop, other)| {
                let source = e.place_at(*hop).filter(|place| entry.learned_from.contains(*place)).unwrap_or(other);
                json!({"valid": true, "peerId": peer(name, source, e), "nexthops": [{"ip": hop, "used": true}]})
            })
            .collect();
        (entry.prefix.to_string(), Value::Array(paths))
    });
    let routes: serde_json::Map<String, Value> = own.chain(learned).collect();
    BgpTable::parse(Family::Ipv4, &json!({ "routes": routes }).to_string()).unwrap()
}

fn zebra(name: &str, family: Family, e: &Evidence) -> RouteTable {
    let is = |prefix: &IpNet| prefix.addr().is_ipv4() == (family == Family::Ipv4);
    let mut routes = serde_json::Map::new();
    for net in e.lab.networks.iter().flat_map(|network| network.subnets.iter()).filter(is) {
        let hops: Vec<Value> = match e.next_hops(name, net.addr()).as_slice() {
            [hop] if *hop == net.addr() => vec![json!({"fib": true})],
            hops => hops.iter().map(|hop| json!({"ip": hop, "fib": true})).collect(),
        };
        let protocol = if hops == [json!({"fib": true})] { "connected" } else { "static" };
        routes.insert(
            net.to_string(),
            json!([{"protocol": protocol, "selected": true, "installed": true, "nexthops": hops}]),
        );
    }
    for entry in e.expected.tables.iter().filter(|entry| entry.router.as_str() == name && is(&entry.prefix)) {
        let hops: Vec<Value> = hops(&entry.next_hops)
            .iter()
            .flat_map(|hop| {
                let via = e.next_hops(name, *hop).into_iter();
                let via = via.map(|via| json!({"ip": via, "fib": true, "active": true, "resolver": true}));
                std::iter::once(json!({"ip": hop, "recursive": true, "active": true})).chain(via).collect::<Vec<_>>()
            })
            .collect();
        let route = json!([{"protocol": "bgp", "selected": true, "installed": true, "nexthops": hops}]);
        routes.insert(entry.prefix.to_string(), route);
    }
    RouteTable::parse(Family::Ipv4, &Value::Object(routes).to_string()).unwrap()
}

/// The address of a neighbor.
fn peer(name: &str, neighbor: &str, e: &Evidence) -> Option<IpAddr> {
    let ends = e.expected.sessions.iter().flat_map(|s| [(&s.opener, &s.answerer), (&s.answerer, &s.opener)]);
    let mut far = ends.filter(|(near, far)| near.name == name && far.name == neighbor).map(|(_, far)| far.address);
    far.next()
}

fn hops(hops: &NextHops) -> &BTreeSet<IpAddr> {
    let (NextHops::All(hops) | NextHops::AnyOf(hops)) = hops;
    hops
}
