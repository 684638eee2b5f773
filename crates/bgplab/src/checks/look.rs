//! Looking: what is asked of Docker, the routers and the nodes, and what a lab has to be in the end.

use std::time::Duration;

use diagnosis::evidence::Frr;
use frrconf::ask::Question;
use netlab::{Docker, Engine, EngineError};
use settle::{Unsettled, Verdict, Wait};

use super::shells::Shells;
use super::views::{Sources, Views};
use super::web::{self, Get};
use super::{Check, Report, Stuck, docker, frr, own, ping, stuck};
use crate::failure::Failure;
use crate::progress::{Progress, Step};
use crate::router::{Pods, Routers};
use labfile::compose::Expected;

/// The looks in a row that everything has to pass: BFD and BGP flap while they settle.
const STABLE: u32 = 3;
/// The pause between looks, at up to ten FRR. Three looks are as long as the default BFD interval.
const EVERY: Duration = Duration::from_millis(100);

/// Looks at one lab.
#[derive(Debug)]
pub struct Look<'a> {
    /// The engine; `None` for a cluster whose routers are not here.
    engine: Option<&'a Docker>,
    /// `true` if every node has an address: only then it is known what routers' configurations have to say.
    pub(crate) whole: bool,
    topology: &'a netlab::Lab,
    expected: &'a Expected,
    sources: Sources<'a>,
    /// The requests to the services' addresses; without any application, pings have to be answered.
    reach: Option<Vec<Get>>,
    /// Other requests that have to be answered.
    requests: Vec<Get>,
}

impl<'a> Look<'a> {
    /// Looks at what `topology` and `expected` say.
    pub fn new(engine: &'a Docker, topology: &'a netlab::Lab, expected: &'a Expected) -> Self {
        let sources = Sources { containers: topology, routers: Some(Routers::new(engine)), pods: None };
        Self { engine: Some(engine), whole: true, topology, expected, sources, reach: None, requests: Vec::new() }
    }

    /// Looks at a cluster alone: routers that are somewhere else are not asked.
    pub fn without_engine(topology: &'a netlab::Lab, expected: &'a Expected) -> Self {
        let sources = Sources { containers: topology, routers: None, pods: None };
        Self { engine: None, whole: true, topology, expected, sources, reach: None, requests: Vec::new() }
    }

    /// Also asks FRR in the nodes' pods; and the applications, where they are there, by requests instead of by pings.
    #[must_use]
    pub fn with_cluster(mut self, pods: &'a Pods, reach: Option<Vec<Get>>, requests: Vec<Get>) -> Self {
        self.sources.pods = Some(pods);
        (self.reach, self.requests) = (reach, requests);
        self
    }

    /// Everything, once.
    ///
    /// # Errors
    /// If the engine cannot be asked at all.
    pub async fn all(&self) -> Result<Report, Failure> {
        let (docker, routing, answers) = futures::join!(self.docker(), self.routing(), self.answers());
        Ok(Report::new([docker?, routing, answers].concat()))
    }

    /// Networks, containers, files and routes, once.
    ///
    /// # Errors
    /// If the engine cannot be asked at all.
    pub async fn docker(&self) -> Result<Vec<Check>, Failure> {
        let Some(engine) = self.engine else { return Ok(Vec::new()) };
        let observed = netlab::observe(engine, self.topology).await?;
        Ok(docker::checks(self.topology, &observed, self.whole))
    }

    /// Sessions, tables and answers, once.
    pub async fn once(&self) -> Report {
        let (routing, answers) = futures::join!(self.routing(), self.answers());
        Report::new([routing, answers].concat())
    }

    /// Sessions and tables, once.
    pub async fn routing(&self) -> Vec<Check> {
        let views = self.sources.views(self.expected).await;
        let unasked = self.engine.map(|_| own::unasked(self.expected, &views));
        [self.routing_of(&views), unasked.unwrap_or_default()].concat()
    }

    fn routing_of(&self, views: &Views) -> Vec<Check> {
        let expected = self.expected;
        let sessions = [frr::sessions(&expected.sessions, views), frr::bare_bfd(&expected.bare_bfd, views)];
        let routes = [frr::announced(&expected.announced, views), self.tables(views), own::routing(expected, views)];
        [sessions.concat(), routes.concat()].concat()
    }

    fn tables(&self, views: &Views) -> Vec<Check> {
        if self.engine.is_none() { Vec::new() } else { frr::tables(&self.expected.tables, views) }
    }

    /// Answers to pings between nodes and routers, from the advertised addresses, and to other requests.
    async fn answers(&self) -> Vec<Check> {
        let shells = Shells { engine: self.engine, pods: self.sources.pods };
        let others = web::get(&shells, &self.requests);
        if self.engine.is_none() {
            return others.await;
        }
        let reach = async {
            match &self.reach {
                Some(requests) => web::get(&shells, requests).await,
                None => ping::reach(&shells, &self.expected.reach).await,
            }
        };
        let forwarding = ping::forwarding(&shells, &self.expected.forwarding);
        let own = own::packets(&shells, self.expected);
        <[_; 4]>::from(futures::join!(forwarding, reach, others, own)).concat()
    }

