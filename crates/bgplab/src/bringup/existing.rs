//! A cluster that is there already: reached through its kubeconfig, and nothing else.

use std::net::IpAddr;

use camino::Utf8PathBuf;
use diagnosis::evidence::network_is_own;
use ipnet::IpNet;
use metallb::{Cluster, NodeView};
use netlab::{Docker, Engine};

use super::converge::converge;
use super::{Brought, Mode, images, settled};
use crate::checks::Look;
use crate::context::Context;
use crate::failure::Failure;
use labfile::compose;
use labfile::{Addresses, Lab, LabelKey, LabelValue, Labels, Node, NodeRole, Provider};

/// The API of the cluster that the lab names: its kubeconfig and context, or else the ones that kubectl would take.
///
/// # Errors
/// Wrong use where the lab has another provider, or the kubeconfig does not say what is needed.
pub async fn cluster(lab: &Lab) -> Result<Cluster, Failure> {
    let Provider::Existing { kubeconfig, context } = &lab.cluster.provider else {
        return Err(Failure::wrong_use(format!("lab {} makes its own cluster", lab.name)).next("--provider existing"));
    };
    let path = match kubeconfig {
        Some(path) => path.clone(),
        None => usual()?,
    };
    Ok(Cluster::connect(path.as_std_path(), context.as_deref()).await?)
}

/// The kubeconfig that kubectl would read first.
fn usual() -> Result<Utf8PathBuf, Failure> {
    let named = std::env::var("KUBECONFIG").ok().and_then(|list| list.split(':').next().map(str::to_owned));
    let named = named.filter(|path| !path.is_empty()).map(Utf8PathBuf::from);
    let home = || std::env::var("HOME").ok().map(|home| Utf8PathBuf::from(home).join(".kube/config"));
    named.or_else(home).ok_or_else(|| {
        Failure::wrong_use("provider existing: which cluster?").next("name its kubeconfig: --kubeconfig FILE")
    })
}

/// The cluster's nodes, with the addresses in the API. Those that load balancing leaves out count as control plane:
/// they announce nothing.
///
/// # Errors
/// A step failure that names the nodes without an address; what the API says.
pub async fn nodes(cluster: &Cluster) -> Result<Vec<Node>, Failure> {
    nodes_of(&cluster.nodes().await?).map_err(Failure::step)
}

/// The same of nodes that were read before.
///
/// # Errors
/// The names of the nodes without an address.
pub fn nodes_of(views: &[NodeView]) -> Result<Vec<Node>, String> {
    let (mut nodes, mut without) = (Vec::new(), Vec::new());
    for view in views {
        match Addresses::new(view.ipv4(), view.ipv6()) {
            Some(addresses) => nodes.push(Node {
                name: view.name.clone(),
                role: if view.announces() { NodeRole::Worker } else { NodeRole::ControlPlane },
                addresses,
                labels: labels(view),
            }),
            None => without.push(view.name.as_str()),
        }
    }
    if without.is_empty() { Ok(nodes) } else { Err(format!("{} without an address", without.join(", "))) }
}

/// The labels by which MetalLB selects a node.
fn labels(view: &NodeView) -> Labels {
    let read = |(key, value): (&String, &String)| Some((LabelKey::new(key).ok()?, LabelValue::new(value).ok()?));
    view.labels.iter().filter_map(read).collect()
}

/// Builds what is outside the cluster: routers on this engine, where the nodes are on the lab's own network there.
///
/// # Errors
/// A refusal where the nodes are somewhere else, with nothing changed; a wait that ran out.
pub(super) async fn up(ctx: &Context, lab: &Lab, docker: &Docker, mode: Mode) -> Result<Brought, Failure> {
    let nodes = nodes(&cluster(lab).await?).await?;
    let topology = compose::docker_lab(lab, &nodes)?;
    let wanted = [lab.images.frr.as_str()];
    let images = images::ensure(docker, &ctx.progress, &wanted, mode);
    let (observed, ()) = futures::try_join!(async { Ok(netlab::observe(docker, &topology).await?) }, images)?;
    in_reach(lab, &nodes, observed.network_of(topology.name(), lab.cluster.network.as_str()).is_some())?;
    let mut changes = converge(ctx, docker, &topology, &observed, mode).await?;
    if mode == Mode::DryRun {
        return Ok(Brought { changes, checks: Vec::new() });
    }
    let mut expected = compose::expected(lab, &nodes).without_metallb();
    // Its machines are somebody else's: nothing is run on them, and their routes are not ours to set.
    expected.forwarding.retain(|ping| lab.routers.iter().any(|router| router.name.as_str() == ping.from));
    let (report, reset) =
        settled(ctx, &Look::new(docker, &topology, &expected), changes.is_empty()).await.map_err(|failure| {
            let routes = compose::node_routes(lab).into_iter();
            routes.fold(failure, |failure, route| failure.because(format!("each node needs the route {route}")))
        })?;
    changes.extend(reset);
    Ok(Brought { changes, checks: report.checks })
}

