//! Images of the engine, brought into the nodes of a kind cluster.

use labfile::Provider;
use netlab::Engine;
use serde::Serialize;

use crate::bringup::nodes_in_docker;
use crate::bringup::running::Running;
use crate::context::Context;
use crate::deploy::images;
use crate::failure::Failure;

/// Images that every node has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Brought {
    /// The images.
    pub images: Vec<String>,
    /// The nodes.
    pub nodes: Vec<String>,
    /// The number of nodes that lacked one, or had another of that name.
    pub imports: usize,
}

/// Brings images into every node of the cluster, control plane too, as a deployment does: those that the engine does not
/// have are pulled, and those that a node has already are left alone.
///
/// # Errors
/// Wrong use where the lab's nodes are not kind's; a machine failure with an image that is nowhere, or a node that does
/// not run.
pub async fn bring(ctx: &Context, images: &[String]) -> Result<Brought, Failure> {
    let running = Running::find(ctx).await?;
    match running.lab.cluster.provider {
        Provider::Kind => {}
        Provider::Standalone { .. } => {
            let failure = Failure::wrong_use("standalone nodes have no images of their own");
            return Err(failure.next("the engine's images are theirs: ⌘ images load FILE"));
        }
        Provider::Existing { .. } => {
            let failure = Failure::wrong_use("the nodes of an existing cluster are not this lab's to load images into");
            return Err(failure.next("push the images to a registry that the cluster pulls from"));
        }
    }
    let docker = running.docker()?;
    let nodes = nodes_in_docker(&running.lab, &docker.containers().await?)
        .map_err(|why| Failure::machine("not every node of the cluster runs").because(why).next("⌘ lab-up"))?;
    let imports = images::into_nodes(docker, &ctx.progress, images::asked(images), &nodes).await?;
    let nodes = nodes.into_iter().map(|node| node.name).collect();
    Ok(Brought { images: images.to_vec(), nodes, imports })
}
