//! Looking: at Docker, the API and every FRR.

use std::collections::BTreeSet;
use std::net::IpAddr;

use frrconf::views::{BgpSummary, RouteTable};
use ipnet::IpNet;
use netlab::{ContainerState, Observed, RunState};

use super::{Line, Session, Status, data_path};
use crate::bringup::running::{Running, name_of, word};
use crate::checks::{Part, Scene, Seen, Views, of_metallb};
use crate::context::Context;
use crate::failure::Failure;
use labfile::compose::{NextHops, SessionState, Side, TableEntry};

const ABSENT: &str = "not there";
const RUNNING: &str = RunState::Running.as_str();

/// Looks once at everything.
///
/// # Errors
/// Where the engine, or an existing cluster's API, does not answer.
pub async fn status(ctx: &Context) -> Result<Status, Failure> {
    let scene = scene(ctx).await?;
    let mut status = still(&scene).await?;
    moving(&scene, &mut status).await;
    Ok(status)
}

/// Returns the lab as it stands.
pub(super) async fn scene(ctx: &Context) -> Result<Scene, Failure> {
    Scene::set(ctx, Running::find(ctx).await?).await
}

/// Looks at what somebody changes: networks, containers, nodes, MetalLB.
pub(super) async fn still(scene: &Scene) -> Result<Status, Failure> {
    let docker = async {
        match &scene.docker {
            Some(docker) => Ok::<_, Failure>(Some(netlab::observe(docker, &scene.topology, &[]).await?)),
            None => Ok(None),
        }
    };
    let metallb = async {
        match &scene.cluster {
            Some((cluster, seen)) if seen.installed.is_some() => of_metallb(cluster, &scene.lab, seen).await,
            _ => Ok(Vec::new()),
        }
    };
    let (observed, metallb) = futures::try_join!(docker, metallb)?;
    let mut status = Status {
        lab: scene.lab.name.to_string(),
        provider: word(name_of(&scene.lab.cluster.provider)),
        nodes: nodes(scene),
        metallb: metallb
            .into_iter()
            .map(|check| verdict(check.subject.to_string(), check.seen, check.passed))
            .collect(),
        ..Status::default()
    };
    if let Some(observed) = observed {
        status.networks = networks(&scene.topology, &observed);
        status.containers = containers(scene, &observed);
    }
    Ok(status)
}

/// Looks at what changes by itself: sessions, routes, the path to the advertised addresses. Routers are asked, which costs
/// milliseconds, and no pods.
pub(super) async fn moving(scene: &Scene, status: &mut Status) {
    let look = scene.look();
    // A container that does not run would keep us waiting.
    let runs = |name: &str| status.containers.iter().any(|line| line.name == name && line.is.starts_with(RUNNING));
    let routers = |name: &str| scene.lab.routers.iter().any(|router| router.name.as_str() == name);
    let views = look.views_at(|name| routers(name) && runs(name));
    let (views, data_path) = futures::join!(views, data_path::lines(scene));
    status.sessions = sessions(scene, &views);
    status.routes = scene.expected.tables.iter().filter_map(|entry| route(entry, &views)).collect();
    status.data_path = data_path;
}

/// Returns a line about something that has no one right wording.
fn verdict(name: String, is: String, ok: bool) -> Line {
    Line { name, should: "ready".to_owned(), is, ok }
}

fn networks(topology: &netlab::Lab, observed: &Observed) -> Vec<Line> {
    let line = |spec: &netlab::NetworkSpec| {
        let should: Vec<IpNet> = spec.ranges().collect();
        let state = observed.network_of(topology.name(), spec.name.as_str());
        let is = state.map_or_else(|| ABSENT.to_owned(), |state| list(&state.ranges));
        let ok = state.is_some_and(|state| should.iter().all(|range| state.ranges.contains(range)));
        Line { ok, ..Line::new(spec.name.as_str(), list(&should), is) }
    };
    topology.networks().iter().map(line).collect()
}

fn containers(scene: &Scene, observed: &Observed) -> Vec<Line> {
    let own = scene.topology.containers().iter().map(|spec| {
        let at = spec.endpoints.iter().map(|at| (at.network.as_str(), at.pinned().collect::<Vec<_>>()));
        container(spec.name.as_str(), &at.collect::<Vec<_>>(), observed)
    });
    let guests = scene
        .topology
        .guests()
        .iter()
        .map(|spec| container(spec.name.as_str(), &[(spec.network.as_str(), Vec::new())], observed));
    own.chain(guests).collect()
}

/// A container should run, at its pinned addresses; where none are pinned, at any.
fn container(name: &str, at: &[(&str, Vec<IpAddr>)], observed: &Observed) -> Line {
    let place = |network: &str, addresses: &[IpAddr]| match addresses {
        [] => network.to_owned(),
        _ => format!("{network} {}", list(addresses)),
    };
    let should: Vec<String> = at.iter().map(|(network, addresses)| place(network, addresses)).collect();
    let should = format!("{RUNNING}, {}", should.join(", "));
    let Some(state) = observed.container(name) else { return Line::new(name, should, ABSENT) };
    let is: Vec<String> = state
        .endpoints
        .iter()
        .map(|(network, endpoint)| place(network, &endpoint.addresses().collect::<Vec<_>>()))
        .collect();
    let is = format!("{}, {}", state.run.as_str(), is.join(", "));
    let ok = state.run == RunState::Running && at.iter().all(|(network, addresses)| holds(state, network, addresses));
    Line { ok, ..Line::new(name, should, is) }
}