/// `true` if routers on this engine could reach the cluster's nodes.
///
/// # Errors
/// An error of the API or of the engine.
pub async fn reaches(lab: &Lab, docker: &Docker) -> Result<bool, Failure> {
    let nodes = nodes(&cluster(lab).await?).await?;
    Ok(in_reach(lab, &nodes, network_is_own(lab, &docker.networks().await?)).is_ok())
}

/// Refuses where the routers could not reach the nodes.
fn in_reach(lab: &Lab, nodes: &[Node], network_is_ours: bool) -> Result<(), Failure> {
    let network = &lab.cluster.network;
    let subnets: Vec<IpNet> = lab.network_of_nodes().into_iter().flat_map(|own| own.subnets.iter()).collect();
    let outside = nodes.iter().find_map(|node| {
        // Of a family that the network does not have, an address is no matter.
        let is_meant = |address: &IpAddr| subnets.iter().any(|net| net.addr().is_ipv4() == address.is_ipv4());
        let mut meant = node.addresses.iter().filter(is_meant);
        let address = meant.find(|address| !subnets.iter().any(|net| net.contains(address)))?;
        Some(format!("{} is at {address}, outside of network {network}", node.name))
    });
    let why = match outside {
        Some(why) => why,
        None if !network_is_ours => format!("this engine has no network {network} of lab {}", lab.name),
        None => return Ok(()),
    };
    Err(Failure::machine("routers on this engine could not reach the cluster's nodes; nothing was changed")
        .because(why)
        .next("run the routers where the nodes are reached; `⌘ deploy-metallb` needs none of them here"))
}

/// The engine, where the lab's routers are on it: they may as well be somewhere else.
///
/// # Errors
/// An error of the engine.
pub async fn with_routers(lab: &Lab, docker: Option<Docker>) -> Result<Option<Docker>, Failure> {
    let Some(docker) = docker else { return Ok(None) };
    let containers = docker.containers().await?;
    let ours = |name: &str| containers.iter().any(|c| c.name == name && c.lab.as_deref() == Some(lab.name.as_str()));
    Ok(lab.routers.iter().any(|router| ours(router.name.as_str())).then_some(docker))
}

#[cfg(test)]
mod tests {
    use super::*;
    use labfile::Overrides;

    fn node(v4: &str, v6: Option<&str>) -> Node {
        let addresses = Addresses::new(v4.parse().ok(), v6.map(|v6| v6.parse().unwrap())).unwrap();
        Node { name: "node-1".to_owned(), role: NodeRole::Worker, addresses, labels: Labels::new() }
    }

    #[test]
    fn routers_are_built_only_where_they_reach_the_nodes() {
        let lab = Lab::documented(&Overrides::default()).unwrap();
        let refused = |node: Node, ours| in_reach(&lab, &[node], ours).err().map(|failure| failure.to_json());
        assert!(refused(node("10.0.1.3", Some("fd00:10:0:1::3")), true).is_none());
        let far = refused(node("192.168.7.3", None), true).unwrap();
        assert_eq!(far["causes"][0], "node-1 is at 192.168.7.3, outside of network kind");
        assert!(refused(node("10.0.1.3", Some("2001:db8::3")), true).is_some());
        assert_eq!(refused(node("10.0.1.3", None), false).unwrap()["code"], 3);
    }

    #[test]
    fn a_node_without_an_address_is_named() {
        let view: NodeView = NodeView {
            name: "node-6".to_owned(),
            ready: true,
            not_ready_because: None,
            addresses: Vec::new(),
            control_plane: false,
            excluded_from_load_balancers: false,
            unschedulable: false,
            pod_cidrs: Vec::new(),
            labels: Default::default(),
            kubelet: String::new(),
        };
        assert_eq!(nodes_of(std::slice::from_ref(&view)).unwrap_err(), "node-6 without an address");
        let v6 = "2001:db8::6".parse().unwrap();
        let nodes = nodes_of(&[NodeView { addresses: vec![IpAddr::V6(v6)], ..view }]).unwrap();
        assert_eq!(nodes[0].addresses, Addresses::V6(v6));
    }
}