    /// The sessions that look as if they held themselves up, of those with an end that is cheap to ask.
    pub async fn stuck(&self) -> Vec<Stuck> {
        stuck::stuck(&self.expected.sessions, &self.sources.quick_views(self.expected).await)
    }

    /// `true` if a session that looks stuck is: by its details, and the FRR's release.
    pub async fn is_stuck(&self, session: &Stuck) -> bool {
        stuck::is_stuck(&self.sources, session).await
    }

    /// Asks one FRR, in a container or a pod, some questions, and reads its answers.
    pub(crate) async fn ask(&self, name: &str, questions: &[Question]) -> Frr {
        self.sources.ask(name, questions).await
    }

    /// The engine, where the lab's containers are.
    pub const fn engine(&self) -> Option<&'a Docker> {
        self.engine
    }

    /// Returns what Docker is to have.
    pub const fn topology(&self) -> &'a netlab::Lab {
        self.topology
    }

    /// Waits until sessions are up and stay up, tables hold what they should, and pings are answered. The last comes
    /// while BFD still settles: packets need the tables only.
    ///
    /// # Errors
    /// A wait that ran out, with what was missing at the last look.
    pub async fn settle(&self, progress: &Progress, bound: Duration) -> Result<Report, Failure> {
        self.settle_after(progress, bound, ["sessions and routes", "answers"], &[]).await
    }

    /// The same as two steps of these names, which waited for others.
    ///
    /// # Errors
    /// As [`Look::settle`].
    pub async fn settle_after(
        &self,
        progress: &Progress,
        bound: Duration,
        names: [&'static str; 2],
        after: &[String],
    ) -> Result<Report, Failure> {
        let [routing, answers] = names.map(|name| {
            let mut step = progress.step(name);
            after.iter().for_each(|after| step.after(after));
            step
        });
        let (routing, answers) =
            futures::try_join!(self.routing_settled(routing, bound), self.answers_settled(answers, bound))?;
        Ok(Report::new([routing, answers].concat()))
    }

    async fn routing_settled(&self, mut step: Step, bound: Duration) -> Result<Vec<Check>, Failure> {
        // Flaps are seen at the routers' ends, which are cheap to ask; then one look at both is enough.
        let wait = Wait::new("sessions and routes", bound).every(self.every());
        let stable = wait.clone().stable(STABLE);
        let near = stable.poll(async || {
            let near = Report::new(self.routing_of(&self.near_views().await));
            step.note(near.missing());
            if near.failed().next().is_some() { self.not_yet(near.missing()).await } else { Verdict::Ready(()) }
        });
        near.await.map_err(failure)?;
        let routing = wait.poll(async || {
            let report = Report::new(self.routing().await);
            if report.failed().next().is_none() {
                return Verdict::Ready(report.checks);
            }
            step.note(report.missing());
            self.not_yet(report.missing()).await
        });
        let routing = routing.await.map_err(failure)?;
        step.done("settled");
        Ok(routing)
    }

    /// The pause between two looks: each look makes every FRR work, which many of them need for themselves first.
    fn every(&self) -> Duration {
        EVERY * u32::try_from(self.topology.containers().len().div_ceil(10)).unwrap_or(u32::MAX).max(1)
    }

    /// The same of those in containers that are wanted.
    pub async fn views_at(&self, wanted: impl Fn(&str) -> bool) -> Views {
        self.sources.views_at(self.expected, wanted).await
    }

    async fn near_views(&self) -> Views {
        self.sources.near_views(self.expected).await
    }

    async fn answers_settled(&self, mut step: Step, bound: Duration) -> Result<Vec<Check>, Failure> {
        if self.engine.is_none() || (self.expected.reach.is_empty() && self.expected.forwarding.is_empty()) {
            step.done("none expected");
            return Ok(Vec::new());
        }
        let wait = Wait::new("answers to pings", bound).every(self.every());
        let pings = wait.poll(async || {
            let tables = Report::new(self.tables(&self.near_views().await));
            if tables.failed().next().is_some() {
                return self.not_yet(tables.missing()).await;
            }
            let report = Report::new(self.answers().await);
            step.note(report.missing());
            if report.passed() { Verdict::Ready(report) } else { self.not_yet(report.missing()).await }
        });
        let pings = pings.await.map_err(failure)?;
        step.done("all there");
        Ok(pings.checks)
    }

    /// Something is missing; it never comes where the engine went away.
    async fn not_yet<T>(&self, missing: String) -> Verdict<T, EngineError> {
        let Some(engine) = self.engine else { return Verdict::NotYet(missing) };
        match engine.networks().await {
            Err(error) if error.is_unreachable() => Verdict::Failed(error),
            _ => Verdict::NotYet(missing),
        }
    }
}

/// A wait that ran out, or an engine that went away.
fn failure(unsettled: Unsettled<EngineError>) -> Failure {
    match unsettled {
        Unsettled::Failed { error, .. } => error.into(),
        other => other.into(),
    }
}
