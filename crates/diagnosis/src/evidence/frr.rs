//! The answers of FRR in one place, each daemon for itself.

use std::collections::BTreeMap;
use std::net::IpAddr;

use frrconf::ask::{Answer, Question};
use frrconf::running::{Running, RunningBgp, RunningNeighbor};
use frrconf::views::{
    BfdCounters, BfdPeers, BgpDetail, BgpNeighbor, BgpNeighbors, BgpSummary, BgpTable, Family, RouteTable,
};
use frrconf::vty::Daemon;

/// The answers of FRR in one place. Those that a daemon did not give are missing.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Frr {
    /// The BGP sessions in short.
    pub summary: Option<BgpSummary>,
    /// The BGP neighbors in detail.
    pub neighbors: Option<BgpNeighbors>,
    /// The BGP tables.
    pub bgp: BTreeMap<Family, BgpTable>,
    /// The BGP tables with every path's attributes.
    pub detail: BTreeMap<Family, BgpDetail>,
    /// Zebra's tables.
    pub routes: BTreeMap<Family, RouteTable>,
    /// The BFD sessions.
    pub bfd: Option<BfdPeers>,
    /// The number of times that each BFD session went down.
    pub bfd_counters: Option<BfdCounters>,
    /// The running configuration of bgpd and bfdd.
    pub running: Option<Running>,
    /// `true` if bgpd showed its running configuration.
    pub knows_bgp: bool,
    /// `true` if zebra showed its own.
    pub knows_zebra: bool,
    /// The reason why a daemon did not answer.
    pub silent: BTreeMap<Daemon, String>,
}

impl Frr {
    /// Reads the answers to some questions, or the reasons why they have none.
    pub fn read(answers: impl IntoIterator<Item = (Question, Result<String, String>)>) -> Self {
        let mut frr = Self::default();
        for (question, text) in answers {
            match text.and_then(|text| question.read(&text).map_err(|error| error.to_string())) {
                Ok(answer) => frr.take(answer),
                Err(why) => drop(frr.silent.entry(question.daemon()).or_insert(why)),
            }
        }
        frr
    }

    fn take(&mut self, answer: Answer) {
        match answer {
            Answer::BgpSummary(summary) => self.summary = Some(summary),
            Answer::BgpNeighbors(neighbors) => self.neighbors = Some(neighbors),
            Answer::BgpTable(family, table) => drop(self.bgp.insert(family, table)),
            Answer::BgpDetail(family, table) => drop(self.detail.insert(family, table)),
            Answer::Routes(family, table) => drop(self.routes.insert(family, table)),
            Answer::BfdPeers(peers) => self.bfd = Some(peers),
            Answer::BfdCounters(counters) => self.bfd_counters = Some(counters),
            Answer::Running(daemon, part) => {
                self.running.get_or_insert_default().merge(*part);
                self.knows_bgp |= daemon == Daemon::Bgpd;
                self.knows_zebra |= daemon == Daemon::Zebra;
            }
            _ => {}
        }
    }

    /// Returns the reason why a daemon gave no answer.
    pub fn why(&self, daemon: Daemon) -> String {
        self.silent.get(&daemon).cloned().unwrap_or_else(|| "not asked".to_owned())
    }

    /// A neighbor's state.
    pub fn neighbor(&self, address: IpAddr) -> Option<&BgpNeighbor> {
        self.neighbors.as_ref()?.neighbors.get(&address)
    }

    /// The BGP instance that runs.
    pub fn instance(&self) -> Option<&RunningBgp> {
        self.running.as_ref()?.bgp.as_ref()
    }

    /// The configuration of a neighbor, and of the instance around it.
    pub fn configured(&self, address: IpAddr) -> Option<(&RunningBgp, &RunningNeighbor)> {
        let instance = self.instance()?;
        Some((instance, instance.neighbors.get(&address)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A daemon that does not answer, or not in a form that is read, holds back no other's answer.
    #[test]
    fn a_missing_answer_has_its_reason() {
        let silent = Err("bfdd is not running".to_owned());
        let frr = Frr::read([
            (Question::BgpSummary, Ok("{}".to_owned())),
            (Question::BfdPeers, silent.clone()),
            (Question::Running(Daemon::Bfdd), Err("the same again".to_owned())),
            (Question::Routes(Family::Ipv4), Ok("% Unknown command".to_owned())),
        ]);
        assert!(frr.summary.is_some() && frr.bfd.is_none() && frr.routes.is_empty());
        assert_eq!(silent.as_ref(), Err::<&String, _>(&frr.why(Daemon::Bfdd)));
        assert_ne!(frr.why(Daemon::Zebra), "not asked");
        assert_eq!(frr.why(Daemon::Bgpd), "not asked");
    }
}
