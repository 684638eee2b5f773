//! The questions and their answers.

use crate::running::Running;
use crate::views::{
    BfdCounters, BfdPeers, BgpDetail, BgpNeighbors, BgpSummary, BgpTable, Family, RouteTable, ViewError, no_document,
};
use crate::vty::Daemon;

/// A question that FRR 8.4 to 10.x answer in a form that this crate reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Question {
    /// The BGP sessions of both families.
    BgpSummary,
    /// The BGP sessions in detail, with their timers and last reset.
    BgpNeighbors,
    /// A family's BGP table.
    BgpTable(Family),
    /// A family's BGP table with every path's attributes.
    BgpDetail(Family),
    /// The BFD sessions.
    BfdPeers,
    /// The number of times that each BFD session went down.
    BfdCounters,
    /// Zebra's routes of a family, with resolved next hops.
    Routes(Family),
    /// The running configuration of one daemon, as text.
    Running(Daemon),
}

/// The answer to a [`Question`], one variant for each.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The BGP sessions of both families.
    BgpSummary(BgpSummary),
    /// The BGP sessions in detail.
    BgpNeighbors(BgpNeighbors),
    /// A family's BGP table.
    BgpTable(Family, BgpTable),
    /// A family's BGP table with every path's attributes.
    BgpDetail(Family, BgpDetail),
    /// The BFD sessions.
    BfdPeers(BfdPeers),
    /// The counters of the BFD sessions.
    BfdCounters(BfdCounters),
    /// Zebra's routes of a family.
    Routes(Family, RouteTable),
    /// The running configuration of one daemon; [`Running::merge`] joins those of several.
    Running(Daemon, Box<Running>),
}

impl Question {
    /// The daemon that answers.
    pub const fn daemon(self) -> Daemon {
        match self {
            Self::BgpSummary | Self::BgpNeighbors | Self::BgpTable(_) | Self::BgpDetail(_) => Daemon::Bgpd,
            Self::BfdPeers | Self::BfdCounters => Daemon::Bfdd,
            Self::Routes(_) => Daemon::Zebra,
            Self::Running(daemon) => daemon,
        }
    }

    /// The command for the daemon's own socket.
    pub const fn command(self) -> &'static str {
        match self {
            Self::BgpSummary => BgpSummary::COMMAND,
            Self::BgpNeighbors => BgpNeighbors::COMMAND,
            Self::BgpTable(family) => BgpTable::command(family),
            Self::BgpDetail(family) => BgpDetail::command(family),
            Self::BfdPeers => BfdPeers::COMMAND,
            Self::BfdCounters => BfdCounters::COMMAND,
            Self::Routes(family) => RouteTable::command(family),
            Self::Running(_) => Running::COMMAND,
        }
    }

    /// The command for vtysh, which speaks to every daemon and has to be given the name of the one that is meant.
    pub const fn vtysh_command(self) -> &'static str {
        match self {
            Self::Running(Daemon::Zebra) => "show running-config zebra",
            Self::Running(Daemon::Bgpd) => "show running-config bgpd",
            Self::Running(Daemon::Bfdd) => "show running-config bfdd",
            other => other.command(),
        }
    }

    /// Returns `true` if a text can be the answer. Where FRR refuses a command, it prints words instead of JSON; where
    /// a daemon does not run, it prints no configuration.
    pub fn is_answered_by(self, text: &str) -> bool {
        match self {
            Self::Running(_) => text.contains("frr version"),
            _ => text.trim_start().starts_with(['{', '[']),
        }
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`ViewError`] if the text holds no answer, or one of another shape.
    pub fn read(self, text: &str) -> Result<Answer, ViewError> {
        Ok(match self {
            Self::BgpSummary => Answer::BgpSummary(BgpSummary::parse(text)?),
            Self::BgpNeighbors => Answer::BgpNeighbors(BgpNeighbors::parse(text)?),
            Self::BgpTable(family) => Answer::BgpTable(family, BgpTable::parse(family, text)?),
            Self::BgpDetail(family) => Answer::BgpDetail(family, BgpDetail::parse(family, text)?),
            Self::BfdPeers => Answer::BfdPeers(BfdPeers::parse(text)?),
            Self::BfdCounters => Answer::BfdCounters(BfdCounters::parse(text)?),
            Self::Routes(family) => Answer::Routes(family, RouteTable::parse(family, text)?),
            Self::Running(daemon) if self.is_answered_by(text) => {
                Answer::Running(daemon, Box::new(Running::parse(text)))
            }
            Self::Running(_) => return Err(no_document(self.vtysh_command(), text)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Question::BgpSummary, "frr1/bgp-summary.json")]
    #[case(Question::BgpNeighbors, "frr1/bgp-neighbors.json")]
    #[case(Question::BgpTable(Family::Ipv4), "frr1/bgp-ipv4.json")]
    #[case(Question::BgpTable(Family::Ipv6), "frr1/bgp-ipv6.json")]
    #[case(Question::BgpDetail(Family::Ipv4), "frr1/bgp-ipv4-detail.json")]
    #[case(Question::BfdPeers, "frr1/bfd-peers.json")]
    #[case(Question::Routes(Family::Ipv4), "frr1/ip-route.json")]
    #[case(Question::Routes(Family::Ipv6), "frr1/ipv6-route.json")]
    #[case(Question::Running(Daemon::Bgpd), "frr1-typed/running-config.txt")]
    fn every_question_reads_its_own_answer(
        #[case] question: Question,
        #[case] file: &str,
        #[values("8.4.4", "10.7.1")] release: &str,
    ) {
        let path = format!("{}/tests/fixtures/{release}/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(question.is_answered_by(&text));
        let same = match (question, question.read(&text).unwrap()) {
            (Question::BgpSummary, Answer::BgpSummary(summary)) => summary.ipv4.is_some(),
            (Question::BgpNeighbors, Answer::BgpNeighbors(all)) => !all.neighbors.is_empty(),
            (Question::BgpTable(asked), Answer::BgpTable(family, table)) => asked == family && !table.routes.is_empty(),
            (Question::BgpDetail(asked), Answer::BgpDetail(family, table)) => asked == family && !table.is_empty(),
            (Question::BfdPeers, Answer::BfdPeers(peers)) => !peers.0.is_empty(),
            (Question::Routes(asked), Answer::Routes(family, table)) => asked == family && !table.routes.is_empty(),
            (Question::Running(asked), Answer::Running(daemon, running)) => asked == daemon && running.bgp.is_some(),
            _ => false,
        };
        assert!(same, "{question:?}");
    }

    #[test]
    fn a_daemon_that_does_not_run_has_no_configuration() {
        let error = Question::Running(Daemon::Bfdd).read("bfdd is not running\n").unwrap_err();
        assert!(matches!(error, ViewError::NoAnswer { command: "show running-config bfdd" }), "{error}");
    }

    #[test]
    fn each_question_goes_to_the_daemon_that_prints_it() {
        assert_eq!(Question::Routes(Family::Ipv6).daemon(), Daemon::Zebra);
        assert_eq!(Question::BfdPeers.daemon(), Daemon::Bfdd);
        assert_eq!(Question::Running(Daemon::Bgpd).daemon(), Daemon::Bgpd);
    }
}
