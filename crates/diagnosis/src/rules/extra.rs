//! Networks that a place is on beside the lab's.

use ipnet::IpNet;

use super::network::list;
use crate::check::Check;
use crate::evidence::Evidence;
use crate::evidence::iproute::{Link, words};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("network-shadowed", Layer::Network, shadowed),
    Rule::inference("network-extra", Layer::Network, extra),
];

/// The lab's places that run, each with a network that the lab did not put it on, and its link there.
fn extras(e: &Evidence) -> Vec<(&str, &str, Option<&Link>)> {
    let mut all = Vec::new();
    for place in e.places().filter(|place| e.is_running(place)) {
        let Some(state) = e.own(place) else { continue };
        let own = e.networks_of(place);
        let beyond = state.endpoints.iter().filter(|(network, _)| !own.iter().any(|own| own.as_str() == **network));
        for (network, endpoint) in beyond {
            let inside = e.inside.get(place);
            let link = inside.and_then(|inside| endpoint.addresses().find_map(|address| inside.link_with(address)));
            all.push((place, network.as_str(), link));
        }
    }
    all
}

fn beyond(place: &str, network: &str, what: &str, breaks: impl IntoIterator<Item = Break>) -> Found {
    Found::new(format!("container {place} is also on network {network}, which the lab did not put it on{what}"), breaks)
        .seen(format!("docker inspect {place}: an endpoint on {network}"))
        .remedy(format!("docker network disconnect {network} {place}"))
}

/// A link that the lab did not give takes the packets to one of the lab's ranges: they leave from another address, by
/// another way.
fn shadowed(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (place, network, link) in extras(e) {
        let (Some(link), Some(inside)) = (link, e.inside.get(place)) else { continue };
        let ranges = e.lab.networks.iter().flat_map(|network| network.subnets.iter());
        let first = |range: &IpNet| inside.routes_to(range.hosts().next()?).first().copied();
        let taken = ranges.filter_map(|range| Some((range, first(&range)?)));
        let taken: Vec<_> = taken.filter(|(_, route)| route.dev.as_ref() == Some(&link.name)).collect();
        let taken = taken.iter().filter(|(_, route)| route.dst.prefix_len() > 0);
        let (ranges, routes): (Vec<IpNet>, Vec<String>) = taken.map(|(range, route)| (*range, words(route))).unzip();
        if !ranges.is_empty() {
            let what = format!(": its packets to {} go that way, from another address", list(&ranges));
            let own = e.expected.sessions.iter().filter(|s| s.opener.name == place || s.answerer.name == place);
            let sessions = own.map(|session| Break::session(&session.opener.name, &session.answerer.name));
            let ways = ranges.iter().map(|range| Break::Way(place.to_owned(), *range));
            // The networks that the lab's own routes would leave by.
            let hops = ranges.iter().filter_map(|range| range.hosts().next()).flat_map(|to| e.next_hops(place, to));
            let passed = hops.filter_map(|hop| e.network_at(hop));
            let passed = passed.map(|own| Break::Attachment(place.to_owned(), own.to_string()));
            let mut found = beyond(place, network, &what, ways.chain(sessions).chain(passed));
            if e.topology.containers().iter().any(|spec| spec.name.as_str() == place) {
                found = found.remedy(format!(
                    "docker network disconnect {network} {place}, then docker restart {place}: FRR keeps its sessions as they were that way"
                ));
            }
            all.push(routes.iter().fold(found, |found, route| found.seen(format!("ip route in {place}: {route}"))));
        }
    }
    all
}

/// Such a network may be meant: it is a cause only where something fails that nothing else explains.
fn extra(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let concerned = |place: &str| open.iter().any(|check| check.subject.concerns(place));
    let found = |(place, network, link): (&str, &str, Option<&Link>)| {
        let by_default = |link: &Link| {
            let routes = e.inside.get(place).into_iter().flat_map(|inside| &inside.routes);
            let mut default = routes.filter(|route| route.dst.prefix_len() == 0 && route.table.is_none());
            default.find(|route| route.dev.as_ref() == Some(&link.name)).map(words)
        };
        let found = beyond(place, network, "", [Break::Place(place.to_owned())]);
        let found = link.iter().fold(found, |found, link| {
            let addresses: Vec<String> = link.addresses.iter().map(ToString::to_string).collect();
            found.seen(format!("ip address in {place}: {} with {}", link.name, addresses.join(" and ")))
        });
        link.and_then(by_default)
            .into_iter()
            .fold(found, |found, route| found.seen(format!("ip route in {place}: {route}")))
    };
    extras(e).into_iter().filter(|(place, ..)| concerned(place)).map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Topic;
    use crate::evidence::tests::fail;
    use crate::rules::tests::{broken, only};
    use crate::subject::Subject;

    /// The worker is on a network of the machine's, or on the routers'.
    fn with(network: &str, address: &str, change: impl FnOnce(&mut Evidence)) -> Evidence {
        broken(|e| {
            let net: IpNet = address.parse().unwrap();
            let docker = e.docker.as_mut().unwrap();
            let worker = docker.containers.iter_mut().find(|c| c.name == "kind-worker").unwrap();
            let IpNet::V4(v4) = net else { panic!("IPv4") };
            let endpoint = netlab::EndpointState { ipv4: Some(v4.addr()), ..Default::default() };
            worker.endpoints.insert(network.to_owned(), endpoint);
            let inside = e.inside.get_mut("kind-worker").unwrap();
            let link = Link { name: "eth1".into(), addresses: vec![net], ..inside.links[0].clone() };
            inside.links.push(link);
            let route = format!(r#"[{{"dst":"{}","dev":"eth1","protocol":"kernel"}}]"#, net.trunc());
            inside.routes.extend(netlab::iproute::routes(&route, netlab::iproute::AddressFamily::Ipv4));
            change(e);
        })
    }

    #[test]
    fn a_second_network_takes_the_packets() {
        let e = with("kind2", "10.0.2.9/24", |e| {
            let inside = e.inside.get_mut("kind-worker").unwrap();
            // The connected route outranks the lab's.
            inside.routes.iter_mut().filter(|route| !route.via.is_empty()).for_each(|route| route.metric = 20);
            fail(e, Topic::Bgp, Subject::session("kind-worker", "frr1"));
        });
        let words = [
            "kind-worker is also on network kind2, which the lab did not put it on: its packets to 10.0.2.0/24 go that way",
            "ip route in kind-worker: 10.0.2.0/24 dev eth1",
            "docker network disconnect kind2 kind-worker",
            "explains",
        ];
        only(&e, "network-shadowed", &words);
    }

    #[test]
    fn a_second_network_is_a_cause_where_nothing_else_is() {
        let e = with("bridge", "172.17.0.2/16", |_| {});
        assert!(crate::conclude::Diagnosis::of(&e).is_healthy(), "it may be meant");
        let e = with("bridge", "172.17.0.2/16", |e| fail(e, Topic::Bgp, Subject::session("frr1", "kind-worker")));
        only(&e, "network-extra", &["kind-worker is also on network bridge", "eth1 with 172.17.0.2/16"]);
    }
}
