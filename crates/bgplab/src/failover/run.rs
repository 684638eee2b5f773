//! One run: break, watch, restore, and wait until all is as it was.

use std::net::IpAddr;
use std::time::Duration;

use frrconf::log::LogEvent;
use frrconf::vty::Daemon;
use futures::future::join_all;
use netlab::Docker;
use settle::{Unsettled, Verdict, Wait};

use super::breakage::apply::Breaker;
use super::breakage::{Action, actions};
use super::event::{Event, What};
use super::outcome::{AIM, Run, Scope, rows};
use super::predict::{self, Timers};
use super::redeploy::{self, Redeployment};
use super::scenario::{Notice, Scenario};
use super::settled::{ANSWERS, GRACE, answered, whole};
use super::stamp::{Micros, Stamp};
use super::target::{self, Target, Way};
use super::vantage::{Timed, VantagePoint};
use super::watch::client::{Client, Question};
use super::watch::logs;
use super::watch::recorder::Recorder;
use crate::bringup::running::name_of;
use crate::context::Context;
use crate::failure::Failure;
use crate::router::Routers;
use crate::scene::Scene;

/// The time to wait if nothing predicts when the loss is noticed.
const UNPREDICTED: Duration = Duration::from_secs(20);
/// The time to wait past the prediction, so that a late notice is still seen.
const LONGER: Duration = Duration::from_secs(5);
/// The number of looks in a row that have to agree, since kernels follow the tables a little later.
const STABLE: u32 = 10;
/// The interval at which the records are read. The stamps do not depend on it.
const LOOK: Duration = Duration::from_millis(20);

/// The measurement of one scenario on one target.
#[derive(Debug)]
pub(crate) struct Study<'a> {
    /// The run's context.
    pub ctx: &'a Context,
    /// The lab.
    pub scene: &'a Scene,
    /// The lab's engine.
    pub docker: &'a Docker,
    /// The lab's routers.
    pub routers: &'a Routers<'a>,
    /// The scenario.
    pub scenario: Scenario,
    /// The target.
    pub target: &'a Target,
    /// The daemon to kill, for the scenario that kills one.
    pub daemon: Daemon,
    /// The deployment, for the scenarios that deploy.
    pub redeploy: Option<&'a Redeployment>,
    /// `true` if BFD is on, as the lab has it.
    pub bfd: bool,
    /// The vantage points.
    pub vantage_points: &'a [VantagePoint],
    /// The clients' questions, each with the way that its packets took at first.
    pub questions: &'a [(Way, Question)],
}

