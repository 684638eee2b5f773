//! A lab around a kind cluster.

use std::time::Duration;

use netlab::{Docker, Engine, Observed};

use super::kind::{CREATE, Kind, State};
use super::stages::{NODES, Stages};
use super::{Brought, Change, Mode, converge, guard, images, nodes_in_docker, settled};
use crate::checks::Look;
use crate::compose;
use crate::ctx::Ctx;
use crate::exit::Failure;
use crate::lab::{Lab, Node};

/// From `kind create cluster` until its node containers run: 10 s, of which kind takes most for itself.
const NODES_BOUND: Duration = Duration::from_secs(300);

/// Brings the cluster and everything around it up.
pub(super) async fn up(ctx: &Ctx, lab: &Lab, docker: &Docker, mode: Mode, stages: &Stages) -> Result<Brought, Failure> {
    let kind = Kind { lab, docker, progress: &ctx.progress };
    kind.find()?;
    let around = compose::docker_lab(lab, &[])?;
    let wanted = [lab.images.frr.as_str(), lab.images.node.as_str()];
    let images = images::ensure(docker, &ctx.progress, &wanted, mode);
    let (observed, ()) = futures::try_join!(async { Ok(netlab::observe(docker, &around, &[]).await?) }, images)?;
    let observed = guard::preflight(lab, &around, observed, docker).await?;

    let state = kind.state(&observed).await;
    let lab_up = Up { ctx, lab, docker, kind, around, stages };
    if mode == Mode::DryRun {
        return lab_up.dry_run(&state, &observed).await;
    }
    lab_up.apply(&state, &observed).await
}

struct Up<'a> {
    ctx: &'a Ctx,
    lab: &'a Lab,
    docker: &'a Docker,
    kind: Kind<'a>,
    /// The lab without its nodes.
    around: netlab::Lab,
    /// Who else waits for it.
    stages: &'a Stages,
}

impl Up<'_> {
    async fn dry_run(&self, state: &State, observed: &Observed) -> Result<Brought, Failure> {
        let mut changes: Vec<Change> = cluster_change(self.lab, state).into_iter().collect();
        // Where the nodes are not there yet, so are their addresses: the plan is the one without them.
        let nodes = nodes_in_docker(self.lab, &observed.containers).unwrap_or_default();
        let topology = compose::docker_lab(self.lab, &nodes)?;
        let observed = netlab::observe(self.docker, &topology, &[]).await?;
        changes.extend(converge::changes(&netlab::plan(&topology, &observed)?));
        Ok(Brought { changes, checks: Vec::new() })
    }

    async fn apply(&self, state: &State, observed: &Observed) -> Result<Brought, Failure> {
        // Refuses before anything is done; and the cluster needs its network before it needs anything else.
        let plan = netlab::plan(&self.around, observed)?;
        let mut changes: Vec<Change> = cluster_change(self.lab, state).into_iter().collect();
        let networks = plan.networks();
        self.stages.there.open(matches!(state, State::Running | State::Stopped(_)));
        if let State::Partial(_) = state {
            self.kind.delete().await?;
        }
        changes.extend(converge::apply(self.ctx, self.docker, &networks, Mode::Apply).await?.changes);

        let cluster = async {
            match state {
                State::Absent | State::Partial(_) => self.kind.create().await,
                State::Stopped(nodes) => self.start(nodes).await,
                State::Running => Ok(()),
            }
        };
        let ((), (nodes, built)) = futures::try_join!(cluster, self.around_nodes())?;
        changes.extend(built);

        let topology = compose::docker_lab(self.lab, &nodes)?;
        let expected = compose::expected(self.lab, &nodes).without_metallb();
        let look = Look::new(self.docker, &topology, &expected);
        let settled = settled(self.ctx, &look, changes.is_empty());
        let (ready, report) = futures::try_join!(self.kind.nodes_ready(), settled)?;
        let checks = [crate::checks::nodes(&ready), report.checks].concat();
        Ok(Brought { changes, checks })
    }

    /// Routers, and routes on the nodes, as soon as the nodes have their addresses: kind goes on meanwhile.
    async fn around_nodes(&self) -> Result<(Vec<Node>, Vec<Change>), Failure> {
        let step = self.ctx.progress.step(NODES);
        let nodes = self.kind.nodes_started(NODES_BOUND).await?;
        step.done("run");
        self.stages.nodes.open(nodes.clone());
        let topology = compose::docker_lab(self.lab, &nodes)?;
        let observed = netlab::observe(self.docker, &topology, &[]).await?;
        let changes = converge::converge(self.ctx, self.docker, &topology, &observed, Mode::Apply).await?.changes;
        Ok((nodes, changes))
    }

    async fn start(&self, nodes: &[String]) -> Result<(), Failure> {
        let step = self.ctx.progress.step("kind-start");
        for node in nodes {
            // A paused node is started by being let go on.
            let _ = self.docker.unpause(node).await;
            self.docker.start(node).await?;
        }
        step.done(format!("{} started", nodes.join(", ")));
        super::hook::step_ended("kind-start");
        Ok(())
    }
}

/// What is to be done about the cluster.
fn cluster_change(lab: &Lab, state: &State) -> Option<Change> {
    let cluster = &lab.cluster;
    let (name, diff) = match state {
        State::Running => return None,
        State::Absent => {
            let image = &lab.images.node;
            (
                CREATE,
                format!("+ kind cluster {}: 1 control plane, {} workers, image {image}", cluster.name, cluster.workers),
            )
        }
        State::Partial(why) => (CREATE, format!("~ kind cluster {}: made anew, for {why}", cluster.name)),
        State::Stopped(nodes) => ("kind-start", format!("~ kind cluster {}: start {}", cluster.name, nodes.join(", "))),
    };
    Some(Change { name: name.to_owned(), diff })
}
