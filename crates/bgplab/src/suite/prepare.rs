//! Before the suite: a look at everything that it needs, its program, and its list of specs. Nothing is changed yet.

use std::collections::BTreeMap;
use std::net::IpAddr;

use camino::Utf8PathBuf;
use labfile::{Lab, Node, Provider};
use metallb::spec::NAMESPACE;
use metallb::{Cluster, EXCLUDED, NodeView};
use netlab::{ContainerState, Docker, Engine, NetworkState};

use super::Asked;
use super::begin::Given;
use super::checkout::Checkout;
use super::clean::Cleaning;
use super::ginkgo::Plan;
use super::image::{self, Lacking};
use super::mark::{Before, Mark};
use super::refuse::{Refusal, Seen, failure, refusals};
use super::select::{Families, Lack, bgp_mode, skips};
use super::{compile, ranges};
use crate::acts;
use crate::bringup::Mode;
use crate::bringup::kind::Kind;
use crate::bringup::nodes_in_docker;
use crate::bringup::running::{Running, with_installed};
use crate::context::Context;
use crate::deploy::{self, Deploy};
use crate::failure::Failure;
use crate::process::Cmd;

/// The programs that the suite and its preparation call.
const PROGRAMS: [&str; 4] = ["go", "git", "docker", "kubectl"];
/// The namespace in which the suite expects Prometheus.
const PROMETHEUS: &str = "monitoring";
/// Makes a VRF and takes it away again.
const TRY_VRF: &str = "ip link add e2e-vrf type vrf table 4093 && ip link del e2e-vrf";

/// A suite that may begin.
pub(super) struct Ready {
    pub(super) lab: Lab,
    pub(super) docker: Docker,
    pub(super) cluster: Cluster,
    pub(super) nodes: Vec<Node>,
    pub(super) checkout: Checkout,
    pub(super) program: Utf8PathBuf,
    pub(super) plan: Plan,
    pub(super) of: String,
    pub(super) lacks: Vec<Lack>,
    pub(super) backend: metallb::spec::Backend,
    pub(super) arguments: Given,
    pub(super) cleaning: Cleaning,
}

/// Looks at everything, compiles the suite, and lists its specs.
pub(super) async fn ready(ctx: &Context, asked: &Asked) -> Result<Ready, Failure> {
    let lab = ctx.lab()?;
    if lab.cluster.provider != Provider::Kind {
        return Err(refused(&[Refusal::Provider]));
    }
    let checkout = Checkout::read(&asked.checkout).await?;
    let running = Running::find(ctx).await?;
    let docker = running.docker()?.clone();
    ctx.lock(&lab, Some(&docker), "e2e")?;
    let not_up = |why: String| refused(&[Refusal::NotDeployed(why)]);
    let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
    let nodes = nodes_in_docker(&lab, &containers).map_err(|why| not_up(format!("the cluster does not run: {why}")))?;
    let kubeconfig = Kind { lab: &lab, docker: &docker, progress: &ctx.progress }.kubeconfig().await?;
    let cluster = Cluster::from_kubeconfig_text(&kubeconfig, None).await?;
    let installed = cluster.installed(NAMESPACE).await?;
    let Some(backend) = installed.backend else { return Err(not_up("MetalLB is not deployed".to_owned())) };
    let lab = with_installed(ctx, lab, &installed)?;

    let cache = deploy::cache().unwrap_or_else(|| ".metallb-lab".into()).join("e2e");
    let mark = Mark::of(&cache, lab.name.as_str());
    let mut cleaning = Cleaning {
        lab: lab.clone(),
        docker: docker.clone(),
        cluster: cluster.clone(),
        nodes: nodes.clone(),
        before: Before::default(),
        mark,
    };
    let (networks, containers) = match cleaning.mark.read() {
        None => (networks, containers),
        Some(before) => {
            ctx.progress.say("an earlier run of the suite was killed: what it left is cleaned up first");
            cleaning.before = before;
            cleaning.suite(ctx).await?;
            futures::try_join!(docker.networks(), docker.containers())?
        }
    };
    let before = cluster.namespace_names().await?;
    let views = cluster.nodes().await?;
    if cleaning.before == Before::default() {
        cleaning.before = Before { namespaces: before.clone(), excluded: excluded(&views) };
    }
    let vrf = docker.exec(&nodes[0].name, &["sh", "-c", TRY_VRF]).await?.code == 0;
    let image = asked.frr_image.clone().unwrap_or_else(|| checkout.frr.clone());
    let missing: Vec<&'static str> = PROGRAMS.into_iter().filter(|name| Cmd::new(*name).find().is_err()).collect();
    let lacking = if missing.contains(&"docker") {
        Lacking::default()
    } else {
        image::lacking(&docker, &ctx.progress, &image).await?
    };
    let foreign = cluster.foreign_resources(NAMESPACE, &acts::label(&lab)?).await?;
    let seen = Seen {
        checkout: checkout.at.clone(),
        containers: containers.iter().map(|container| container.name.clone()).collect(),
        networks: networks.iter().map(|network| network.name.clone()).collect(),
        missing_programs: missing,
        image: (image.clone(), lacking.lost.clone()),
        foreign: foreign.iter().map(ToString::to_string).collect(),
        vrf,
    };
    if let Some(failure) = failure(&refusals(&lab, &seen)) {
        return Err(failure);
    }

    // The lab comes back afterwards: whatever that needs has to be at hand.
    Deploy::prepare(ctx, &lab, Some(&docker), Mode::DryRun).await?;
    let lacks: Vec<Lack> = [(Lack::Vrf, vrf), (Lack::Prometheus, before.iter().any(|name| name == PROMETHEUS))]
        .into_iter()
        .filter_map(|(lack, there)| (!there).then_some(lack))
        .collect();
    lacks.iter().for_each(|lack| ctx.progress.say(&lack.to_string()));
    let families = Families::of(&lab);
    let selection = selection(asked, &skips(lab.metallb.backend, families, &lacks));
    let program = compile::compile(&ctx.progress, &checkout, &cache).await?;
    let plan = compile::list(&program, &checkout, &selection).await?;
    if plan.specs.is_empty() {
        return Err(Failure::wrong_use("no spec is left to run")
            .because(selection.join(" "))
            .next("another --focus or --skip"));
    }
    let of = format!("MetalLB {}, backend {}, {families}", lab.metallb.version, bgp_mode(lab.metallb.backend));
    let arguments = Given {
        selection,
        image,
        lacking,
        interfaces: interfaces(&docker, &lab, &networks, &nodes[0].name).await?,
        ranges: layer_2(&lab, &containers),
        vrf,
        backend: lab.metallb.backend,
        kubeconfig,
    };
    Ok(Ready { lab, docker, cluster, nodes, checkout, program, plan, of, lacks, backend, arguments, cleaning })
}

