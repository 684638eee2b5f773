//! The parts of a composition agree with each other, for every lab in `labs/`.

mod consistency;
mod node_end;
mod selection;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{NodeRole, Overrides, ProviderName, tests};

fn documented(provider: ProviderName) -> Lab {
    Lab::documented(&Overrides { provider: Some(provider), ..Overrides::default() }).unwrap()
}

fn standalone_labs() -> Vec<Lab> {
    tests::all().iter().map(|file| tests::lab(file, ProviderName::Standalone)).collect()
}

fn text(config: &frrconf::Config) -> String {
    config.files().unwrap().frr_conf
}

/// Returns the FRR configuration of every container, by name.
fn texts(lab: &Lab) -> BTreeMap<String, String> {
    let nodes = known_nodes(lab);
    let of_nodes = nodes.iter().map(|node| (node.name.clone(), text(&speaker(lab, node).unwrap())));
    let of_routers = lab.routers.iter().map(|own| {
        let config = super::router(lab, own, nodes).unwrap();
        (own.name.to_string(), text(&config))
    });
    of_nodes.chain(of_routers).collect()
}

#[test]
fn the_documented_lab_has_six_containers() {
    let lab = documented(ProviderName::Standalone);
    let docker = docker_lab(&lab, known_nodes(&lab)).unwrap();
    let names: BTreeSet<_> = docker.containers().iter().map(|container| container.name.as_str()).collect();
    let documented = ["frr1", "frr2", "kind-control-plane", "kind-worker", "kind-worker2", "next-hop-router"];
    assert_eq!(names, documented.into());
    assert!(docker.guests().is_empty());
}

#[test]
fn kinds_nodes_are_guests_with_routes_of_both_families() {
    let lab = documented(ProviderName::Kind);
    assert!(docker_lab(&lab, &[]).unwrap().guests().is_empty());
    let docker = docker_lab(&lab, &lab.cluster.placement).unwrap();
    assert_eq!((docker.containers().len(), docker.guests().len()), (3, 3));
    for guest in docker.guests() {
        let routes: Vec<_> = guest.routes.iter().map(ToString::to_string).collect();
        assert_eq!(routes, ["10.0.2.0/24 via 10.0.1.250", "fd00:10:0:2::/64 via fd00:10:0:1::fa"]);
    }
}

#[test]
fn no_pinned_address_is_in_a_dynamic_part() {
    for lab in standalone_labs() {
        for network in docker_lab(&lab, &[]).unwrap().networks() {
            let own = lab.routers.iter().flat_map(|router| &router.attachments);
            let own = own.filter(|(name, _)| name.as_str() == network.name.as_str());
            for (_, addresses) in own {
                let parts = || {
                    [network.dynamic_ipv4.map(ipnet::IpNet::V4), network.dynamic_ipv6.map(ipnet::IpNet::V6)]
                        .into_iter()
                        .flatten()
                };
                let taken = |address: &std::net::IpAddr| parts().any(|part| part.contains(address));
                assert_eq!(addresses.iter().find(taken), None, "{}", lab.name);
            }
        }
    }
}

/// Routers start while the cluster is made: their configuration then is a part of the final one.
#[test]
fn without_nodes_a_router_has_a_part_of_its_configuration() {
    for lab in standalone_labs() {
        for own in &lab.routers {
            let (early, late) =
                (super::router(&lab, own, &[]).unwrap(), super::router(&lab, own, known_nodes(&lab)).unwrap());
            let late_text = text(&late);
            let late_lines: BTreeSet<_> = late_text.lines().collect();
            assert!(text(&early).lines().all(|line| late_lines.contains(line)), "{}: {}", lab.name, own.name);
            // A reload starts no daemon.
            assert_eq!(early.files().unwrap().daemons, late.files().unwrap().daemons, "{}: {}", lab.name, own.name);
            assert_eq!(early.files().unwrap().vtysh_conf, late.files().unwrap().vtysh_conf);
        }
    }
}

#[test]
fn both_ends_of_every_session_know_each_other() {
    for lab in standalone_labs() {
        let texts = texts(&lab);
        for session in expected(&lab, known_nodes(&lab)).sessions {
            let ends = [(&session.opener, &session.answerer), (&session.answerer, &session.opener)];
            for (own, other) in ends {
                let text = &texts[&own.name];
                let line = |rest: &str| text.contains(&format!(" neighbor {} {rest}", other.address));
                let kind = if own.asn == other.asn { "internal" } else { "external" };
                let knows = line(&format!("remote-as {}", other.asn)) || line(&format!("remote-as {kind}"));
                assert!(knows, "{}: {} → {}", lab.name, own.name, other.name);
                assert_eq!(line("bfd profile "), session.bfd.is_some(), "{}: {}", lab.name, own.name);
                let far = session.bfd == Some(BfdHops::Multi) && own.asn != other.asn;
                assert_eq!(line("ebgp-multihop"), far, "{}: {} → {}", lab.name, own.name, other.name);
                let peer = lab.peers.iter().find(|peer| Some(&peer.name) == session.peer.as_ref());
                let password = peer.and_then(|peer| peer.session.password.as_ref());
                let signed = password.is_some_and(|password| line(&format!("password {}", password.reveal())));
                assert_eq!(signed, password.is_some(), "{}: {}", lab.name, own.name);
            }
        }
    }
}

#[test]
fn the_documented_lab_is_expected_whole() {
    let lab = documented(ProviderName::Standalone);
    let expected = expected(&lab, known_nodes(&lab));
    let of_nodes = expected.sessions.iter().filter(|session| session.peer.is_some());
    // Two peers for each of three nodes, the control plane's speaker included.
    assert_eq!(of_nodes.clone().filter(|session| session.bfd == Some(BfdHops::Multi)).count(), 6);
    assert_eq!(expected.sessions.len(), 8);
    assert_eq!(expected.forwarding.len(), 3 * 3 * 2 * 2);
    let workers = |v4: bool| -> BTreeSet<_> {
        let workers = known_nodes(&lab).iter().filter(|node| node.role == NodeRole::Worker);
        workers.flat_map(|node| node.addresses.iter()).filter(|address| address.is_ipv4() == v4).collect()
    };
    assert_eq!(expected.tables.len(), 3 * 2);
    for entry in &expected.tables {
        let workers = workers(entry.prefix.addr().is_ipv4());
        let wanted =
            if entry.router.as_str() == "next-hop-router" { NextHops::AnyOf(workers) } else { NextHops::All(workers) };
        assert_eq!(entry.next_hops, wanted, "{entry:?}");
    }
    assert_eq!(expected.reach.len(), 6);
}

#[test]
fn only_workers_answer_at_the_services_addresses() {
    let lab = documented(ProviderName::Standalone);
    let docker = docker_lab(&lab, known_nodes(&lab)).unwrap();
    for container in docker.containers() {
        let start = container.command.clone().unwrap().join(" ");
        let answers = start.contains("203.0.113.200/32 dev lo") && start.contains("fd01::/128 dev lo");
        assert_eq!(answers, ["kind-worker", "kind-worker2"].contains(&container.name.as_str()), "{start}");
    }
}
