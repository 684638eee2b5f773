//! Faults of Docker's objects: networks and containers.

use bgplab::netlab::{ContainerSpec, Lab, NetworkSpec};

use crate::dev::faults::fault::{Act, Fault};

/// The name of a network's bridge, as Docker makes it.
const BRIDGE: &str = "br-$(docker network inspect -f '{{.Id}}' \"$0\" | cut -c 1-12)";

/// Faults of the networks.
pub(super) fn networks(lab: &Lab) -> impl Iterator<Item = Fault> {
    lab.networks().iter().flat_map(move |network| [removed(lab, network), bridge_down(lab, network)])
}

/// The containers that are on a network.
fn on<'a>(lab: &'a Lab, network: &'a NetworkSpec) -> impl Iterator<Item = &'a str> {
    let is_on = |spec: &&ContainerSpec| spec.endpoints.iter().any(|at| at.network == network.name);
    lab.containers().iter().filter(is_on).map(|spec| spec.name.as_str())
}

fn network(network: &NetworkSpec, change: &str, acts: Vec<Act>) -> Fault {
    let name = network.name.as_str();
    let id = format!("network/{name}/{change}");
    Fault { id, acts, names: vec![vec![name.to_owned()]], touched: Vec::new(), undo: Vec::new() }
}

fn removed(lab: &Lab, spec: &NetworkSpec) -> Fault {
    let name = spec.name.as_str();
    let off = on(lab, spec).map(|container| Act::docker(["network", "disconnect", "-f", name, container]));
    let acts = off.chain([Act::docker(["network", "rm", name])]).collect();
    network(spec, "removed", acts).touching(on(lab, spec))
}

fn bridge_down(lab: &Lab, spec: &NetworkSpec) -> Fault {
    let set = |state: &str| Act::shell(&format!("ip link set {BRIDGE} {state}"), [spec.name.as_str()]);
    network(spec, "bridge-down", vec![set("down")]).undone_by(set("up")).touching(on(lab, spec))
}

/// Faults of a node's container that can be undone.
pub(super) fn node(name: &str) -> Vec<Fault> {
    let fault = |change: &str, verb: &str, back: &str| {
        let id = format!("container/{name}/{change}");
        Fault::of(id, name, vec![Act::docker([verb, name])]).undone_by(Act::docker([back, name]))
    };
    vec![fault("stopped", "kill", "start"), fault("paused", "pause", "unpause")]
}

/// Faults of a container as a whole.
pub(super) fn container(spec: &ContainerSpec) -> Vec<Fault> {
    let name = spec.name.as_str();
    let fault = |change: &str, args: &[&str]| {
        let args = args.iter().copied().chain([name]);
        Fault::of(format!("container/{name}/{change}"), name, vec![Act::docker(args)])
    };
    let other = format!("{name}-other");
    let id = format!("container/{name}/renamed");
    vec![
        fault("removed", &["rm", "-f"]),
        fault("stopped", &["kill"]),
        fault("paused", &["pause"]).undone_by(Act::docker(["unpause", name])),
        fault("throttled", &["update", "--cpus", "0.01"]),
        Fault::of(id, name, vec![Act::docker(["rename", name, &other])])
            .undone_by(Act::docker(["rename", &other, name])),
    ]
}
