//! Networks: there, ours, with the right ranges, open; and who is on them.

use ipnet::IpNet;
use netlab::{NetworkSpec, NetworkState};

use super::absent::is_absent;
use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("network-missing", Layer::Network, missing),
    Rule::proof("network-foreign", Layer::Network, foreign),
    Rule::proof("network-ranges", Layer::Network, ranges),
    Rule::proof("network-internal", Layer::Network, internal),
    Rule::proof("bridge-down", Layer::Network, bridge_down),
    Rule::proof("not-on-network", Layer::Network, attachment),
];

fn broken(network: &str) -> Break {
    Break::Network(network.to_owned())
}

pub(super) fn list(ranges: &[IpNet]) -> String {
    if ranges.is_empty() {
        "no range".to_owned()
    } else {
        ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// The lab's networks, with what has their name in the engine.
fn named<'a>(e: &'a Evidence) -> impl Iterator<Item = (&'a NetworkSpec, Vec<&'a NetworkState>)> {
    e.docker.iter().flat_map(move |docker| {
        let of =
            |spec: &'a NetworkSpec| (spec, docker.networks.iter().filter(|n| n.name == spec.name.as_str()).collect());
        e.topology.networks().iter().map(of)
    })
}

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(spec, _): (&NetworkSpec, Vec<_>)| {
        let name = spec.name.as_str();
        Found::new(format!("network {name} is not there"), [broken(name)])
            .seen(format!("docker network ls: no network {name}"))
            .remedy("⌘ lab-up")
    };
    if is_absent(e) {
        return Vec::new();
    }
    named(e).filter(|(_, there)| there.is_empty()).map(found).collect()
}

fn foreign(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let theirs = named(e).filter(|(spec, there)| !there.is_empty() && e.network(spec.name.as_str()).is_none());
    let found = |(spec, there): (&NetworkSpec, Vec<&NetworkState>)| {
        let name = spec.name.as_str();
        let ranges = there.first().map(|state| list(&state.ranges)).unwrap_or_default();
        Found::new(format!("network {name} is there and not this lab's: something else made it"), [broken(name)])
            .seen(format!("docker network inspect {name}: {ranges}, without label netlab.lab={}", e.topology.name()))
            .remedy(format!(
                "name another network in the lab file, or remove that one if nobody needs it (docker network rm {name})"
            ))
    };
    theirs.map(found).collect()
}

fn own(e: &Evidence) -> impl Iterator<Item = (&NetworkSpec, &NetworkState)> {
    e.topology.networks().iter().filter_map(|spec| Some((spec, e.network(spec.name.as_str())?)))
}

fn ranges(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(spec, state): (&NetworkSpec, &NetworkState)| {
        let lacks: Vec<IpNet> = spec.ranges().filter(|range| !state.ranges.contains(range)).collect();
        let name = spec.name.as_str();
        let what = if lacks.iter().all(|range| matches!(range, IpNet::V6(_))) {
            "has no IPv6 range"
        } else {
            "lacks the range"
        };
        (!lacks.is_empty()).then(|| {
            Found::new(format!("network {name} {what} {}", list(&lacks)), [broken(name)])
                .seen(format!("docker network inspect {name}: {}", list(&state.ranges)))
                .remedy("⌘ lab-down, then ⌘ lab-up: a network's ranges cannot be changed")
        })
    };
    own(e).filter_map(found).collect()
}

fn internal(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(spec, _): (&NetworkSpec, &NetworkState)| {
        let name = spec.name.as_str();
        let cause = format!(
            "network {name} is internal: frames from sources outside its ranges are dropped on it, so nothing is routed through it"
        );
        Found::new(cause, [broken(name)])
            .seen(format!("docker network inspect {name}: Internal is true"))
            .remedy("⌘ lab-down, then ⌘ lab-up: a network cannot be opened afterwards")
    };
    own(e).filter(|(_, state)| state.internal).map(found).collect()
}

