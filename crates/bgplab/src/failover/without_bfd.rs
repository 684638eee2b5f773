//! Turns BFD off for the runs without it, in the running configuration only, and on again afterwards.

use frrconf::ask::Question;
use frrconf::change::BfdSwitch;
use frrconf::vty::Daemon;
use futures::future::try_join_all;
use metallb::Cluster;
use metallb::spec::Backend;
use netlab::Docker;

use super::pod;
use super::watch::logs::execute_once_up;
use crate::failure::Failure;
use crate::restores::{Kept, Restores};
use crate::router::Routers;
use crate::scene::Scene;

/// The question by whose answer BFD is turned off, and on as it was.
const SHOW: Question = Question::Running(Daemon::Bgpd);

/// Turns BFD off at both ends of every session that the lab can reach, at nodes first: they would otherwise lose their
/// sessions with it.
///
/// # Errors
/// If a daemon refuses.
pub(crate) async fn off(
    scene: &Scene,
    docker: &Docker,
    routers: &Routers<'_>,
    restores: &Restores,
) -> Result<Vec<Kept>, Failure> {
    let mut places: Vec<(&str, bool)> = scene
        .expected
        .sessions
        .iter()
        .filter(|session| session.bfd.is_some())
        .flat_map(|session| [&session.opener, &session.answerer])
        .map(|side| (side.name.as_str(), side.is_node))
        .collect();
    places.sort_unstable_by_key(|(name, is_node)| (!is_node, *name));
    places.dedup();
    let mut kept = Vec::new();
    for ends in places.chunk_by(|a, b| a.1 == b.1) {
        let of = async |(place, is_node): &(&str, bool)| match (&scene.cluster, is_node) {
            (Some(_), true) => in_pod(scene, place, restores).await,
            _ => in_container(place, docker, routers, restores).await,
        };
        kept.extend(try_join_all(ends.iter().map(of)).await?.into_iter().flatten());
    }
    Ok(kept)
}

async fn in_container(
    place: &str,
    docker: &Docker,
    routers: &Routers<'_>,
    restores: &Restores,
) -> Result<Option<Kept>, Failure> {
    let show = [SHOW.command().to_owned()];
    let not_executed = |error| {
        Failure::step(format!("BFD of {place} cannot be turned off"))
            .cause(&error as &(dyn std::error::Error + 'static))
    };
    let shown = routers.execute(place, Daemon::Bgpd, &show).await.map_err(not_executed)?;
    let Some(BfdSwitch { off, on, .. }) = shown.first().and_then(|shown| BfdSwitch::of(shown)) else { return Ok(None) };
    let (docker, container) = (docker.clone(), place.to_owned());
    let kept = restores.keep(format!("BFD of {place} on"), move || {
        let (docker, container, on) = (docker.clone(), container.clone(), on.clone());
        async move { execute_once_up(&Routers::new(&docker), &container, Daemon::Bgpd, on.lines()).await }
    });
    routers.execute(place, Daemon::Bgpd, off.lines()).await.map_err(not_executed)?;
    Ok(Some(kept))
}

async fn in_pod(scene: &Scene, node: &str, restores: &Restores) -> Result<Option<Kept>, Failure> {
    let Some((cluster, seen)) = &scene.cluster else { return Ok(None) };
    if seen.pods.on(node).is_none() {
        return Ok(None);
    }
    let (backend, show) = (seen.installed.backend, ["vtysh", "-c", SHOW.vtysh_command()]);
    let shown = vtysh(cluster, backend, node, &show).await?;
    let Some(BfdSwitch { off, on, .. }) = BfdSwitch::of(&shown) else { return Ok(None) };
    let kept = restores.keep(format!("BFD of {node} on"), {
        let (cluster, node) = (cluster.clone(), node.to_owned());
        move || {
            let (cluster, node, on) = (cluster.clone(), node.clone(), on.clone());
            async move { vtysh(&cluster, backend, &node, &on.argv()).await.map(drop) }
        }
    });
    vtysh(cluster, backend, node, &off.argv()).await?;
    Ok(Some(kept))
}

/// Runs vtysh in a node's pod, whichever it is now.
async fn vtysh(cluster: &Cluster, backend: Option<Backend>, node: &str, argv: &[&str]) -> Result<String, Failure> {
    let place = pod::of_cluster(cluster, backend, node).await?;
    let done = cluster.exec(place.pod(), Some(metallb::frr::CONTAINER), argv).await?;
    if done.code == 0 { Ok(done.stdout) } else { Err(Failure::step("vtysh refused").because(done.stderr)) }
}
