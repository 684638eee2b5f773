//! Brings MetalLB into a cluster, until its address answers: sources and images first, then the API's objects phase by
//! phase, each phase as soon as what it needs is there.

mod apply;
pub(crate) mod built;
mod frr_there;
pub mod images;
mod make;
mod observer;
mod proof;
mod reload;
mod source;
mod target;

use metallb::Installation;
use netlab::Docker;
use serde::Serialize;

use self::images::{Archive, Imported, Loader, archives};
use crate::bringup::stages::{Gate, Stages};
use crate::bringup::{self, Change, Mode, nodes_in_docker};
use crate::context::Context;
use crate::failure::Failure;
use labfile::compose::{self, OnNodes};
use labfile::{Install, Lab, Node, Provider, Source};

pub use make::CERT_MANAGER;
pub use observer::MetalLbObserver;
pub use source::How;
pub(crate) use source::cache;
pub use target::Target;

/// A deployment that is ready to begin: everything is at hand that it needs from outside of the cluster.
#[derive(Debug)]
pub struct Deploy<'a> {
    ctx: &'a Context,
    lab: &'a Lab,
    /// The engine, where there is one.
    engine: Option<&'a Docker>,
    /// The engine on which the nodes are; none where they are somebody else's.
    docker: Option<&'a Docker>,
    how: How,
    archives: Vec<Archive>,
    installation: Installation,
    /// `true` if pods are replaced that run an image of which their node has another.
    reload: bool,
    /// `true` once images came that nobody had named; held while they come.
    in_use: tokio::sync::Mutex<bool>,
}

/// Result of a deployment.
#[derive(Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Deployed {
    /// Number of the API's objects that were made, changed or removed, plus one if make ran.
    pub changed: usize,
    /// Number of archives of images that went into nodes.
    pub imports: usize,
    /// The pods that were replaced, as they ran an image of which their node has another now.
    pub reloaded: Vec<String>,
    /// The repairs that were made on the way.
    pub repairs: Vec<String>,
    /// The changes to the routers, where another backend is on the nodes now.
    pub routers: Vec<Change>,
    /// `true` if MetalLB was there before: its pods are replaced one after the other.
    #[serde(skip)]
    pub in_place: bool,
    /// The settings of the lab file that the backend lacks.
    pub left_out: Vec<&'static str>,
}

impl Deployed {
    /// `true` if nothing had to be done.
    pub fn is_unchanged(&self) -> bool {
        let more = [self.repairs.is_empty(), self.routers.is_empty(), self.reloaded.is_empty()];
        self.changed == 0 && self.imports == 0 && more.into_iter().all(|none| none)
    }
}

impl<'a> Deploy<'a> {
    /// Finds all that is needed: the source of MetalLB, and every image in the engine; pulls what is missing.
    ///
    /// # Errors
    /// A failure with the problem of the source; a machine failure that names the images which are nowhere. Nothing is changed
    /// yet.
    pub async fn prepare(
        ctx: &'a Context,
        lab: &'a Lab,
        docker: Option<&'a Docker>,
        mode: Mode,
    ) -> Result<Self, Failure> {
        let left_out = |what| ctx.progress.say(&format!("backend native has no {what}: left out, on the routers too"));
        lab.metallb.left_out.iter().for_each(left_out);
        let (engine, docker) = (docker, docker.filter(|_| lab.cluster.provider == Provider::Kind));
        let how = built::named(source::prepare(lab).await?, lab, docker).await?;
        if let Some(warning) = how.floating() {
            ctx.progress.say(&warning);
        }
        let archives = if docker.is_some() { archives(lab, Some(&how)) } else { Vec::new() };
        let installation = compose::installation(lab, how.source())?;
        // A contradiction is reported before anything is changed.
        installation.wanted()?;
        let deploy =
            Self { ctx, lab, engine, docker, how, archives, installation, reload: false, in_use: Default::default() };
        deploy.find_images(mode).await?;
        Ok(deploy)
    }

    /// Replaces pods as well that run an image of which their node has another: one of the same name that was built anew.
    #[must_use]
    pub fn reloading(self, reload: bool) -> Self {
        Self { reload, ..self }
    }

    async fn find_images(&self, mode: Mode) -> Result<(), Failure> {
        let Some(docker) = self.docker else { return Ok(()) };
        let names: Vec<&str> = self.archives.iter().flat_map(|archive| &archive.images).map(String::as_str).collect();
        bringup::images::ensure(docker, &self.ctx.progress, &names, mode).await
    }

    /// Deploys beside a bring-up, as far as its stages allow; returns when the API's side of it is done.
    ///
    /// # Errors
    /// [`Failure`], by the exit codes of the design. What was done stays, and the next run goes on from there.
    pub async fn beside(&self, stages: &Stages) -> Result<Deployed, Failure> {
        self.with_gate(stages, &Gate::default()).await
    }