fn bridge_down(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(spec, state): (&NetworkSpec, &NetworkState)| {
        let bridge = state.bridge().filter(|bridge| e.host.bridges_down.contains(bridge))?;
        let name = spec.name.as_str();
        let cause =
            format!("the bridge of network {name} is down on this machine: nothing passes between its containers");
        let found = Found::new(cause, [broken(name)]).seen(format!("ip link: {bridge} without UP"));
        Some(found.remedy(format!("ip link set {bridge} up")))
    };
    own(e).filter_map(found).collect()
}

/// The lab's containers that run, with each network that they should be on.
pub(super) fn attachments(e: &Evidence) -> impl Iterator<Item = (&netlab::ContainerSpec, &netlab::Endpoint)> {
    let running = |spec: &&netlab::ContainerSpec| e.is_running(spec.name.as_str());
    let all = e.topology.containers().iter().filter(running);
    all.flat_map(|spec| spec.endpoints.iter().map(move |at| (spec, at)))
}

fn attachment(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |name: &str, network: &str, how: String| {
        let alive = e.container(name).is_some_and(|c| c.run.has_processes());
        let on = e.container(name).is_some_and(|c| c.endpoints.contains_key(network));
        (alive && !on).then(|| {
            let attached = Break::Attachment(name.to_owned(), network.to_owned());
            Found::new(format!("container {name} is not connected to network {network}"), [attached])
                .seen(format!("docker inspect {name}: no endpoint on {network}"))
                .remedy(format!("docker network connect {how}{network} {name}"))
        })
    };
    let own = attachments(e).filter_map(|(spec, at)| {
        let v4 = at.ipv4.map(|ip| format!("--ip {ip} ")).unwrap_or_default();
        let v6 = at.ipv6.map(|ip| format!("--ip6 {ip} ")).unwrap_or_default();
        found(spec.name.as_str(), at.network.as_str(), v4 + &v6)
    });
    let lost = e.lost_nodes();
    let nodes = lost.iter().filter_map(|name| found(name, e.lab.cluster.network.as_str(), String::new()));
    own.chain(nodes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{broken, only};

    fn network(change: impl Fn(&mut Vec<NetworkState>)) -> Evidence {
        broken(|e| change(&mut e.docker.as_mut().unwrap().networks))
    }

    #[test]
    fn networks_that_are_wrong_as_a_whole() {
        only(&network(|all| all.retain(|n| n.name != "kind2")), "network-missing", &["network kind2 is not there"]);
        only(
            &network(|all| all[0].lab = None),
            "network-foreign",
            &["network kind is there and not this lab's", "10.0.1.0/24"],
        );
        only(&network(|all| all[1].internal = true), "network-internal", &["network kind2 is internal"]);
        only(&network(|all| all[0].ranges.truncate(1)), "network-ranges", &["kind has no IPv6 range fd00:10:0:1::/64"]);
    }

    #[test]
    fn a_bridge_that_is_down() {
        let e = broken(|e| {
            let bridge = e.network("kind2").and_then(NetworkState::bridge);
            e.host.bridges_down.extend(bridge);
        });
        only(&e, "bridge-down", &["the bridge of network kind2 is down", "ip link set br-kind20000000 up"]);
    }

    #[test]
    fn a_container_that_is_cut_off() {
        let e = broken(|e| {
            let docker = e.docker.as_mut().unwrap();
            let router = docker.containers.iter_mut().find(|c| c.name == "next-hop-router").unwrap();
            router.endpoints.remove("kind");
            let links = &mut e.inside.get_mut("next-hop-router").unwrap().links;
            links.retain(|link| link.name != "eth0");
        });
        let remedy = "docker network connect --ip 10.0.1.250 --ip6 fd00:10:0:1::fa kind next-hop-router";
        only(&e, "not-on-network", &["next-hop-router is not connected to network kind", remedy]);
    }
}
