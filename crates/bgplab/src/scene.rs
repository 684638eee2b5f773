//! A lab as it stands: what is there of it, and what has to be true of that.

use std::time::Duration;

use metallb::Cluster;
use metallb::plan::Plan;
use netlab::{Docker, Engine};
use settle::{Unsettled, Verdict, Wait};

use crate::bringup::kind::Kind;
use crate::bringup::repair::stuck::{Resetter, resetting};
use crate::bringup::running::{Running, with_installed};
use crate::bringup::{Change, existing, nodes_there};
use crate::checks::cluster::{self, Differences, Seen, fresh};
use crate::checks::{self, Check, Look, Report, Subject, Topic};
use crate::context::Context;
use crate::failure::Failure;
use crate::progress::Step;
use labfile::compose::{self, Expected, OnNodes};
use labfile::{Lab, Node, Provider};

/// A lab as it stands.
#[derive(Debug)]
pub struct Scene {
    /// The lab, with the provider and the backend that are there.
    pub lab: Lab,
    /// The networks and containers that Docker is to have.
    pub topology: netlab::Lab,
    /// The sessions, tables and answers that have to be.
    pub expected: Expected,
    /// The engine, where the lab's containers are.
    pub docker: Option<Docker>,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The cluster, and what its API shows.
    pub cluster: Option<(Cluster, Seen)>,
    /// Failed checks of what could not be looked at.
    trouble: Vec<Check>,
}

impl Scene {
    /// Looks at what is there.
    ///
    /// # Errors
    /// If the engine, or an existing cluster's API, does not answer.
    pub async fn set(ctx: &Context, running: Running) -> Result<Self, Failure> {
        let Running { lab, docker } = running;
        match (&lab.cluster.provider, docker) {
            (Provider::Existing { .. }, docker) => Self::existing(ctx, lab, docker).await,
            (Provider::Standalone { .. }, Some(docker)) => {
                let nodes = compose::known_nodes(&lab).to_vec();
                let (topology, expected) = (compose::docker_lab(&lab, &nodes)?, compose::expected(&lab, &nodes));
                Ok(Self { topology, expected, nodes, ..Self::bare(lab, docker)? })
            }
            (Provider::Kind, Some(docker)) => Self::kind(ctx, lab, docker).await,
            (_, None) => Err(Failure::machine("no engine answers").next("⌘ doctor says what is missing")),
        }
    }

    /// A lab of which no nodes are known.
    fn bare(lab: Lab, docker: Docker) -> Result<Self, Failure> {
        let topology = compose::docker_lab(&lab, &[])?;
        let expected = compose::expected(&lab, &[]).without_metallb();
        let (docker, nodes, trouble) = (Some(docker), Vec::new(), Vec::new());
        Ok(Self { lab, topology, expected, docker, nodes, cluster: None, trouble })
    }

    async fn kind(ctx: &Context, lab: Lab, docker: Docker) -> Result<Self, Failure> {
        let mut scene = Self::bare(lab, docker.clone())?;
        // What is wrong with a node is said, and the rest is looked at.
        let (nodes, wrong) = nodes_there(&scene.lab, &docker.containers().await?);
        scene.topology = compose::docker_lab(&scene.lab, &nodes)?;
        scene.expected = compose::expected(&scene.lab, &nodes).without_metallb();
        let control_plane = |name: &str| nodes.iter().any(|n| n.name == name && n.role.is_control_plane());
        let api =
            nodes.iter().any(|node| node.role.is_control_plane()) && !wrong.iter().any(|(name, _)| control_plane(name));
        scene.nodes = nodes;
        scene.trouble =
            wrong.into_iter().map(|(name, why)| Check::failed(Topic::Nodes, Subject::Node(name), why)).collect();
        if !api {
            return Ok(scene);
        }
        let looked = async {
            let kind = Kind { lab: &scene.lab, docker: &docker, progress: &ctx.progress };
            let cluster = kind.cluster().await.map_err(|failure| failure.message().to_owned())?;
            // First, so that what is seen then is of after it.
            let stale = fresh::look(&cluster, &scene.lab, &docker, &scene.nodes).await;
            let stale = stale.map_err(|error| error.to_string())?;
            let seen = Seen::look(&cluster, &scene.lab).await.map_err(|error| error.to_string())?;
            let seen = Seen { pods: seen.pods.in_containers_of(&docker), ..seen };
            Ok::<_, String>((cluster, seen, stale))
        };
        match looked.await {
            Ok((cluster, seen, stale)) => {
                scene.trouble.extend(stale);
                scene.on(ctx, cluster, seen)
            }
            Err(why) => {
                let cluster = Subject::Cluster(scene.lab.cluster.name.to_string());
                scene.trouble.push(Check::failed(Topic::Nodes, cluster, why));
                Ok(scene)
            }
        }
    }

