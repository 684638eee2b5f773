//! The lab that faults are made in: made, looked at, undone.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bgplab::bringup::kind::Kind;
use bgplab::bringup::nodes_of_any;
use bgplab::labfile::{Lab, Node, Provider};
use bgplab::netlab::{Docker, Engine};
use bgplab::process::Cmd;
use bgplab::{Context, Failure, LabSource, acts};
use settle::{Unsettled, Verdict, Wait};
use tempfile::NamedTempFile;

use super::fault::{Act, Fault};
use super::judge::Judgement;
use super::results::{Outcome, Tried};

/// The pause between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// The looks in a row that have to show the same failed checks.
const ALIKE: u32 = 3;
/// The same where nothing fails: bgpd takes a changed policy up 5 s later.
const ALIKE_AND_WHOLE: u32 = 7;
/// Bound on the time until a lab with a fault shows the same again and again. One that flaps never does.
const SETTLED: Duration = Duration::from_secs(20);
/// The same of a cluster, where a look takes longer, and a change goes through MetalLB before FRR has it.
const SETTLED_IN_CLUSTER: Duration = Duration::from_secs(45);
/// The diagnoses that a state may take that changes meanwhile.
const TRIES: u32 = 3;
/// Bound on the time until a lab is whole again that was not made anew.
const SOON: Duration = Duration::from_secs(10);
/// Bound on the time until a lab is whole again.
const WHOLE: Duration = Duration::from_secs(60);
/// The kubeconfig, where kind has it.
const KUBECONFIG: &str = "kubeconfig of the run's own";

/// A lab of the run's own.
pub(super) struct Bed {
    ctx: Context,
    settled: Duration,
    /// The kubeconfig of kind's cluster, in which it is the only one: that of the person who runs this may lead elsewhere.
    kubeconfig: NamedTempFile,
}

impl Bed {
    /// Prepares a lab; nothing is touched yet.
    pub(super) fn new(source: LabSource, lab: &Lab) -> Result<Self, Failure> {
        let kubeconfig = NamedTempFile::new().map_err(|error| Failure::unwritten(KUBECONFIG, &error))?;
        let settled = if lab.cluster.provider == Provider::Kind { SETTLED_IN_CLUSTER } else { SETTLED };
        Ok(Self { ctx: Context::new(source, Arc::new(())), settled, kubeconfig })
    }

    /// Brings the lab up; returns its nodes.
    pub(super) async fn up(&self) -> Result<Vec<Node>, Failure> {
        // A run that was cut off may have left a fault that nothing but a new lab undoes.
        if self.whole().await.is_err() {
            self.anew().await?;
        }
        let lab = self.ctx.lab()?;
        let containers = Docker::connect().await?.containers().await?;
        nodes_of_any(&lab, &containers).map_err(|why| Failure::machine("not every node runs").because(why))
    }

    async fn anew(&self) -> Result<(), Failure> {
        acts::lab_down(&self.ctx).await?;
        self.whole().await
    }

    async fn whole(&self) -> Result<(), Failure> {
        acts::up(&self.ctx).await?;
        acts::verify_within(&self.ctx, WHOLE).await?;
        self.find_cluster().await
    }

    /// Writes the cluster's kubeconfig: a cluster made anew has another.
    async fn find_cluster(&self) -> Result<(), Failure> {
        let lab = self.ctx.lab()?;
        if lab.cluster.provider != Provider::Kind {
            return Ok(());
        }
        let docker = Docker::connect().await?;
        let text = Kind { lab: &lab, docker: &docker, progress: &self.ctx.progress }.kubeconfig().await?;
        fs_err::write(self.kubeconfig.path(), text).map_err(|error| Failure::unwritten(KUBECONFIG, &error))
    }

    fn cmd(&self, act: &Act) -> Cmd {
        act.cmd().env("KUBECONFIG", self.kubeconfig.path().to_string_lossy())
    }

