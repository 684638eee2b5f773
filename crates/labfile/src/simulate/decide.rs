//! The decision process (RFC 4271 section 9.1, RFC 4456 section 9) with FRR's multipath.

use std::{cmp::Reverse, collections::BTreeSet, net::IpAddr, rc::Rc};

use super::{
    fabric::{Channel, Fabric, Speaker},
    route::{Offer, Route},
};

/// The routes that a speaker chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// The next hops: all of them, or at least one.
    pub(crate) next_hops: BTreeSet<IpAddr>,
    /// `true` if all of them are used.
    pub(crate) all: bool,
    /// The neighbors that the routes come from.
    pub(crate) from: BTreeSet<usize>,
    /// `true` if there is a route in any case.
    pub(crate) certain: bool,
    /// The routes of which one is passed on, each with the channel that it came by.
    pub(super) best: Vec<(usize, Rc<Route>)>,
}

/// A route that may be chosen.
pub(super) struct Candidate<'a> {
    index: usize,
    pub(super) channel: &'a Channel,
    pub(super) route: &'a Rc<Route>,
    /// `true` if its neighbor sends it in any case.
    pub(super) settled: bool,
    pub(super) rank: Rank,
}

/// The order of candidates, best first, by local preference, length of the AS path, eBGP before iBGP, metric of the next hop.
pub(super) type Rank = (Reverse<u32>, usize, bool, u32);

impl Fabric {
    /// Returns the routes that a speaker has to choose from, and the rank that one of them has at least.
    pub(super) fn candidates<'a>(
        &'a self,
        speaker: &Speaker,
        offers: impl Iterator<Item = (usize, &'a Offer)>,
    ) -> (Vec<Candidate<'a>>, Option<Rank>) {
        let mut candidates = Vec::new();
        let mut bound: Option<Rank> = None;
        for (index, offer) in offers {
            let Some(channel) = self.channels.get(index) else { continue };
            let rank = |route: &Route| -> Rank {
                let (preference, external) = (Reverse(route.local_preference), self.is_external(channel));
                (preference, route.path.len(), !external, speaker.metric(route.next_hop))
            };
            let worst = offer.routes.iter().map(|route| rank(route)).max().filter(|_| offer.certain);
            bound = [bound, worst].into_iter().flatten().min();
            let settled = offer.is_settled();
            let each = |route| Candidate { index, channel, route, settled, rank: rank(route) };
            candidates.extend(offer.routes.iter().map(each));
        }
        (candidates, bound)
    }

    /// Returns the decision of a speaker between the offers of its neighbors, by channel.
    pub(super) fn decide<'a>(
        &'a self,
        to: usize,
        offers: impl Iterator<Item = (usize, &'a Offer)>,
    ) -> Option<Decision> {
        let speaker = self.speakers.get(to)?;
        let (mut candidates, bound) = self.candidates(speaker, offers);
        candidates.retain(|candidate| bound.is_none_or(|bound| candidate.rank <= bound));
        let best: Vec<&Candidate<'_>> = candidates
            .iter()
            .filter(|one| !candidates.iter().any(|other| other.settled && self.beats(speaker, other, one)))
            .collect();
        let groups: Vec<Vec<&Candidate<'_>>> =
            best.iter().map(|best| self.equals(speaker, best, &candidates)).collect();
        let hops =
            |group: &Vec<&Candidate<'_>>| -> BTreeSet<IpAddr> { group.iter().map(|one| one.route.next_hop).collect() };
        let next_hops: BTreeSet<IpAddr> = groups.iter().flat_map(hops).collect();
        let same = candidates.iter().all(|one| one.settled)
            && groups.iter().all(|group| hops(group) == next_hops)
            && !self.may_drop_recursive(speaker, &groups);
        let members = groups.iter().flatten();
        (!next_hops.is_empty()).then(|| Decision {
            all: same || next_hops.len() == 1,
            next_hops,
            from: members.map(|one| one.channel.from).collect(),
            certain: bound.is_some(),
            best: best.iter().map(|one| (one.index, Rc::clone(one.route))).collect(),
        })
    }

    /// `true` if the kernel may lack next hops that are not on a connected network. zebra resolves them if bgpd allows it,
    /// which for eBGP depends on the session of the best path alone: one of a single hop forbids it
    /// (`bgp_zebra_announce`, `ZEBRA_FLAG_ALLOW_RECURSION`).
    fn may_drop_recursive(&self, at: &Speaker, groups: &[Vec<&Candidate<'_>>]) -> bool {
        groups.iter().any(|group| {
            let single_hop =
                |one: &&Candidate<'_>| self.is_external(one.channel) && at.shares(one.channel.near, one.channel.far);
            let recursive = |one: &&Candidate<'_>| !at.shares(one.route.next_hop, one.route.next_hop);
            group.iter().any(single_hop) && group.iter().any(recursive)
        })
    }

    /// `true` if a candidate is preferred to another of its rank, whatever happened before.
    pub(super) fn beats(&self, at: &Speaker, one: &Candidate<'_>, other: &Candidate<'_>) -> bool {
        if one.rank != other.rank {
            return one.rank < other.rank;
        }
        // Between paths of eBGP, FRR stays with the one that it has.
        if self.is_external(one.channel) && !at.best_path.compare_router_id {
            return false;
        }
        let source = |one: &Candidate<'_>| one.route.originator.unwrap_or(one.channel.from);
        let (mine, theirs) = (source(one), source(other));
        if mine != theirs {
            let id = |speaker: usize| self.speakers.get(speaker).and_then(|speaker| speaker.id);
            return matches!((id(mine), id(theirs)), (Some(mine), Some(theirs)) if mine < theirs);
        }
        let last = |one: &Candidate<'_>| (one.route.clusters.len(), one.channel.near);
        last(one) < last(other)
    }

    /// Returns the candidates that share the traffic with the best one.
    pub(super) fn equals<'c, 'a>(
        &self,
        at: &Speaker,
        best: &Candidate<'_>,
        all: &'c [Candidate<'a>],
    ) -> Vec<&'c Candidate<'a>> {
        let external = self.is_external(best.channel);
        let alike = |one: &&Candidate<'_>| {
            let same_as = if external {
                self.asn(one.channel.from) == self.asn(best.channel.from)
            } else {
                one.route.path == best.route.path
            };
            one.rank == best.rank && (at.best_path.multipath_relax || same_as)
        };
        all.iter().filter(alike).collect()
    }
}