    async fn existing(ctx: &Context, lab: Lab, docker: Option<Docker>) -> Result<Self, Failure> {
        let cluster = existing::cluster(&lab).await?;
        let seen = Seen::look(&cluster, &lab).await?;
        let nodes = existing::nodes_of(&seen.nodes).map_err(Failure::step)?;
        let docker = existing::with_routers(&lab, docker).await?;
        let topology = compose::docker_lab(&lab, &[])?;
        let (expected, trouble) = (Expected::default(), Vec::new());
        let scene = Self { lab, topology, expected, docker, nodes, cluster: None, trouble };
        let mut scene = scene.on(ctx, cluster, seen)?;
        // Its machines are somebody else's: nothing is run on them.
        scene
            .expected
            .forwarding
            .retain(|ping| scene.lab.routers.iter().any(|router| router.name.as_str() == ping.from));
        Ok(scene)
    }

    /// The same with what a cluster shows.
    fn on(self, ctx: &Context, cluster: Cluster, seen: Seen) -> Result<Self, Failure> {
        let lab = with_installed(ctx, self.lab, &seen.installed)?;
        let on_nodes = if seen.pods.without_metallb() { OnNodes::BfdOnly } else { OnNodes::Speakers };
        let topology = compose::docker_lab_with(&lab, &self.nodes, on_nodes)?;
        let expected = seen.expected(&lab, &self.nodes);
        Ok(Self { lab, topology, expected, cluster: Some((cluster, seen)), ..self })
    }

    /// The checks that failed while the scene was set: of nodes, and of a cluster that does not answer.
    pub fn trouble(&self) -> &[Check] {
        &self.trouble
    }

    /// Looks at everything that has to be true of Docker, routers and speakers.
    pub fn look(&self) -> Look<'_> {
        let mut look = match &self.docker {
            Some(docker) => Look::new(docker, &self.topology, &self.expected),
            None => Look::without_engine(&self.topology, &self.expected),
        };
        look.whole = self.lab.knows_every_node(&self.nodes);
        match &self.cluster {
            Some((_, seen)) => look.with_cluster(
                &seen.pods,
                seen.answers(&self.lab, &self.expected.reach),
                seen.node_ports(&self.lab, &self.nodes, self.docker.is_some()),
            ),
            None => look,
        }
    }

    /// Every check, once.
    ///
    /// # Errors
    /// If the engine cannot be asked at all.
    pub async fn report(&self) -> Result<Report, Failure> {
        self.report_with(self.differences()).await
    }

    /// Every check, once, with the differences of a cluster's resources that somebody else wants, too.
    ///
    /// # Errors
    /// As [`Scene::report`].
    pub(crate) async fn report_with(&self, differences: impl Future<Output = Differences>) -> Result<Report, Failure> {
        let look = self.look();
        let (report, cluster) = futures::join!(look.all(), self.in_cluster(differences));
        Ok(Report::new([self.trouble.clone(), cluster, report?.checks].concat()))
    }

    /// Every check, once those hold that take their time: sessions, routes and answers. Sessions that hold themselves up
    /// meanwhile are reset. The steps waited for others.
    ///
    /// # Errors
    /// A wait that ran out, with what was missing at the last look.
    pub async fn settled(&self, ctx: &Context, bound: Duration, after: &[String]) -> Result<Report, Failure> {
        let look = self.look();
        let names = ["addresses learned", "addresses answer"];
        let settled = look.settle_after(&ctx.progress, bound, names, after);
        let settled = async { resetting(&ctx.progress, &look, settled).await.0 };
        let cluster = async { Ok(self.in_cluster(self.differences()).await) };
        let (report, docker, cluster) = futures::try_join!(settled, look.docker(), cluster)?;
        Ok(Report::new([self.trouble.clone(), docker, cluster, report.checks].concat()))
    }

    /// Waits until every check of a lab that `counts` holds. The lab is looked at anew each time, as its pods may have been
    /// replaced; sessions that hold themselves up are reset.
    ///
    /// # Errors
    /// A wait that ran out, with what was missing at the last look.
    pub async fn whole(
        ctx: &Context,
        running: &Running,
        wait: &Wait,
        step: &mut Step,
        counts: impl Fn(&Check) -> bool,
    ) -> Result<(Report, Vec<Change>), Unsettled<Failure>> {
        let mut resetter = Resetter::default();
        let look = async |resetter: &mut Resetter| {
            let scene = Self::set(ctx, running.clone()).await?;
            resetter.sample(&ctx.progress, &scene.look()).await;
            scene.report().await
        };
        let report = wait.poll(async || match look(&mut resetter).await {
            Ok(mut report) => {
                report.checks.retain(&counts);
                step.note(report.missing());
                checks::verdict::<Failure>(report)
            }
            // An API server that is starting answers soon.
            Err(failure) => Verdict::NotYet(failure.message().to_owned()),
        });
        let report = report.await?;
        Ok((report, resetter.changes()))
    }

    /// Plans what would make MetalLB's resources and the application what the lab says; nothing without a cluster.
    pub(crate) async fn differences(&self) -> Differences {
        match &self.cluster {
            Some((cluster, seen)) => cluster::differences(cluster, &self.lab, &seen.installed).await,
            None => Ok(Plan::default()),
        }
    }

    async fn in_cluster(&self, differences: impl Future<Output = Differences>) -> Vec<Check> {
        match &self.cluster {
            Some((cluster, seen)) => cluster::checks(cluster, &self.lab, seen, differences).await,
            None => Vec::new(),
        }
    }
}