    /// Returns `true` once every check passes and nothing else differs; `false` if that takes long.
    async fn is_whole(&self) -> bool {
        let checked = acts::verify_within(&self.ctx, SOON).await;
        checked.is_ok() && acts::diagnose(&self.ctx).await.is_ok_and(|diagnosis| diagnosis.is_healthy())
    }

    /// Makes a fault, looks at what comes of it, and undoes it.
    ///
    /// # Errors
    /// If the lab cannot be made whole again, even anew.
    pub(super) async fn fault(&self, fault: &Fault) -> Result<Tried, Failure> {
        let began = Instant::now();
        let seen = self.seen(fault).await;
        let left = self.undone(fault).await?;
        let (outcome, seconds) = (seen.unwrap_or_else(|why| why), began.elapsed().as_secs_f64());
        Ok(Tried { id: fault.id.clone(), made_by: fault.made_by(), seconds, left, outcome })
    }

    async fn seen(&self, fault: &Fault) -> Result<Outcome, Outcome> {
        for act in &fault.acts {
            self.cmd(act).read().await.map_err(|error| Outcome::NotMade(error.to_string()))?;
        }
        let cannot = |failure: Failure| Outcome::NotLookedAt(failure.to_string());
        let mut tries = 0;
        loop {
            tries += 1;
            let failed = self.settled().await.map_err(cannot)?;
            let diagnosis = acts::diagnose(&self.ctx).await.map_err(cannot)?;
            // What passed while it was diagnosed, as a program that is started again, was not settled yet. Nor is what has
            // no cause yet, until it keeps having none.
            let has_cause = failed.is_empty() || !diagnosis.findings.is_empty();
            if tries == TRIES || has_cause && self.failed().await.map_err(cannot)? == failed {
                let failed = failed.into_iter().collect();
                return Ok(Outcome::Judged(Judgement::of(fault, failed, &diagnosis)));
            }
        }
    }

    /// Looks once; returns the names of the checks that fail.
    async fn failed(&self) -> Result<BTreeSet<String>, Failure> {
        let checks = acts::verify(&self.ctx).await?.checks;
        let failed = checks.iter().filter(|check| !check.passed);
        Ok(failed.map(|check| format!("{} {}", check.topic, check.subject)).collect())
    }

    /// Returns the checks that fail once they are the same in several looks, or at the last look.
    async fn settled(&self) -> Result<BTreeSet<String>, Failure> {
        let mut last: BTreeSet<String> = BTreeSet::new();
        let mut alike = 0;
        let wait = Wait::new("a state that stays", self.settled).every(EVERY).steady();
        let end = wait.poll(async || {
            let failed = match self.failed().await {
                Ok(failed) => failed,
                Err(failure) => return Verdict::Failed(failure),
            };
            alike = if last == failed { alike + 1 } else { 1 };
            last = failed;
            let enough = if last.is_empty() { ALIKE_AND_WHOLE } else { ALIKE };
            if alike >= enough { Verdict::Ready(()) } else { Verdict::NotYet(format!("{} fail", last.len())) }
        });
        match end.await {
            Ok(()) | Err(Unsettled::TimedOut { .. } | Unsettled::Ended { .. }) => Ok(last),
            Err(Unsettled::Failed { error, .. }) => Err(error),
        }
    }

    /// Undoes a fault; returns what was left of it where all had to be made anew.
    async fn undone(&self, fault: &Fault) -> Result<Option<String>, Failure> {
        // A container that is not there, or a name that is taken, is what the fault or the next step deals with.
        for act in &fault.undo {
            drop(self.cmd(act).read().await);
        }
        if !fault.undo.is_empty() && self.is_whole().await {
            return Ok(None);
        }
        for place in &fault.touched {
            drop(Act::docker(["rm", "-f", place]).cmd().read().await);
        }
        let Err(failure) = self.whole().await else { return Ok(None) };
        self.anew().await?;
        Ok(Some(failure.to_string()))
    }
}
