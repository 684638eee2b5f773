//! The questions to FRR, and the evidence that their answers are.

use diagnosis::evidence::Frr;
use frrconf::views::{BfdCounters, BfdPeers, BgpNeighbors, BgpTable, Family as ViewFamily, RouteTable, ViewError};
use labfile::Family;

use crate::router::Question;

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

/// Reads answers to [`QUESTIONS`].
pub(super) fn read(answers: impl IntoIterator<Item = Result<String, String>>) -> Frr {
    let mut frr = Frr::default();
    for (question, answer) in QUESTIONS.into_iter().zip(answers) {
        let taken = answer.and_then(|text| take(&mut frr, question, &text).map_err(|error| error.to_string()));
        if let Err(why) = taken {
            frr.silent.entry(question.daemon()).or_insert(why);
        }
    }
    frr
}

fn take(frr: &mut Frr, question: Question, text: &str) -> Result<(), ViewError> {
    let of = |family| match family {
        Family::Ipv4 => ViewFamily::Ipv4,
        Family::Ipv6 => ViewFamily::Ipv6,
    };
    match question {
        Question::BgpNeighbors => frr.neighbors = Some(BgpNeighbors::parse(text)?),
        Question::Bgp(family) => drop(frr.bgp.insert(family, BgpTable::parse(of(family), text)?)),
        Question::Routes(family) => drop(frr.routes.insert(family, RouteTable::parse(of(family), text)?)),
        Question::BfdPeers => frr.bfd = Some(BfdPeers::parse(text)?),
        Question::BfdCounters => frr.counters = Some(BfdCounters::parse(text)?),
        Question::BgpConfig | Question::BfdConfig => {
            frr.running.get_or_insert_default().read(text);
            frr.knows_bgp |= question == Question::BgpConfig;
        }
        Question::BgpSummary => {}
    }
    Ok(())
}
