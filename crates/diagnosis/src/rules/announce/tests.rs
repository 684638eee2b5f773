//! Prefixes that are not announced, not learned, or lead out of the lab.

use frrconf::views::{BgpTable, Family, RouteTable};
use ipnet::IpNet;

use crate::check::Topic;
use crate::evidence::Evidence;
use crate::evidence::tests::{fail, prefix};
use crate::rules::bgp::tests::bgp;
use crate::rules::tests::{broken, only};

fn vip() -> IpNet {
    "203.0.113.200/32".parse().unwrap()
}

fn zebra(e: &mut Evidence, place: &str, json: &str) {
    let table = RouteTable::parse(Family::Ipv4, json).unwrap();
    e.frr.get_mut(place).unwrap().routes.get_mut(&Family::Ipv4).unwrap().routes.extend(table.routes);
}

fn table<'a>(e: &'a mut Evidence, place: &str) -> &'a mut BgpTable {
    e.frr.get_mut(place).unwrap().bgp.get_mut(&Family::Ipv4).unwrap()
}

#[test]
fn what_a_node_announces() {
    let e = broken(|e| bgp(e, "kind-worker").networks.retain(|prefix| *prefix != vip()));
    only(&e, "not-announced", &["kind-worker does not announce 203.0.113.200/32", "-c 'network 203.0.113.200/32'"]);
    let e = broken(|e| bgp(e, "kind-control-plane").networks.extend([vip()]));
    only(
        &e,
        "foreign-announcement",
        &["kind-control-plane announces 203.0.113.200/32, though load balancing leaves it out"],
    );
    let e = broken(|e| {
        bgp(e, "kind-worker").import_check = true;
        table(e, "kind-worker").routes.remove(&vip());
    });
    only(&e, "import-check", &["it has no route to it", "no bgp network import-check"]);
}

#[test]
fn how_next_hops_are_reached() {
    let e = broken(|e| {
        let by_gateway = r#"{"203.0.113.200/32":[{"protocol":"bgp","selected":true,"installed":true,"nexthops":[
            {"ip":"10.0.1.3","recursive":true,"active":true},
            {"ip":"10.0.2.1","fib":true,"active":true,"resolver":true}]}]}"#;
        zebra(e, "frr1", by_gateway);
    });
    only(
        &e,
        "next-hop-by-default",
        &["reaches the next hop 10.0.1.3 of 203.0.113.200/32 by its default gateway (10.0.2.1), not by 10.0.2.2"],
    );
    let e = broken(|e| {
        let by_another = r#"{"203.0.113.200/32":[{"protocol":"bgp","selected":true,"installed":true,"nexthops":[
            {"ip":"10.0.1.3","recursive":true,"active":true},
            {"ip":"10.0.2.9","fib":true,"active":true,"resolver":true}]}]}"#;
        zebra(e, "frr1", by_another);
    });
    only(
        &e,
        "next-hop-by-default",
        &["reaches the next hop 10.0.1.3 of 203.0.113.200/32 by 10.0.2.9, not by 10.0.2.2: its table says otherwise"],
    );
    let e = broken(|e| table(e, "frr1").routes.get_mut(&vip()).unwrap()[0].valid = false);
    only(&e, "next-hop-unresolved", &["frr1 learned 203.0.113.200/32 from next hop 10.0.1.3", "not resolved"]);
    let e =
        broken(|e| zebra(e, "frr1", r#"{"203.0.113.200/32":[{"protocol":"static","selected":true,"distance":1}]}"#));
    only(&e, "route-of-another", &["frr1 reaches 203.0.113.200/32 by a static route"]);
}

#[test]
fn what_is_not_taken() {
    let e = broken(|e| {
        table(e, "frr1").routes.get_mut(&vip()).unwrap().remove(0);
        fail(e, Topic::Table, prefix("frr1", "203.0.113.200/32"));
    });
    only(
        &e,
        "not-passed-on",
        &[
            "kind-worker announces 203.0.113.200/32, its session with frr1 is up, and frr1 did not take it",
            "docker exec frr1 vtysh -c 'show route-map' -c 'show ip prefix-list'",
        ],
    );
}