fn refused(refusals: &[Refusal]) -> Failure {
    failure(refusals).unwrap_or_else(|| Failure::machine("MetalLB's suite cannot run here"))
}

/// Returns the nodes that are left out of load balancing by a label, and its value.
fn excluded(views: &[NodeView]) -> BTreeMap<String, String> {
    views.iter().filter_map(|view| Some((view.name.clone(), view.labels.get(EXCLUDED)?.clone()))).collect()
}

/// Returns ginkgo's arguments that select specs.
fn selection(asked: &Asked, skips: &[&str]) -> Vec<String> {
    let focus = asked.focus.iter().map(|focus| format!("-ginkgo.focus={focus}"));
    let skip = skips.iter().copied().chain(asked.skip.as_deref()).collect::<Vec<_>>().join("|");
    focus.chain((!skip.is_empty()).then(|| format!("-ginkgo.skip={skip}"))).collect()
}

/// Returns the addresses for layer 2.
fn layer_2(lab: &Lab, containers: &[ContainerState]) -> [Option<(ipnet::IpNet, ipnet::IpNet)>; 2] {
    let Some(network) = lab.network_of_nodes() else { return [None, None] };
    let ends = containers.iter().filter_map(|container| container.endpoints.get(network.name.as_str()));
    let used: Vec<IpAddr> = ends.flat_map(|end| end.addresses()).chain(network.gateways().iter()).collect();
    ranges::for_layer_2(network, &used)
}

/// Returns the nodes' interface on their network, and that network's bridge here.
async fn interfaces(
    docker: &Docker,
    lab: &Lab,
    networks: &[NetworkState],
    node: &str,
) -> Result<(String, String), Failure> {
    let routes = docker.exec(node, &["sh", "-c", "ip -o route show default; ip -6 -o route show default"]).await?;
    let mut words = routes.stdout.split_whitespace();
    let of_node = words.find(|word| *word == "dev").and_then(|_| words.next()).unwrap_or("eth0").to_owned();
    let network = networks.iter().find(|network| network.name == lab.cluster.network.as_str());
    Ok((of_node, network.and_then(NetworkState::bridge).unwrap_or_default()))
}
