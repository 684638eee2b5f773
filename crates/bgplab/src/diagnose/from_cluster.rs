//! Evidence of a cluster that no lab file describes: MetalLB's resources say what should be, its speakers and those of its
//! peers that are containers here what is.

mod seen;

use std::collections::BTreeMap;
use std::net::IpAddr;

use diagnosis::Evidence;
use diagnosis::evidence::{ClusterEvidence, Frr, WithoutLab};
use futures::future::join_all;
use labfile::compose::{self, Expected};
use labfile::{Backend, Inferred, Known, Lab, Node};
use metallb::Cluster;
use metallb::facts::{Configured, Facts};
use metallb::plan::Plan;
use netlab::Engine;

use self::seen::Seen;
use super::gather::{insides, is_slow, limits};
use crate::checks::cluster::{Seen as Checked, checks, named};
use crate::checks::{Check, Subject, frr};
use crate::failure::Failure;

/// Gathers the evidence; and everything that cannot be seen, in words.
///
/// # Errors
/// An error of the API or of the engine.
pub(crate) async fn gather(cluster: Cluster) -> Result<(Evidence, Vec<String>), Failure> {
    let seen = Seen::look(cluster).await?;
    let (nodes, frr) = (seen.nodes()?, seen.frr().await);
    let speaking = |(name, frr): (&String, &Frr)| Some((name.clone(), frr.instance()?.asn));
    let speaking: BTreeMap<String, u32> = frr.iter().filter_map(speaking).collect();
    let inferred = Lab::inferred(&Known {
        configured: &seen.configured,
        backend: seen.backend(),
        nodes: &nodes,
        services: &seen.balanced,
        networks: &seen.networks,
        containers: &seen.containers,
        speaking: &speaking,
        multihop: &multihop(&seen.configured, &frr),
    })?;
    let Inferred { lab, absent, mut unseen } = inferred;
    if seen.pods.nodes().next().is_none() && seen.backend() == Some(Backend::Native) {
        unseen.push("the native speakers' own view: they have no shell to ask".to_owned());
    }
    let services = lab
        .services
        .iter()
        .map(async |service| seen.cluster.service(named(service)).await.map_err(|error| error.to_string()));
    let services = join_all(services).await;
    let Seen { cluster, views, installed, facts, speakers, pods, docker, balanced, .. } = &seen;
    let checked = Checked { nodes: views.clone(), installed: *installed, pods: pods.clone(), services };
    let expected = expected(&checked, &lab, &nodes);
    let places: Vec<String> = frr.keys().cloned().collect();
    let inside = async {
        let Some(docker) = docker else { return Default::default() };
        let here: Vec<String> =
            places.into_iter().filter(|name| seen.containers.iter().any(|own| own.name == *name)).collect();
        let limits = limits(docker, &here).await;
        let quick = here.iter().filter(|name| !limits.get(*name).is_some_and(is_slow));
        (insides(docker, quick).await, limits)
    };
    let endings = async {
        let Some(docker) = docker else { return BTreeMap::new() };
        let one = async |name: &String| {
            let (ending, words) = futures::join!(docker.ending(name), docker.log_tail(name));
            Some((name.clone(), (ending.ok()?, words.unwrap_or_default())))
        };
        join_all(absent.iter().flat_map(|absent| &absent.stopped).map(one)).await.into_iter().flatten().collect()
    };
    let none = async { Ok(Plan::default()) };
    let ((inside, limits), endings, mut failed) =
        futures::join!(inside, endings, checks(cluster, &lab, &checked, none));
    failed.extend(frr::sessions(&expected.sessions, &frr));
    failed.extend(frr::announced(&expected.announced, &frr));
    failed.retain(|check| !check.passed && is_ours(check, &nodes));
    let applications = lab.services.iter().filter_map(|own| {
        let at =
            balanced.iter().position(|one| one.name == own.name.as_str() && one.namespace == own.namespace.as_str());
        facts.applications.get(at?).cloned()
    });
    let facts = Facts { applications: applications.collect(), ..facts.clone() };
    let cluster = ClusterEvidence {
        nodes: views.clone(),
        installed: *installed,
        speakers: speakers.clone(),
        services: checked.services,
        differences: Ok(Plan::default()),
        facts,
    };
    let without_lab = WithoutLab { absent, pending: seen.pending(), secrets: seen.configured.secrets.clone() };
    let bare = Evidence::inferred(lab, nodes, expected)?;
    let evidence = Evidence {
        failed,
        endings,
        limits,
        inside,
        frr,
        cluster: Some(cluster),
        without_lab: Some(without_lab),
        ..bare
    };
    Ok((evidence, unseen))
}

/// The peers' addresses to which a node has a BFD session.
fn multihop(configured: &Configured, frr: &BTreeMap<String, Frr>) -> BTreeMap<IpAddr, bool> {
    let addresses = configured.configuration.peers.iter().map(|peer| peer.spec.peer_address);
    let session = |address: IpAddr| {
        let mut all = frr.values().filter_map(|frr| frr.bfd.as_ref());
        all.find_map(|bfd| bfd.to(address).next().map(|session| (address, session.multihop)))
    };
    addresses.filter_map(session).collect()
}

/// The sessions and the nodes' own announcements. The tables of peers are theirs to decide, and so is who answers whom.
fn expected(checked: &Checked, lab: &Lab, nodes: &[Node]) -> Expected {
    let all = checked.observing(lab, |observed| compose::expected_of(lab, nodes, observed));
    let announced = all.announced.into_iter().filter(|entry| entry.by).collect();
    Expected { sessions: all.sessions, announced, ..Expected::default() }
}

/// `true` unless a check is of a node that the speakers leave out.
fn is_ours(check: &Check, nodes: &[Node]) -> bool {
    match &check.subject {
        Subject::Speaker { node } => nodes.iter().any(|own| own.name == *node),
        _ => true,
    }
}
