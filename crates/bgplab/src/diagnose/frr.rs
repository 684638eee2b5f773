//! The questions to FRR, and the evidence that their answers are.

use diagnosis::evidence::Frr;
use frrconf::ask::{Answer, Question};
use frrconf::views::Family;
use frrconf::vty::Daemon;

/// Everything that is asked.
pub(super) const QUESTIONS: [Question; 9] = [
    Question::BgpNeighbors,
    Question::BgpTable(Family::Ipv4),
    Question::BgpTable(Family::Ipv6),
    Question::Running(Daemon::Bgpd),
    Question::BfdPeers,
    Question::BfdCounters,
    Question::Running(Daemon::Bfdd),
    Question::Routes(Family::Ipv4),
    Question::Routes(Family::Ipv6),
];

/// Reads answers to [`QUESTIONS`].
pub(super) fn read(answers: impl IntoIterator<Item = Result<String, String>>) -> Frr {
    let mut frr = Frr::default();
    for (question, answer) in QUESTIONS.into_iter().zip(answers) {
        match answer.and_then(|text| question.read(&text).map_err(|error| error.to_string())) {
            Ok(answer) => take(&mut frr, answer),
            Err(why) => drop(frr.silent.entry(question.daemon()).or_insert(why)),
        }
    }
    frr
}

fn take(frr: &mut Frr, answer: Answer) {
    match answer {
        Answer::BgpNeighbors(neighbors) => frr.neighbors = Some(neighbors),
        Answer::BgpTable(family, table) => drop(frr.bgp.insert(family, table)),
        Answer::Routes(family, table) => drop(frr.routes.insert(family, table)),
        Answer::BfdPeers(peers) => frr.bfd = Some(peers),
        Answer::BfdCounters(counters) => frr.counters = Some(counters),
        Answer::Running(daemon, part) => {
            frr.running.get_or_insert_default().merge(*part);
            frr.knows_bgp |= daemon == Daemon::Bgpd;
        }
        _ => {}
    }
}
