//! The reasons of a decision: how far each route came.

use std::{fmt, net::IpAddr, rc::Rc};

use ipnet::IpNet;
use serde::Serialize;

use super::{
    decide::{Candidate, Decision},
    fabric::{Fabric, Speaker},
    route::Route,
    run::settle,
};

/// A step of the decision between two routes, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The higher local preference.
    LocalPreference,
    /// The shorter AS path.
    PathLength,
    /// A route of eBGP before one of iBGP.
    External,
    /// The lower metric of the way to the next hop.
    Metric,
    /// The lower router id of whoever brought the route into this AS.
    RouterId,
    /// The shorter list of route reflectors.
    ClusterList,
    /// The lower address of the neighbor.
    NeighborAddress,
}

impl Step {
    /// Returns the rule's place in its RFC.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::LocalPreference => "RFC 4271 9.1.1",
            Self::PathLength => "RFC 4271 9.1.2.2 a",
            Self::External => "RFC 4271 9.1.2.2 d",
            Self::Metric => "RFC 4271 9.1.2.2 e",
            Self::RouterId => "RFC 4271 9.1.2.2 f",
            Self::ClusterList => "RFC 4456 9",
            Self::NeighborAddress => "RFC 4271 9.1.2.2 g",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::LocalPreference => "lower local preference",
            Self::PathLength => "longer AS path",
            Self::External => "iBGP, after eBGP",
            Self::Metric => "farther next hop",
            Self::RouterId => "higher router id",
            Self::ClusterList => "longer cluster list",
            Self::NeighborAddress => "higher neighbor address",
        })
    }
}

/// The end that a route comes to at a speaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is the best one.
    Best,
    /// The next hop is used in any case: the route is the best one, or its equal. Of equal routes by one next hop, FRR uses
    /// one (`bgpd/bgp_mpath.c`).
    Used,
    /// It may be used: no configuration decides, or its neighbor may send another.
    Possible,
    /// Another route is preferred, by this step.
    Lost(Step),
}

/// A route that a speaker chooses from.
#[derive(Debug)]
pub(crate) struct Considered {
    /// The neighbor, as a speaker of the fabric.
    pub(crate) from: usize,
    /// The neighbor's address.
    pub(crate) near: IpAddr,
    pub(crate) route: Rc<Route>,
    /// `true` if its neighbor sends it in any case.
    pub(crate) certain: bool,
    pub(crate) fate: Fate,
}

/// Returns the decision of each speaker about a prefix with the routes that it chooses from, or nothing if they never come to
/// rest.
pub(crate) fn explain(fabric: &Fabric, prefix: IpNet) -> Option<Vec<(Option<Decision>, Vec<Considered>)>> {
    let settled = settle(fabric, prefix)?;
    let each = settled.decisions.into_iter().zip(&fabric.speakers).enumerate().map(|(at, (decision, speaker))| {
        let ends_here = |index: &usize| fabric.channels.get(*index).is_some_and(|channel| channel.to == at);
        let offers = settled.offers.iter().enumerate().filter(|(index, _)| ends_here(index));
        let (candidates, bound) = fabric.candidates(speaker, offers);
        let in_reach: Vec<_> = candidates.iter().filter(|one| bound.is_none_or(|bound| one.rank <= bound)).collect();
        let considered = candidates.iter().map(|one| Considered {
            from: one.channel.from,
            near: one.channel.near,
            route: Rc::clone(one.route),
            certain: one.settled,
            fate: fabric.fate(speaker, one, &candidates, &in_reach),
        });
        (decision, considered.collect())
    });
    Some(each.collect())
}

impl Fabric {
    fn fate(&self, at: &Speaker, one: &Candidate<'_>, all: &[Candidate<'_>], in_reach: &[&Candidate<'_>]) -> Fate {
        let beaten = |one: &Candidate<'_>| in_reach.iter().find(|other| other.settled && self.beats(at, other, one));
        let unbeaten = || in_reach.iter().filter(|one| beaten(one).is_none());
        let is_same = |other: &Candidate<'_>| std::ptr::eq(other, one);
        let groups = || unbeaten().map(|best| self.equals(at, best, all));
        let in_group = |group: Vec<&Candidate<'_>>| group.into_iter().any(is_same);
        let (in_all, in_some) = (groups().all(in_group), groups().any(in_group));
        match in_some {
            true if !one.settled => Fate::Possible,
            true if in_all && unbeaten().count() == 1 && unbeaten().any(|best| is_same(best)) => Fate::Best,
            true if in_all => Fate::Used,
            true => Fate::Possible,
            false => {
                let preferred = unbeaten().find(|best| self.beats(at, best, one)).or_else(|| beaten(one));
                let nearest = || in_reach.iter().min_by_key(|other| other.rank);
                preferred.or_else(nearest).map_or(Fate::Possible, |other| Fate::Lost(self.step(other, one)))
            }
        }
    }

    /// Returns the step by which one route is preferred to another.
    fn step(&self, one: &Candidate<'_>, other: &Candidate<'_>) -> Step {
        let source = |one: &Candidate<'_>| one.route.originator.unwrap_or(one.channel.from);
        let steps = [
            (one.rank.0 != other.rank.0, Step::LocalPreference),
            (one.rank.1 != other.rank.1, Step::PathLength),
            (one.rank.2 != other.rank.2, Step::External),
            (one.rank.3 != other.rank.3, Step::Metric),
            (source(one) != source(other), Step::RouterId),
            (one.route.clusters.len() != other.route.clusters.len(), Step::ClusterList),
        ];
        steps.into_iter().find_map(|(differs, step)| differs.then_some(step)).unwrap_or(Step::NeighborAddress)
    }
}
