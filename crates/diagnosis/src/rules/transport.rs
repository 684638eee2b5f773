//! Unanswered packets: TCP 179, and a neighbor on a link.

use std::net::IpAddr;

use super::pair::{End, ends};
use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;

pub(super) const RULES: &[Rule] = &[
    Rule::inference("tcp-unanswered", Layer::Transport, unanswered),
    Rule::inference("neighbor-silent", Layer::Interface, silent),
];

/// The opener's SYN has no answer, although pings are answered and somebody listens.
fn unanswered(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    let fails = |end: &End<'_>| end.is_among(open, Topic::Bgp);
    for end in ends(e).filter(|end| end.near.name == end.session.opener.name).filter(fails) {
        let Some(inside) = e.inside.get(&end.near.name) else { continue };
        // Where pings are lost too, it is not about the port.
        let (from, to) = (end.near.name.clone(), end.far.name.clone());
        let ping = Subject::Way { from, to, address: end.far.address };
        if e.failed.iter().any(|check| check.is(Topic::Forwarding, &ping)) {
            continue;
        }
        let port = e.lab.port(&end.far.name);
        let to = |address: IpAddr| {
            inside.tcp.iter().any(|s| s.is_opening() && s.remote.ip() == address && s.remote.port() == port)
        };
        if to(end.far.address) {
            let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
            all.push(
                Found::new(format!("{near} gets no answer from {far} on TCP port {port}: its packets are dropped on the way"), [end.broken()])
                    .seen(format!("/proc/net/tcp in {near}: a connection to {address}:{port} in state SYN_SENT"))
                    .remedy(format!("follow them: ⌘ capture --session {near}-{far} --bgp --seconds 10; and see packet filters (nft list ruleset, tc filter show) in {near}, {far} and between")),
            );
        }
    }
    all
}

/// A neighbor on a link does not answer address resolution.
fn silent(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for place in e.places() {
        for address in e.inside.get(place).into_iter().flat_map(|inside| &inside.silent_neighbors) {
            let there = e.place_at(*address);
            let concerned = open.iter().any(|check| check.subject.concerns(place));
            if !concerned || there.is_none() {
                continue;
            }
            let name = there.unwrap_or_default();
            let range = e.network_at(*address).map(ToString::to_string).unwrap_or_default();
            all.push(
                Found::new(
                    format!(
                        "{name} does not answer {place} on network {range}: its address {address} cannot be resolved"
                    ),
                    [Break::Way(place.to_owned(), (*address).into()), Break::Attachment(name.to_owned(), range)],
                )
                .seen(format!("ip neighbor in {place}: {address} is FAILED or INCOMPLETE"))
                .remedy(format!("see that {name} runs and has the address: docker exec {name} ip address")),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::procfs;
    use crate::evidence::tests::{fail, way};
    use crate::rules::tests::{broken, only};

    #[test]
    fn an_answer_that_does_not_come() {
        let e = broken(|e| {
            let socket = procfs::socket("   6: 0301000A:A5EA 0302000A:00B3 02 0").unwrap();
            e.inside.get_mut("kind-worker").unwrap().tcp.push(socket);
            fail(e, Topic::Bgp, Subject::session("kind-worker", "frr1"));
        });
        only(&e, "tcp-unanswered", &["kind-worker gets no answer from frr1 on TCP port 179", "SYN_SENT"]);
    }

    #[test]
    fn a_neighbor_that_cannot_be_resolved() {
        let e = broken(|e| {
            e.inside.get_mut("frr1").unwrap().silent_neighbors.insert("10.0.2.2".parse().unwrap());
            fail(e, Topic::Forwarding, way("frr1", "next-hop-router", "10.0.2.2"));
        });
        only(&e, "neighbor-silent", &["next-hop-router does not answer frr1", "10.0.2.2 is FAILED"]);
    }

    #[test]
    fn a_longer_name_is_another_place() {
        let e = broken(|e| {
            e.inside.get_mut("kind-worker").unwrap().silent_neighbors.insert("10.0.1.250".parse().unwrap());
            fail(e, Topic::Forwarding, way("kind-worker2", "next-hop-router", "10.0.1.250"));
        });
        assert_eq!(crate::conclude::Diagnosis::of(&e).findings, [], "nothing of kind-worker's fails");
    }
}
