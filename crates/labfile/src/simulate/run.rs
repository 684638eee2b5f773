//! Round after round until nothing changes.

use std::collections::VecDeque;

use ipnet::IpNet;

use super::{decide::Decision, fabric::Fabric, route::Offer};
use crate::Family;

/// The number of decisions after which a speaker is taken never to end.
const DECISIONS: usize = 64;

/// Speakers that have come to rest.
pub(super) struct Settled {
    /// The decision of each speaker.
    pub(super) decisions: Vec<Option<Decision>>,
    /// The offers of neighbors, by channel.
    pub(super) offers: Vec<Offer>,
}

/// Returns the decision of each speaker about a prefix, or nothing if they never come to rest.
pub(crate) fn run(fabric: &Fabric, prefix: IpNet) -> Option<Vec<Option<Decision>>> {
    settle(fabric, prefix).map(|settled| settled.decisions)
}

/// Returns the same, with what led to it.
pub(super) fn settle(fabric: &Fabric, prefix: IpNet) -> Option<Settled> {
    let family = Family::of(prefix.addr());
    let carries = |index: &usize| fabric.channels.get(*index).is_some_and(|channel| channel.families.contains(&family));
    let ends = |end: fn(&super::Channel) -> usize| {
        let mut of = vec![Vec::new(); fabric.speakers.len()];
        for (index, channel) in fabric.channels.iter().enumerate().filter(|(index, _)| carries(index)) {
            of.get_mut(end(channel)).into_iter().for_each(|all: &mut Vec<usize>| all.push(index));
        }
        of
    };
    let (incoming, outgoing) = (ends(|channel| channel.to), ends(|channel| channel.from));
    let starts = fabric.channels.iter().enumerate().map(|(index, channel)| {
        let origin = channel.origins.iter().find(|origin| origin.prefix == prefix && carries(&index));
        origin.map_or_else(Offer::default, |origin| fabric.started(channel, origin))
    });
    let mut offers: Vec<Offer> = starts.collect();
    let mut decisions: Vec<Option<Decision>> = vec![None; fabric.speakers.len()];
    let mut counts = vec![0_usize; fabric.speakers.len()];
    let mut waiting: VecDeque<usize> = (0..fabric.speakers.len()).collect();
    while let Some(at) = waiting.pop_front() {
        let of = incoming.get(at).into_iter().flatten().filter_map(|index| Some((*index, offers.get(*index)?)));
        let decision = fabric.decide(at, of);
        let (Some(known), Some(count)) = (decisions.get_mut(at), counts.get_mut(at)) else { continue };
        if *known == decision {
            continue;
        }
        *count += 1;
        if *count > DECISIONS {
            return None;
        }
        for index in outgoing.get(at).into_iter().flatten() {
            let (Some(channel), Some(offer)) = (fabric.channels.get(*index), offers.get_mut(*index)) else { continue };
            // What starts there does not depend on what is learned.
            let passed = fabric.passed(channel, prefix, decision.as_ref());
            if channel.origins.is_empty() && *offer != passed {
                *offer = passed;
                if !waiting.contains(&channel.to) {
                    waiting.push_back(channel.to);
                }
            }
        }
        *known = decision;
    }
    Some(Settled { decisions, offers })
}