impl Study<'_> {
    /// Returns the way in which the others notice the failure.
    pub(crate) const fn notice(&self) -> Notice {
        let provider = name_of(&self.scene.lab.cluster.provider);
        self.scenario.notice(provider, matches!(self.daemon, Daemon::Bfdd))
    }

    /// Reads the timers of every session with the target, as they are now.
    pub(crate) async fn timers(&self) -> Vec<Timed> {
        let of = async |vantage: &VantagePoint| (vantage.clone(), vantage.timers(self.routers).await);
        join_all(self.vantage_points.iter().map(of)).await
    }

    /// Returns the longest time that noticing may take; `None` if nothing bounds it.
    pub(crate) fn bound(&self, timers: &[Timed]) -> Option<Micros> {
        let all = timers.iter().flat_map(|(_, timers)| timers);
        all.filter_map(|(_, timers)| predict::noticed(self.notice(), timers)).map(|prediction| prediction.at_most).max()
    }

    /// Runs once.
    ///
    /// # Errors
    /// If something could not be broken, watched or restored.
    pub(crate) async fn once(&self, number: u32, recorder: &mut Recorder<'_>) -> Result<Run, Failure> {
        let clients = self.clients().await?;
        let vantage_points = self.timers().await;
        let ways = self.ways().await?;
        recorder.begin().await?;
        let actions = actions(self.scene, self.scenario, self.target, self.daemon, self.redeploy)?;
        let breaker = Breaker { scene: self.scene, docker: self.docker, ctx: self.ctx };
        let step = self.ctx.progress.step(format!("run {number}: {}", words(&actions)));
        let broken = Box::pin(breaker.break_all(&actions)).await?;
        let at = broken.at;
        let mut events = Vec::new();
        let bound = self.bound(&vantage_points).map(|Micros(micros)| Duration::from_micros(micros.unsigned_abs()));
        let bound = bound.map_or(UNPREDICTED, |bound| bound + predict::ROUTING + LONGER);
        let logs = recorder.logs();
        let dead = dead(&actions, &logs);
        let watched = async {
            Box::pin(breaker.course(&actions)).await?;
            self.watch(recorder, &mut events, (&clients, &vantage_points), bound).await?;
            step.done("seen");
            Ok::<_, Failure>(())
        };
        // A daemon that starts again by itself has forgotten its log settings.
        futures::try_join!(watched, self.louder(dead.iter().filter(|_| self.scenario.heals_itself())))?;
        let mut step = self.ctx.progress.step(format!("run {number}: back, and every check"));
        let back = match self.redeploy.and_then(|redeploy| redeploy.back.as_ref()) {
            Some(lab) => Box::pin(redeploy::deploy(self.ctx, self.scene, lab)).await?,
            None => broken.back().await?,
        };
        self.louder(dead.iter().filter(|_| !self.scenario.heals_itself())).await?;
        whole(self.ctx, self.scene, self.bfd, &mut step).await?;
        answered(&clients).await?;
        step.done("as before");
        events.extend(recorder.take().await?);
        events.sort_by_key(|event| event.at);
        let lateness = clients.iter().map(Client::lateness).chain([recorder.lateness()]).max().unwrap_or_default();
        if let Some(why) = clients.iter().find_map(Client::trouble) {
            return Err(Failure::step("a client could not ask on").because(why));
        }
        let through: Vec<(String, IpAddr)> = ways
            .iter()
            .filter(|way| way.through.iter().any(|place| self.target.is(place)))
            .map(|way| (way.from.clone(), way.to))
            .collect();
        let scope = Scope {
            target: self.target,
            notice: self.notice(),
            path_stays: self.scenario.leaves_the_path(),
            through: &through,
            heals_itself: self.scenario.heals_itself(),
            broken: at,
            lateness,
            back,
            end: Stamp::now().plus(Micros(-Micros::from(GRACE).0)),
            vantage_points: &vantage_points,
            events: &events,
            clients: clients.iter().map(|client| (client, client.probes())).collect(),
        };
        Ok(Run {
            number,
            broken_at: at.middle(),
            break_error: at.error(),
            lateness,
            busy: lateness > AIM,
            broken_for: back.middle() - at.middle(),
            ways,
            rows: rows(&scope),
        })
    }

    async fn clients(&self) -> Result<Vec<Client>, Failure> {
        let start = async |(way, question): &(Way, Question)| Client::start(self.docker, &way.from, *question).await;
        let clients = futures::future::try_join_all(self.questions.iter().map(start)).await?;
        answered(&clients).await?;
        Ok(clients)
    }

    /// Finds the ways of the clients' packets anew: after a run, a router may keep the other one of two equal paths.
    async fn ways(&self) -> Result<Vec<Way>, Failure> {
        let way =
            async |(way, question): &(Way, Question)| target::way(self.scene, self.docker, &way.from, *question).await;
        futures::future::try_join_all(self.questions.iter().map(way)).await
    }

    /// Turns up the logs of daemons that have started anew.
    async fn louder<'b>(&self, dead: impl Iterator<Item = &'b (String, Daemon)>) -> Result<(), Failure> {
        let louder = async |(place, daemon): &(String, Daemon)| {
            logs::execute_once_up(self.routers, place, *daemon, logs::louder(*daemon)?.lines()).await
        };
        futures::future::try_join_all(dead.map(louder)).await?;
        Ok(())
    }

    /// Watches until every vantage point has noticed the loss and every client is answered, and stays so; or until the
    /// bound has passed.
    async fn watch(
        &self,
        recorder: &mut Recorder<'_>,
        events: &mut Vec<Event>,
        (clients, vantage_points): (&[Client], &[Timed]),
        bound: Duration,
    ) -> Result<(), Failure> {
        let wait = Wait::new("everybody notices", bound).every(LOOK).stable(STABLE);
        let seen = wait.poll(async || {
            match recorder.take().await {
                Ok(more) => events.extend(more),
                Err(failure) => return Verdict::Failed(failure),
            }
            let lost = |peer: IpAddr, place: &str| {
                events.iter().any(|event| event.place == place && is_loss(&event.what, peer))
            };
            let waited =
                |timers: &Timers| self.notice() == Notice::Open || predict::noticed(self.notice(), timers).is_some();
            let all = vantage_points.iter().all(|(vantage, timers)| {
                timers.iter().filter(|(_, timers)| waited(timers)).all(|(peer, _)| lost(*peer, &vantage.place))
            });
            let answered = clients.iter().all(|client| client.is_answered(ANSWERS, GRACE));
            if all && answered { Verdict::Ready(()) } else { Verdict::NotYet(String::new()) }
        });
        match seen.await {
            // The verdict judges a loss that was never noticed.
            Ok(()) | Err(Unsettled::TimedOut { .. } | Unsettled::Ended { .. }) => Ok(()),
            Err(Unsettled::Failed { error, .. }) => Err(error),
        }
    }
}

fn is_loss(what: &What, of: IpAddr) -> bool {
    let What::Logged(event) = what else { return false };
    matches!(event, LogEvent::Bfd { peer, up: false, .. } | LogEvent::Bgp { peer, up: false, .. } if *peer == of)
}

fn words(actions: &[Action]) -> String {
    actions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Returns the daemons that the actions end, of those whose logs are read.
fn dead(actions: &[Action], logs: &[(String, Daemon)]) -> Vec<(String, Daemon)> {
    let ends = |(place, daemon): &&(String, Daemon)| {
        actions.iter().any(|action| match action {
            Action::KillContainer(container) => container == place,
            Action::KillDaemons(container, daemons) => container == place && daemons.contains(daemon),
            _ => false,
        })
    };
    logs.iter().filter(ends).cloned().collect()
}