    /// Does the same, and opens a gate once the nodes are known to have no FRR in the speakers' way.
    async fn with_gate(&self, stages: &Stages, cleared: &Gate<()>) -> Result<Deployed, Failure> {
        let imported = Imported::of(&self.archives);
        let load = self.load(stages, &imported);
        let apply = async {
            let target = Target::reached(self.ctx, self.lab, self.docker, stages).await?;
            frr_there::refuse(&target.cluster).await?;
            cleared.open(());
            let in_place = target.cluster.installed(&self.installation.namespace).await?.backend.is_some();
            let deployed = Deployed { in_place, ..self.apply(&target, &imported).await? };
            Ok::<_, Failure>((target, deployed))
        };
        let (imports, (target, deployed)) = futures::try_join!(load, apply)?;
        let reloaded = if self.reload { self.reloaded(&target).await? } else { Vec::new() };
        Ok(Deployed { imports, reloaded, left_out: self.lab.metallb.left_out.clone(), ..deployed })
    }

    async fn load(&self, stages: &Stages, imported: &Imported) -> Result<usize, Failure> {
        let Some(docker) = self.docker else {
            imported.open_all();
            return Ok(0);
        };
        let loader = Loader { docker, progress: &self.ctx.progress, archives: &self.archives };
        if stages.there.passed().await {
            loader.import_into_running(&stages.nodes.passed().await, imported).await
        } else {
            loader.import_into_new(stages, imported).await
        }
    }

    /// Deploys to a cluster that is there, with these [`nodes`].
    ///
    /// # Errors
    /// As [`Deploy::beside`].
    pub async fn alone(&self, nodes: &[Node]) -> Result<Deployed, Failure> {
        let stages = Stages::default();
        if self.docker.is_some() {
            stages.there.open(true);
            stages.nodes.open(nodes.to_vec());
        }
        let cleared = Gate::default();
        let routers = async {
            cleared.passed().await;
            self.routers(nodes, Mode::Apply).await
        };
        let (deployed, routers) = futures::try_join!(self.with_gate(&stages, &cleared), routers)?;
        Ok(Deployed { routers, ..deployed })
    }

    /// The routers' side: a backend without BFD wants routers without it.
    async fn routers(&self, nodes: &[Node], mode: Mode) -> Result<Vec<Change>, Failure> {
        bringup::routers(self.ctx, self.lab, self.docker, nodes, (OnNodes::Speakers, mode)).await
    }

    /// Returns what would be done to a lab that is up, as the lines of a diff.
    ///
    /// # Errors
    /// An error of the API.
    pub async fn dry_run_alone(&self, nodes: &[Node]) -> Result<Vec<String>, Failure> {
        let (routers, mut lines) = futures::try_join!(self.routers(nodes, Mode::DryRun), self.dry_run())?;
        lines.extend(routers.into_iter().map(|change| change.diff));
        Ok(lines)
    }
}

/// A kind cluster's nodes, as Docker has them; none of another cluster.
///
/// # Errors
/// Wrong use where the lab has no Kubernetes; a step failure where the cluster's nodes do not run.
pub async fn nodes(lab: &Lab, docker: Option<&Docker>) -> Result<Vec<Node>, Failure> {
    if let Provider::Standalone { .. } = lab.cluster.provider {
        return Err(Failure::wrong_use("a standalone lab has no Kubernetes to deploy MetalLB to")
            .because("its nodes are FRR containers that already speak as MetalLB's speakers do")
            .next("--provider kind"));
    }
    let Some(docker) = docker.filter(|_| lab.cluster.provider == Provider::Kind) else { return Ok(Vec::new()) };
    nodes_in_docker(lab, &netlab::Engine::containers(docker).await?).map_err(|missing| {
        Failure::step(format!("kind cluster {} does not run", lab.cluster.name)).because(missing).next("⌘ lab-up")
    })
}

/// The images that a lab's MetalLB and application need on the nodes, as far as that is known without a download, each
/// with its purpose.
///
/// # Errors
/// A failure with the problem of a checkout or a manifest that the lab names.
pub async fn images_of(lab: &Lab) -> Result<Vec<(String, &'static str)>, Failure> {
    let how = match &lab.metallb.install {
        Install::Make { .. } | Install::Manifest(Source::File(_)) | Install::Direct(Source::File(_)) => {
            Some(source::prepare(lab).await?)
        }
        Install::Manifest(_) | Install::Direct(_) => None,
    };
    let archives = archives(lab, how.as_ref());
    Ok(archives.into_iter().flat_map(|a| a.images.into_iter().map(move |image| (image, a.wave.purpose()))).collect())
}
