//! What FRR says in one place, each daemon for itself.

use std::collections::BTreeMap;

use frrconf::running::{Running, RunningBgp, RunningNeighbor};
use frrconf::views::{
    BfdCounters, BfdPeers, BgpNeighbor, BgpNeighbors, BgpTable, Family as ViewFamily, RouteTable, ViewError,
};
use frrconf::vty::Daemon;
use std::net::IpAddr;

use crate::router::Question;
use labfile::Family;

/// What FRR says in one place. What a daemon did not answer is missing.
#[derive(Debug, Clone, Default)]
pub struct Frr {
    /// The BGP neighbors in detail.
    pub neighbors: Option<BgpNeighbors>,
    /// The BGP tables.
    pub bgp: BTreeMap<Family, BgpTable>,
    /// Zebra's tables.
    pub routes: BTreeMap<Family, RouteTable>,
    /// The BFD sessions.
    pub bfd: Option<BfdPeers>,
    /// Their counters.
    pub counters: Option<BfdCounters>,
    /// What bgpd and bfdd run by.
    pub running: Option<Running>,
    /// Whether bgpd told what it runs by.
    pub knows_bgp: bool,
    /// What kept a daemon from answering.
    pub silent: BTreeMap<Daemon, String>,
}

/// Everything that is asked.
pub(super) const QUESTIONS: [Question; 9] = [
    Question::BgpNeighbors,
    Question::Bgp(Family::Ipv4),
    Question::Bgp(Family::Ipv6),
    Question::BgpConfig,
    Question::BfdPeers,
    Question::BfdCounters,
    Question::BfdConfig,
    Question::Routes(Family::Ipv4),
    Question::Routes(Family::Ipv6),
];

impl Frr {
    /// Reads answers to [`QUESTIONS`].
    pub(super) fn read(answers: impl IntoIterator<Item = Result<String, String>>) -> Self {
        let mut frr = Self::default();
        for (question, answer) in QUESTIONS.into_iter().zip(answers) {
            let taken = answer.and_then(|text| frr.take(question, &text).map_err(|error| error.to_string()));
            if let Err(why) = taken {
                frr.silent.entry(question.daemon()).or_insert(why);
            }
        }
        frr
    }

    fn take(&mut self, question: Question, text: &str) -> Result<(), ViewError> {
        let of = |family| match family {
            Family::Ipv4 => ViewFamily::Ipv4,
            Family::Ipv6 => ViewFamily::Ipv6,
        };
        match question {
            Question::BgpNeighbors => self.neighbors = Some(BgpNeighbors::parse(text)?),
            Question::Bgp(family) => drop(self.bgp.insert(family, BgpTable::parse(of(family), text)?)),
            Question::Routes(family) => drop(self.routes.insert(family, RouteTable::parse(of(family), text)?)),
            Question::BfdPeers => self.bfd = Some(BfdPeers::parse(text)?),
            Question::BfdCounters => self.counters = Some(BfdCounters::parse(text)?),
            Question::BgpConfig | Question::BfdConfig => {
                self.running.get_or_insert_default().read(text);
                self.knows_bgp |= question == Question::BgpConfig;
            }
            Question::BgpSummary => {}
        }
        Ok(())
    }

    /// A neighbor's state.
    pub fn neighbor(&self, address: IpAddr) -> Option<&BgpNeighbor> {
        self.neighbors.as_ref()?.neighbors.get(&address)
    }

    /// The BGP instance that runs.
    pub fn instance(&self) -> Option<&RunningBgp> {
        self.running.as_ref()?.bgp.as_ref()
    }

    /// What a neighbor is configured as.
    pub fn configured(&self, address: IpAddr) -> Option<(&RunningBgp, &RunningNeighbor)> {
        let instance = self.instance()?;
        Some((instance, instance.neighbors.get(&address)?))
    }
}