fn holds(state: &ContainerState, network: &str, addresses: &[IpAddr]) -> bool {
    let endpoint = state.endpoints.get(network);
    endpoint.is_some_and(|endpoint| addresses.iter().all(|address| endpoint.addresses().any(|has| has == *address)))
}

fn nodes(scene: &Scene) -> Vec<Line> {
    let Some((_, Seen { nodes, .. })) = &scene.cluster else { return Vec::new() };
    let line = |node: &metallb::NodeView| {
        let ready = if node.ready { "Ready" } else { "NotReady" };
        let is = format!("{ready}, {}, {}", list(&node.addresses), node.kubelet);
        Line { ok: node.ready, ..Line::new(&*node.name, "Ready", is) }
    };
    nodes.iter().map(line).collect()
}

fn sessions(scene: &Scene, views: &Views) -> Vec<Session> {
    let bgp = scene.expected.sessions.iter().map(|session| {
        let bfd = if session.bfd.is_some() { "Established, BFD up" } else { "Established" };
        seen(bfd, &session.answerer, &session.opener, views, Some(session))
    });
    let bare = scene.expected.bare_bfd.iter().map(|pair| seen("BFD up", &pair.router, &pair.node, views, None));
    bgp.chain(bare).collect()
}

/// Returns a session as its router sees it.
fn seen(should: &str, router: &Side, far: &Side, views: &Views, bgp: Option<&SessionState>) -> Session {
    let name = format!("{} – {} {}", router.name, far.name, far.address);
    let Some(view) = views.get(&router.name) else { return Session::unknown(Line::new(name, should, "not asked")) };
    let mut words = Vec::new();
    if bgp.is_some() {
        let state = |all: &BgpSummary| all.state(far.address).map_or_else(|| "no neighbor".into(), ToString::to_string);
        words.push(or_why(&view.bgp, state));
    }
    let bfd = view.bfd.as_ref().ok().and_then(|all| all.to(far.address).next());
    if bgp.is_none_or(|session| session.bfd.is_some()) {
        let word = || bfd.map_or_else(|| "no BFD".to_owned(), |session| format!("BFD {}", session.status));
        words.push(or_why(&view.bfd, |_| word()));
    }
    // A router that cannot be asked at all has one reason.
    words.dedup();
    let line = Line::new(name, should, words.join(", "));
    match (bgp, &view.bgp) {
        (Some(_), Ok(all)) => counted(line, far, all),
        (Some(_), Err(_)) => Session::unknown(line),
        (None, _) => {
            let since = bfd.and_then(|session| session.uptime.or(session.downtime));
            Session { seconds: since.map(|time| time.as_secs()), ..Session::unknown(line) }
        }
    }
}

fn or_why<T>(part: &Part<T>, word: impl FnOnce(&T) -> String) -> String {
    part.as_ref().map_or_else(Clone::clone, word)
}

fn counted(line: Line, far: &Side, all: &BgpSummary) -> Session {
    let families = || [&all.ipv4, &all.ipv6].into_iter().flatten();
    let peers = || families().filter_map(|family| family.peers.get(&far.address));
    Session {
        line,
        seconds: peers().find_map(|peer| peer.uptime).map(|time| time.as_secs()),
        received: Some(peers().filter_map(|peer| peer.prefixes_received).sum()),
        sent: Some(peers().filter_map(|peer| peer.prefixes_sent).sum()),
    }
}

impl Session {
    const fn unknown(line: Line) -> Self {
        Self { line, seconds: None, received: None, sent: None }
    }
}

/// Returns a prefix in a router's table, by its next hops.
fn route(entry: &TableEntry, views: &Views) -> Option<Line> {
    let view = views.get(entry.router.as_str())?;
    let name = format!("{} {}", entry.router, entry.prefix);
    let (wanted, all) = match &entry.next_hops {
        NextHops::All(hops) => (hops, true),
        NextHops::AnyOf(hops) => (hops, false),
    };
    let should = if all { list(wanted) } else { format!("some of {}", list(wanted)) };
    let part = if entry.prefix.addr().is_ipv4() { &view.ipv4 } else { &view.ipv6 };
    let table = match part {
        Ok(table) => table,
        Err(why) => return Some(Line::new(name, should, why)),
    };
    let has = next_hops(table, entry.prefix);
    let ok = if all { has == *wanted } else { !has.is_empty() && has.is_subset(wanted) };
    let is = if has.is_empty() { ABSENT.to_owned() } else { list(&has) };
    Some(Line { ok, ..Line::new(name, should, is) })
}

/// Returns the next hops that BGP learned: what resolves a recursive one is left out.
fn next_hops(table: &RouteTable, prefix: IpNet) -> BTreeSet<IpAddr> {
    let hops = || table.selected(prefix).into_iter().flat_map(|route| &route.next_hops);
    let recursive = hops().any(|hop| hop.recursive);
    hops().filter(|hop| hop.recursive || !recursive).filter_map(|hop| hop.ip).collect()
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(" ")
}
