//! A lab around a kind cluster.

use std::time::Duration;

use netlab::{Docker, Observed, Plan, Step};

use super::kind::{CREATE, Kind, State};
use super::repair::{self, RepairPlan};
use super::stages::{NODES, Stages};
use super::{Brought, Change, Mode, converge, guard, images, settled};
use crate::checks::Look;
use crate::context::Context;
use crate::failure::Failure;
use labfile::compose;
use labfile::{Lab, Node};

/// From `kind create cluster` until its node containers run: 10 s, of which kind takes most for itself.
const NODES_BOUND: Duration = Duration::from_secs(300);

/// Brings the cluster and everything around it up.
pub(super) async fn up(
    ctx: &Context,
    lab: &Lab,
    docker: &Docker,
    mode: Mode,
    stages: &Stages,
) -> Result<Brought, Failure> {
    let kind = Kind { lab, docker, progress: &ctx.progress };
    kind.find()?;
    if mode == Mode::Apply {
        kind.let_nodes_end().await;
    }
    let around = compose::docker_lab(lab, &[])?;
    let wanted = [lab.images.frr.as_str(), lab.images.node.as_str()];
    let images = images::ensure(docker, &ctx.progress, &wanted, mode);
    let (observed, ()) = futures::try_join!(async { Ok(netlab::observe(docker, &around).await?) }, images)?;
    let observed = guard::preflight(lab, &around, observed, docker).await?;

    // Whatever stands in the way of the networks is reported first: nothing is changed then.
    let plan = netlab::plan(&around, &observed)?;
    let state = kind.state(&observed).await?;
    let lab_up = Up { ctx, lab, docker, kind, stages };
    if mode == Mode::DryRun {
        return lab_up.dry_run(&state, &observed).await;
    }
    lab_up.apply(&state, &observed, &plan).await
}

struct Up<'a> {
    ctx: &'a Context,
    lab: &'a Lab,
    docker: &'a Docker,
    kind: Kind<'a>,
    /// Gates that other work waits at.
    stages: &'a Stages,
}

impl Up<'_> {
    async fn dry_run(&self, state: &State, observed: &Observed) -> Result<Brought, Failure> {
        let mut changes: Vec<Change> = cluster_change(self.lab, state).into_iter().collect();
        let RepairPlan { actions, nodes } = self.repair_plan(state, observed).await?;
        changes.extend(repair::changes(self.lab, &actions));
        // Where the nodes are not there yet, neither are their addresses: the plan is the one without them.
        let topology = compose::docker_lab(self.lab, &nodes)?;
        let observed = netlab::observe(self.docker, &topology).await?;
        changes.extend(converge::changes(&netlab::plan(&topology, &observed)?));
        Ok(Brought { changes, checks: Vec::new() })
    }

    async fn apply(&self, state: &State, observed: &Observed, plan: &Plan) -> Result<Brought, Failure> {
        let RepairPlan { actions, .. } = self.repair_plan(state, observed).await?;
        let mut changes: Vec<Change> = cluster_change(self.lab, state).into_iter().collect();
        changes.extend(repair::changes(self.lab, &actions));
        // The cluster needs its network before it needs anything else, and its nodes' names.
        let networks = plan.networks();
        let first = plan.only(|step| networks.steps().any(|own| own == step) || self.frees_a_name(step));
        self.stages.there.open(matches!(state, State::Running | State::Stopped));
        if let State::Unfit(_) = state {
            self.kind.delete().await?;
        }
        changes.extend(converge::apply(self.ctx, self.docker, &first, Mode::Apply).await?);
        // Nodes have to be where they belong before anything is configured with their addresses.
        repair::apply(&self.ctx.progress, self.lab, self.docker, &actions).await?;

        let cluster = async {
            match state {
                State::Absent | State::Unfit(_) => self.kind.create().await,
                State::Stopped | State::Running => Ok(()),
            }
        };
        let ((), (nodes, built)) = futures::try_join!(cluster, self.around_nodes())?;
        changes.extend(built);

        let topology = compose::docker_lab(self.lab, &nodes)?;
        let expected = compose::expected(self.lab, &nodes).without_metallb();
        let look = Look::new(self.docker, &topology, &expected);
        let settled = settled(self.ctx, &look, changes.is_empty());
        let (ready, (report, reset)) = futures::try_join!(self.kind.nodes_ready(), settled)?;
        changes.extend(reset);
        let checks = [crate::checks::nodes(&ready), report.checks].concat();
        Ok(Brought { changes, checks })
    }

    /// `true` if a step removes a container with a node's name: a node of a standalone lab.
    fn frees_a_name(&self, step: &Step) -> bool {
        matches!(step, Step::RemoveContainer { name, .. } if self.lab.cluster.is_node(name.as_str()))
    }

    /// Finds the repairs of the nodes that are there.
    async fn repair_plan(&self, state: &State, observed: &Observed) -> Result<RepairPlan, Failure> {
        match state {
            State::Running | State::Stopped => repair::nodes(self.lab, self.docker, observed).await,
            State::Absent | State::Unfit(_) => Ok(RepairPlan::default()),
        }
    }

    /// Routers, and routes on the nodes, as soon as the nodes have their addresses: kind goes on meanwhile.
    async fn around_nodes(&self) -> Result<(Vec<Node>, Vec<Change>), Failure> {
        let step = self.ctx.progress.step(NODES);
        let nodes = self.kind.nodes_started(NODES_BOUND).await?;
        step.done("run");
        self.stages.nodes.open(nodes.clone());
        let topology = compose::docker_lab(self.lab, &nodes)?;
        let observed = netlab::observe(self.docker, &topology).await?;
        let changes = converge::converge(self.ctx, self.docker, &topology, &observed, Mode::Apply).await?;
        Ok((nodes, changes))
    }
}

/// Returns the change to the cluster.
fn cluster_change(lab: &Lab, state: &State) -> Option<Change> {
    let cluster = &lab.cluster;
    let (name, diff) = match state {
        // The nodes' repairs are listed node by node.
        State::Running | State::Stopped => return None,
        State::Absent => {
            let image = &lab.images.node;
            (
                CREATE,
                format!("+ kind cluster {}: 1 control plane, {} workers, image {image}", cluster.name, cluster.workers),
            )
        }
        State::Unfit(why) => (CREATE, format!("~ kind cluster {}: made anew, for {why}", cluster.name)),
    };
    Some(Change { name: name.to_owned(), diff })
}
