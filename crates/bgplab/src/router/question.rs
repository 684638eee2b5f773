//! The questions to routers.

use std::fmt::Write;

use frrconf::vty::Daemon;

use labfile::Family;

/// The separator between two answers of one shell, which JSON never holds.
const SEPARATOR: char = '\u{1e}';

/// The length, in characters, to which the text instead of an answer is cut.
const SHOWN: usize = 200;

/// A question that FRR 8.4 to 10.x answers in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
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
    /// The running configuration of bgpd; a text.
    BgpConfig,
    /// The running configuration of bfdd; a text.
    BfdConfig,
}

impl Question {
    /// Returns the daemon that knows the answer.
    pub const fn daemon(self) -> Daemon {
        match self {
            Self::BgpSummary | Self::BgpNeighbors | Self::Bgp(_) | Self::BgpConfig => Daemon::Bgpd,
            Self::BfdPeers | Self::BfdCounters | Self::BfdConfig => Daemon::Bfdd,
            Self::Routes(_) => Daemon::Zebra,
        }
    }

    /// Returns the command, for vtysh and for the daemon alike.
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

    /// Returns the command for vtysh, which speaks to all daemons.
    const fn vtysh(self) -> &'static str {
        match self {
            Self::BgpConfig => "show running-config bgpd",
            Self::BfdConfig => "show running-config bfdd",
            other => other.command(),
        }
    }

    /// `true` if a text is an answer: where FRR refuses, it prints words instead of JSON, and nothing instead of a
    /// configuration.
    fn is_answer(self, text: &str) -> bool {
        match self {
            Self::BgpConfig | Self::BfdConfig => text.contains("frr version"),
            _ => text.starts_with(['{', '[']),
        }
    }
}

/// Builds one shell script that answers all questions.
pub(super) fn script(questions: &[Question]) -> String {
    let mut script = String::new();
    for question in questions {
        // Writing to a String cannot fail.
        let _ = write!(script, "vtysh -c '{}'; printf '\\036'; ", question.vtysh());
    }
    script
}

/// Splits the script's output into the answers, in the questions' order; for a missing one, what came instead.
pub(super) fn answers(stdout: &str, stderr: &str, questions: &[Question]) -> Vec<Result<String, String>> {
    let mut texts = stdout.split(SEPARATOR).map(str::trim);
    let answer = |question: &Question| {
        let text = texts.next().unwrap_or_default();
        let instead = || format!("{text} {}", stderr.trim()).trim().chars().take(SHOWN).collect();
        if question.is_answer(text) { Ok(text.to_owned()) } else { Err(instead()) }
    };
    questions.iter().map(answer).collect()
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
    fn a_missing_answer_shows_what_came_instead_and_keeps_the_others() {
        let questions = [Question::BgpSummary, Question::BfdPeers, Question::Routes(Family::Ipv4)];
        let printed = "{\"a\": 1}\n\u{1e}bfdd is not running\n\u{1e}{}\u{1e}";
        let silent = Err("bfdd is not running no vtysh.conf".to_owned());
        let (one, three) = (Ok("{\"a\": 1}".to_owned()), Ok("{}".to_owned()));
        assert_eq!(answers(printed, "no vtysh.conf\n", &questions), [one, silent, three]);
        let cut = "%".repeat(1000);
        assert_eq!(answers(&cut, "", &questions)[0].as_ref().unwrap_err().len(), SHOWN);
        assert_eq!(answers(&cut, "", &questions)[2], Err(String::new()), "the shell ended before");
    }
}
