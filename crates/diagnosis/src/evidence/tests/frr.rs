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
        ..Frr::default()
    }
}

fn table(name: &str, family: Family, e: &Evidence) -> BgpTable {
    let is = |prefix: &IpNet| prefix.addr().is_ipv4() == (family == Family::Ipv4);
    let own = e.expected.announced.iter().filter(|entry| entry.node == name && entry.by && is(&entry.prefix));
    let own = own.map(|entry| (entry.prefix.to_string(), json!([{"valid": true, "nexthops": [{"ip": "0.0.0.0"}]}])));
    let learned = e.expected.tables.iter().filter(|entry| entry.router.as_str() == name && is(&entry.prefix));
    let learned = learned.map(|entry| {
        let paths: Vec<Value> = hops(&entry.next_hops)
            .iter()
            .map(|hop| json!({"valid": true, "nexthops": [{"ip": hop, "used": true}]}))
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
        let hop = e.next_hop(name, net.addr()).filter(|hop| *hop != net.addr());
        let (protocol, hop) = (if hop.is_some() { "static" } else { "connected" }, json!({"ip": hop, "fib": true}));
        routes.insert(
            net.to_string(),
            json!([{"protocol": protocol, "selected": true, "installed": true, "nexthops": [hop]}]),
        );
    }
    for entry in e.expected.tables.iter().filter(|entry| entry.router.as_str() == name && is(&entry.prefix)) {
        let hops: Vec<Value> = hops(&entry.next_hops)
            .iter()
            .flat_map(|hop| {
                let via = e.next_hop(name, *hop);
                [json!({"ip": hop, "recursive": true, "active": true}), json!({"ip": via, "fib": true, "active": true})]
            })
            .collect();
        let route = json!([{"protocol": "bgp", "selected": true, "installed": true, "nexthops": hops}]);
        routes.insert(entry.prefix.to_string(), route);
    }
    RouteTable::parse(Family::Ipv4, &Value::Object(routes).to_string()).unwrap()
}

fn hops(hops: &NextHops) -> &BTreeSet<IpAddr> {
    let (NextHops::All(hops) | NextHops::AnyOf(hops)) = hops;
    hops
}
