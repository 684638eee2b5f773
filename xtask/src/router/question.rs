//! What routers are asked.

use std::fmt::Write;

use frrconf::vty::Daemon;

use crate::lab::Family;

/// What stands between two answers of one shell; JSON never holds it.
const SEPARATOR: char = '\u{1e}';

/// A question that FRR 8.4 to 10.x answers in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// The BGP sessions of both families.
    BgpSummary,
    /// The BGP sessions in detail, with their timers.
    BgpNeighbors,
    /// The BFD sessions.
    BfdPeers,
    /// The BGP table of a family.
    Bgp(Family),
    /// Zebra's table of a family, with resolved next hops.
    Routes(Family),
    /// The BFD sessions' counters.
    BfdCounters,
    /// What bgpd runs by; a text.
    BgpConfig,
    /// What bfdd runs by; a text.
    BfdConfig,
}

impl Question {
    /// The daemon that knows.
    pub(crate) const fn daemon(self) -> Daemon {
        match self {
            Self::BgpSummary | Self::BgpNeighbors | Self::Bgp(_) | Self::BgpConfig => Daemon::Bgpd,
            Self::BfdPeers | Self::BfdCounters | Self::BfdConfig => Daemon::Bfdd,
            Self::Routes(_) => Daemon::Zebra,
        }
    }

    /// The command, for vtysh and for the daemon alike.
    pub(super) const fn command(self) -> &'static str {
        match self {
            Self::BgpSummary => "show bgp summary json",
            Self::BgpNeighbors => "show bgp neighbors json",
            Self::BfdPeers => "show bfd peers json",
            Self::Bgp(Family::Ipv4) => "show bgp ipv4 unicast json",
            Self::Bgp(Family::Ipv6) => "show bgp ipv6 unicast json",
            Self::Routes(Family::Ipv4) => "show ip route json",
            Self::Routes(Family::Ipv6) => "show ipv6 route json",
            Self::BfdCounters => "show bfd peers counters json",
            Self::BgpConfig | Self::BfdConfig => "show running-config",
        }
    }

    /// The command for vtysh, which speaks to all daemons.
    const fn vtysh(self) -> &'static str {
        match self {
            Self::BgpConfig => "show running-config bgpd",
            Self::BfdConfig => "show running-config bfdd",
            other => other.command(),
        }
    }

    /// Whether a text is an answer: where FRR refuses, it prints words instead of JSON, and of a configuration nothing.
    fn is_answer(self, text: &str) -> bool {
        match self {
            Self::BgpConfig | Self::BfdConfig => text.contains("frr version"),
            _ => text.starts_with(['{', '[']),
        }
    }
}

/// One shell script that answers all questions.
pub(super) fn script(questions: &[Question]) -> String {
    let mut script = String::new();
    for question in questions {
        // Writing to a String cannot fail.
        let _ = write!(script, "vtysh -c '{}'; printf '\\036'; ", question.vtysh());
    }
    script
}

/// The answers in what the script printed; the command that has none, and what came instead.
pub(super) fn answers(stdout: &str, stderr: &str, questions: &[Question]) -> Result<Vec<String>, (String, String)> {
    each(stdout, questions)
        .into_iter()
        .zip(questions)
        .map(|(answer, question)| {
            answer.ok_or_else(|| (question.command().to_owned(), format!("{stdout}{stderr}").trim().to_owned()))
        })
        .collect()
}

/// The answers in what the script printed, those that are there.
pub(super) fn each(stdout: &str, questions: &[Question]) -> Vec<Option<String>> {
    let mut texts = stdout.split(SEPARATOR);
    let mut answer =
        |question: &Question| texts.next().map(str::trim).filter(|text| question.is_answer(text)).map(str::to_owned);
    questions.iter().map(&mut answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_separates_its_answers() {
        let script = script(&[Question::BgpSummary, Question::Routes(Family::Ipv6)]);
        assert_eq!(
            script,
            "vtysh -c 'show bgp summary json'; printf '\\036'; vtysh -c 'show ipv6 route json'; printf '\\036'; "
        );
        assert_eq!(u32::from(SEPARATOR), 0o36);
    }

    #[test]
    fn the_question_without_an_answer_is_named() {
        let questions = [Question::BgpSummary, Question::BfdPeers];
        let printed = "{\"a\": 1}\n\u{1e}bfdd is not running\n\u{1e}";
        let (command, cause) = answers(printed, "", &questions).unwrap_err();
        assert_eq!(command, "show bfd peers json");
        assert!(cause.contains("bfdd is not running"));
        assert_eq!(answers("{}\u{1e}[]\n\u{1e}", "", &questions).unwrap(), ["{}", "[]"]);
    }
}
