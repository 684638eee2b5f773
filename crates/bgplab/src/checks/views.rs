//! The views of FRR, wherever it runs: in containers that are asked through the engine, or in pods through the API.

use std::collections::BTreeMap;

use diagnosis::evidence::Frr;
use frrconf::ask::Question;
use frrconf::views::Family;
use futures::future::join_all;

use crate::router::{self, Pods, Routers};
use labfile::compose::{Expected, Side};
use labfile::{Claim, Name};

/// The answers of FRR in each place.
pub type Views = BTreeMap<String, Frr>;

/// The instances of FRR that can be asked.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    /// The lab's own containers.
    pub containers: &'a netlab::Lab,
    /// The engine that they are on, where one answers.
    pub routers: Option<Routers<'a>>,
    /// FRR on a cluster's nodes.
    pub pods: Option<&'a Pods>,
}

impl Sources<'_> {
    /// Asks every FRR that has a part in what is expected, all at the same time.
    pub(crate) async fn views(&self, expected: &Expected) -> Views {
        self.views_of(expected, |name| self.in_pod(name) || self.in_container(name)).await
    }

    /// Asks those in containers only: that costs milliseconds, and a pod's answer, by the API, a good part of a second.
    pub(crate) async fn near_views(&self, expected: &Expected) -> Views {
        self.views_of(expected, |name| self.in_container(name)).await
    }

    /// Asks those in containers that are wanted, of those that have a part in what is expected.
    pub(crate) async fn views_at(&self, expected: &Expected, wanted: impl Fn(&str) -> bool) -> Views {
        self.views_of(expected, |name| wanted(name) && self.in_container(name)).await
    }

    /// Asks those in containers, and those in pods that are asked without the API.
    pub(crate) async fn quick_views(&self, expected: &Expected) -> Views {
        let near = self.pods.is_some_and(Pods::are_in_containers);
        self.views_of(expected, |name| near && self.in_pod(name) || self.in_container(name)).await
    }

    async fn views_of(&self, expected: &Expected, part: impl Fn(&str) -> bool) -> Views {
        let part = |name: &&str| part(name);
        let ends = expected.ends().map(|side| side.name.as_str());
        let tables = expected.tables.iter().map(|entry| entry.router.as_str());
        let own = expected.own.iter().filter_map(|own| own.claim.place());
        let mut names: Vec<&str> = ends.chain(tables).chain(own.map(Name::as_str)).filter(part).collect();
        names.sort_unstable();
        names.dedup();
        let views =
            names.into_iter().map(async |name| (name.to_owned(), self.ask(name, &questions(name, expected)).await));
        join_all(views).await.into_iter().collect()
    }

    fn in_container(&self, name: &str) -> bool {
        self.routers.is_some() && self.containers.container(name).is_some()
    }

    fn in_pod(&self, name: &str) -> bool {
        self.pods.is_some_and(|pods| pods.on(name).is_some())
    }

    /// Asks one FRR some questions, and reads its answers.
    pub(crate) async fn ask(&self, name: &str, questions: &[Question]) -> Frr {
        let answers = match (self.pods.filter(|_| self.in_pod(name)), &self.routers) {
            (Some(pods), _) => pods.ask_each(name, questions).await,
            (None, Some(routers)) => routers.ask_each(name, questions).await,
            (None, None) => return Frr::default(),
        };
        router::read(questions, answers)
    }
}

/// Returns the questions to one FRR.
fn questions(name: &str, expected: &Expected) -> Vec<Question> {
    let is = |side: &Side| side.name == name;
    let sessions = || expected.sessions.iter().filter(|session| is(&session.opener) || is(&session.answerer));
    let mut questions = Vec::new();
    if sessions().next().is_some() || expected.tables.iter().any(|entry| entry.router.as_str() == name) {
        questions.push(Question::BgpSummary);
    }
    if expected.tables.iter().any(|entry| entry.router.as_str() == name) {
        questions.extend([Question::Routes(Family::Ipv4), Question::Routes(Family::Ipv6)]);
    }
    if expected.announced.iter().any(|entry| entry.node == name) {
        questions.extend([Question::BgpTable(Family::Ipv4), Question::BgpTable(Family::Ipv6)]);
    }
    let own = expected.own.iter().filter(|own| own.claim.place().is_some_and(|place| place.as_str() == name));
    for own in own {
        questions.extend(match &own.claim {
            Claim::Prefix { prefix, .. } | Claim::Absent { prefix, .. } => {
                Some(Question::BgpDetail(Family::of(prefix.addr())))
            }
            _ => Some(Question::BgpSummary),
        });
    }
    let bare = expected.bare_bfd.iter().any(|pair| is(&pair.router) || is(&pair.node));
    if bare || sessions().any(|session| session.bfd.is_some()) {
        questions.push(Question::BfdPeers);
    }
    questions.sort_unstable();
    questions.dedup();
    questions
}
