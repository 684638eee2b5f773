//! The checks that need more than one field, and the lab that comes of them.

mod assignment;
mod cluster;
mod families;
mod ids;
mod metallb;
mod names;
mod native;
mod networks;
mod node_end;
mod nodes;
mod overlaps;
mod own;
mod peers;
mod refused;
mod routers;
mod routes;
mod service;
mod sessions;
mod silent;
mod ttl;
mod unannounced;

use std::{fmt::Display, ops::RangeInclusive, sync::Arc};

use camino::Utf8Path;
use routers::Entry;

use super::{
    At, Image, Lab, Overrides, Place, RawLab,
    model::{Cluster, Images, Network},
    problem::Problem,
    raw::RawImages,
    route::Route,
    session::{BfdProfile, Link, Peer},
    shown::Find,
    text::parse,
};

/// The finds so far. A check continues after a find where it can, so that one run shows everything.
#[derive(Debug, Default)]
struct Finds {
    problems: Vec<Find>,
    warnings: Vec<Find>,
}

impl Finds {
    fn add(&mut self, place: Place, problem: Problem) {
        self.problems.push(Find { place, problem });
    }

    /// Adds a warning.
    fn warn(&mut self, place: Place, problem: Problem) {
        self.warnings.push(Find { place, problem });
    }

    /// Returns the number of problems.
    fn count(&self) -> usize {
        self.problems.len()
    }

    /// Returns the number, or its default; one out of range is a problem.
    fn number<T: Copy + PartialOrd + Display>(
        &mut self,
        given: Option<&At<T>>,
        default: T,
        range: RangeInclusive<T>,
        expected: &'static str,
    ) -> T {
        let Some(given) = given else { return default };
        if !range.contains(&**given) {
            self.add(given.place(), Problem::Range { value: given.to_string(), expected });
        }
        **given
    }

    /// Returns the value of a step that found no problem.
    fn gate<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let before = self.count();
        let value = step(self);
        (self.count() == before).then_some(value)
    }

    /// Returns the value, or adds its problem.
    fn ok<T>(&mut self, place: Place, value: Result<T, Problem>) -> Option<T> {
        value.map_err(|problem| self.add(place, problem)).ok()
    }
}

/// Returns the lab that a file describes and the warnings, or all problems.
pub(super) fn check(raw: RawLab, folder: &Utf8Path, overrides: &Overrides) -> Result<(Lab, Vec<Find>), Vec<Find>> {
    let mut finds = Finds::default();
    let lab = all(&mut finds, raw, folder, overrides);
    match lab {
        Some(lab) if finds.problems.is_empty() => Ok((lab, finds.warnings)),
        _ => Err(finds.problems),
    }
}

fn all(finds: &mut Finds, raw: RawLab, folder: &Utf8Path, overrides: &Overrides) -> Option<Lab> {
    let profiles = sessions::profiles(finds, &raw.bfd_profiles);
    let metallb = metallb::install(finds, &raw.metallb, folder, overrides);
    let mut pools = metallb::pools(finds, &raw.pools);
    let advertisements = metallb::advertisements(finds, &raw.advertisements, &pools, &raw.peers);
    refused::repeated(finds, &raw.advertisements);
    let services = service::check(finds, &raw, &pools);
    overlaps::check(finds, &raw);
    let topology = topology(finds, &raw, folder, overrides, profiles);
    let nodes = topology.as_ref().map_or(&[][..], |topology| &topology.cluster.placement);
    let entries = services.as_deref().unwrap_or_default();
    refused::local_preferences(finds, &raw.advertisements, &advertisements, (&pools, entries), nodes);
    let (topology, mut metallb) = (topology?, metallb?);
    let Topology { networks, routers, routes, links, cluster, profiles, mut peers } = topology;
    refused::versions(finds, &raw, &metallb.version);
    node_end::side_by_side(finds, &raw, (&peers, &cluster), &metallb);
    native::adapt(finds, &raw, &cluster, &mut metallb, &mut peers, &mut pools);
    let services = services?;
    service::in_cluster(finds, &raw, &services, &cluster);
    assignment::check(finds, &raw, &services, &pools);
    let advertisements = metallb::named_peers(advertisements, &peers);
    refused::echo(finds, &raw, &advertisements, &peers, &pools);
    nodes::selects_none(finds, &raw, &cluster);
    unannounced::warn(finds, &raw.pools, &pools, &advertisements, (&peers, &cluster));
    silent::warn(finds, &raw, &services, (&pools, &advertisements));
    let services = services.into_iter().map(|entry| entry.service).collect();
    let context = own::Context { routers: &routers, cluster: &cluster, links: &links, peers: &peers };
    let checks = own::check(finds, &raw.checks, context);
    Some(Lab {
        name: raw.name.into_inner(),
        images: images(raw.images, overrides)?,
        cluster,
        networks,
        routers: routers.into_iter().map(|entry| entry.router).collect(),
        links,
        routes,
        metallb,
        bfd_profiles: profiles,
        advertisements,
        peers,
        pools,
        services,
        checks,
        warnings: Vec::new(),
    })
}

/// The parts of a lab outside MetalLB.
struct Topology {
    networks: Vec<Network>,
    routers: Vec<Entry>,
    routes: Vec<Route>,
    links: Vec<Link>,
    cluster: Cluster,
    profiles: Vec<Arc<BfdProfile>>,
    peers: Vec<Peer>,
}

/// Checks the parts in order of dependency: everything on a wrong network would be reported, too.
fn topology(
    finds: &mut Finds,
    raw: &RawLab,
    folder: &Utf8Path,
    overrides: &Overrides,
    profiles: Vec<Arc<BfdProfile>>,
) -> Option<Topology> {
    let networks = finds.gate(|finds| networks::check(finds, &raw.networks))?;
    let routers = finds.gate(|finds| routers::check(finds, raw, &networks, overrides.routers))?;
    finds.gate(|finds| ids::check(finds, raw, &routers))?;
    let (routes, cluster) = finds.gate(|finds| {
        let nodes = &raw.cluster.network;
        let routes =
            routes::check(finds, &raw.routes, routes::Context { networks: &networks, routers: &routers, nodes });
        (routes, cluster::check(finds, raw, folder, &networks, &routers, overrides))
    })?;
    let cluster = cluster?;
    names::containers(finds, raw, &routers, &cluster);
    let context = peers::Context { cluster: &cluster, routers: &routers, routes: &routes };
    let profiles = ttl::fit(finds, raw, context, profiles);
    let links = peers::links(finds, &raw.routers, &routers, &profiles);
    let peers = peers::check(finds, raw, context, &profiles);
    Some(Topology { networks, routers, routes, links, cluster, profiles, peers })
}

/// Fills in the documented images.
fn images(raw: RawImages, overrides: &Overrides) -> Option<Images> {
    let or = |image: Option<Image>, default| image.or_else(|| parse(default).ok());
    Some(Images {
        frr: or(overrides.frr_image.clone().or(raw.frr), "quay.io/frrouting/frr:9.1.0")?,
        node: or(raw.node, "kindest/node:v1.35.0")?,
        workload: or(raw.workload, "registry.k8s.io/e2e-test-images/agnhost:2.53")?,
    })
}
