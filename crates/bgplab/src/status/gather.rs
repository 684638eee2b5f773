//! Looking: at Docker, the API and every FRR.

use super::{Status, data_path, judged, moving, still};
use crate::bringup::running::{Running, name_of, word};
use crate::checks::{self, of_metallb};
use crate::context::Context;
use crate::failure::Failure;
use crate::scene::Scene;

/// Looks once at everything.
///
/// # Errors
/// If the engine, or an existing cluster's API, does not answer.
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
            Some(docker) => Ok::<_, Failure>(Some(netlab::observe(docker, &scene.topology).await?)),
            None => Ok(None),
        }
    };
    let metallb = async {
        match &scene.cluster {
            Some((cluster, seen)) if seen.installed.is_some() => of_metallb(cluster, &scene.lab, seen).await,
            _ => Vec::new(),
        }
    };
    let (observed, metallb) = futures::join!(docker, metallb);
    let mut status = Status {
        lab: scene.lab.name.to_string(),
        provider: word(name_of(&scene.lab.cluster.provider)),
        nodes: still::nodes(scene),
        metallb: metallb.iter().map(judged::plain).collect(),
        ..Status::default()
    };
    if let Some(observed) = observed? {
        let checks = checks::of_docker(&scene.topology, &observed, scene.lab.knows_every_node(&scene.nodes));
        (status.networks, status.containers) = still::of_docker(&checks, &scene.topology, &observed);
    }
    Ok(status)
}

/// Looks at what changes by itself: sessions, routes, the path to the advertised addresses. Routers are asked, which costs
/// milliseconds, and no pods.
pub(super) async fn moving(scene: &Scene, status: &mut Status) {
    let look = scene.look();
    // A container that does not run would keep us waiting.
    let runs =
        |name: &str| status.containers.iter().any(|line| line.name == name && line.is.starts_with(still::RUNNING));
    let routers = |name: &str| scene.lab.routers.iter().any(|router| router.name.as_str() == name);
    let views = look.views_at(|name| routers(name) && runs(name));
    let (views, data_path) = futures::join!(views, data_path::lines(scene));
    status.sessions = moving::sessions(&scene.expected, &views);
    status.routes = moving::routes(&scene.expected, &views);
    status.data_path = data_path;
}
