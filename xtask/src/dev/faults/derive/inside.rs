//! Faults inside a container: routes, sysctls, files, programs, the service's addresses.

use std::collections::BTreeSet;
use std::net::IpAddr;

use bgplab::labfile::{Lab, Node};
use bgplab::netlab::{self, ContainerSpec, Route};

use crate::dev::faults::fault::{Act, Fault};

/// Faults inside a container.
pub(super) fn of(topology: &netlab::Lab, spec: &ContainerSpec) -> Vec<Fault> {
    [routes(topology, spec.name.as_str(), &spec.routes), sysctls(topology, spec), files(spec), programs(spec)].concat()
}

/// Faults of the routes in a container.
pub(super) fn routes(topology: &netlab::Lab, name: &str, routes: &[Route]) -> Vec<Fault> {
    routes.iter().flat_map(|route| of_route(topology, name, route)).collect()
}

fn of_route(topology: &netlab::Lab, name: &str, route: &Route) -> Vec<Fault> {
    let dst = route.dst();
    let family = if dst.addr().is_ipv4() { "-4" } else { "-6" };
    let fault = |change: &str, words: &str| {
        let act = Act::run(name, format!("ip {family} route {words}").split(' '));
        let id = format!("route/{name}/{dst}/{change}");
        let fault = Fault::of(id, name, vec![act]).named([dst.to_string(), dst.addr().to_string()]);
        match words.strip_prefix("add ") {
            Some(added) => fault.undone_by(Act::run(name, format!("ip {family} route delete {added}").split(' '))),
            None => fault,
        }
    };
    // The engine's own address on the network of the first next hop.
    let next_hops = route.via();
    let gateway = next_hops.first().and_then(|via| {
        let network = topology.networks().iter().find(|network| network.holds(*via))?;
        match via {
            IpAddr::V4(_) => network.gateway_ipv4().map(IpAddr::V4),
            IpAddr::V6(_) => network.gateway_ipv6().map(IpAddr::V6),
        }
    });
    let elsewhere = gateway.map(|via| fault("outranked", &format!("add {dst} via {via} metric 5")));
    let deleted = fault("deleted", &format!("delete {dst}"));
    // Of IPv6 the kernel has a metric of its own, by which it would be another route.
    let metric = if dst.addr().is_ipv4() { "" } else { " metric 1" };
    let rest: Vec<String> = next_hops.iter().skip(1).map(|via| format!(" nexthop via {via}")).collect();
    let fewer =
        (!rest.is_empty()).then(|| fault("next-hop-deleted", &format!("replace {dst}{metric}{}", rest.concat())));
    let blackhole = fault("blackhole", &format!("add blackhole {dst} metric 5"));
    [deleted, blackhole].into_iter().chain(elsewhere).chain(fewer).collect()
}

fn sysctls(topology: &netlab::Lab, spec: &ContainerSpec) -> Vec<Fault> {
    let name = spec.name.as_str();
    let turned = |(key, value): (String, String)| {
        let other = if value == "0" { "1" } else { "0" };
        let set = |value: &str| Act::inside(name, ["sysctl", "-w", &format!("{key}={value}")]);
        let (act, back) = (set(other), set(&value));
        // A key is also named by the family that it turns off.
        let fault = Fault::of(format!("sysctl/{name}/{key}/changed"), name, vec![act]);
        fault.undone_by(back).named([key, "IPv6".to_owned()])
    };
    topology.sysctls(spec).into_iter().map(turned).collect()
}

fn files(spec: &ContainerSpec) -> Vec<Fault> {
    let name = spec.name.as_str();
    let faults = spec.files.iter().flat_map(|file| {
        let path = file.path.as_str();
        let base = path.rsplit('/').next().unwrap_or(path);
        let fault = |change: &str, act| {
            let id = format!("file/{name}/{base}/{change}");
            Fault::of(id, name, vec![act]).named([path])
        };
        [
            fault("removed", Act::run(name, ["rm", path])),
            fault("emptied", Act::shell_in(name, ": >\"$0\"", [path])),
            fault("added-to", Act::shell_in(name, "printf '\\n! a word\\n' >>\"$0\"", [path])),
        ]
    });
    faults.collect()
}

/// The programs that run: those that always do, and those that the file of the daemons enables.
fn programs(spec: &ContainerSpec) -> Vec<Fault> {
    let name = spec.name.as_str();
    let file = spec.files.iter().find(|file| file.path.ends_with("/daemons"));
    let text = file.map(|file| String::from_utf8_lossy(&file.contents).into_owned()).unwrap_or_default();
    let is_on = |daemon: &&str| text.lines().any(|line| line == format!("{daemon}=yes"));
    let all = ["zebra", "staticd"].into_iter().chain(["bgpd", "bfdd"].into_iter().filter(is_on));
    let faults = all.flat_map(|daemon| {
        let fault = |change: &str, script: &str| {
            let id = format!("program/{name}/{daemon}/{change}");
            Fault::of(id, name, vec![Act::shell_in(name, script, [daemon])]).named([daemon])
        };
        const PID: &str = "$(cat /run/frr/\"$0\".pid)";
        [
            // What starts it again is stopped, so that it stays dead.
            fault("killed", &format!("kill -STOP $(cat /run/frr/watchfrr.pid); kill -9 {PID}")),
            fault("restarted", &format!("kill -9 {PID}")),
            fault("stopped", &format!("kill -STOP {PID}")).undone_by(Act::shell_in(
                name,
                &format!("kill -CONT {PID}"),
                [daemon],
            )),
            fault("socket-removed", "rm /run/frr/\"$0\".vty"),
        ]
    });
    faults.collect()
}

/// Faults of the service's addresses on the nodes that answer at them.
pub(super) fn service_addresses(lab: &Lab, nodes: &[Node]) -> Vec<Fault> {
    let of = |node: &Node, address: IpAddr| {
        let range = if address.is_ipv4() { format!("{address}/32") } else { format!("{address}/128") };
        let act = Act::run(&node.name, ["ip", "address", "delete", &range, "dev", "lo"]);
        Fault::of(format!("address/{}/{address}/deleted", node.name), &node.name, vec![act]).named([address])
    };
    let on = |node: &Node| -> BTreeSet<IpAddr> {
        let own = lab.services.iter().zip(lab.assigned()).filter(|(service, _)| lab.announces(node, service));
        own.flat_map(|(_, assigned)| assigned.known().collect::<Vec<_>>()).collect()
    };
    nodes.iter().flat_map(|node| on(node).into_iter().map(move |address| of(node, address))).collect()
}
