//! The file's own checks: each of one thing, which the lab has.

use std::collections::BTreeSet;

use super::{
    super::{
        At, Cluster, Family, Name, Place,
        own::{Claim, OwnCheck},
        problem::{OwnProblem, Problem, What},
        raw::RawCheck,
        session::{Link, Peer},
    },
    Finds, names,
    routers::Entry,
};
use crate::Provider;

/// The places and sessions that checks may name.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) routers: &'a [Entry],
    pub(super) cluster: &'a Cluster,
    pub(super) links: &'a [Link],
    pub(super) peers: &'a [Peer],
}

impl Context<'_> {
    fn places(&self) -> Vec<String> {
        let routers = self.routers.iter().map(|entry| entry.router.name.to_string());
        routers.chain(self.cluster.node_names().map(|(name, _)| name)).collect()
    }

    /// An existing cluster has the nodes that it has.
    fn knows_nodes(&self) -> bool {
        !matches!(self.cluster.provider, Provider::Existing { .. })
    }

    /// Finds a router or node.
    fn find(&self, finds: &mut Finds, name: &At<Name>) -> Option<Name> {
        let known = self.places();
        if self.knows_nodes() && !known.contains(&name.to_string()) {
            finds.add(name.place(), names::unknown(What::Place, name.as_str(), known.into_iter()));
            return None;
        }
        Some((**name).clone())
    }

    /// Returns the places that have a session with one.
    fn sessions(&self, of: &str) -> Vec<String> {
        let links = self.links.iter().filter_map(|link| match (link.from.router.as_str(), link.to.router.as_str()) {
            (one, other) if one == of => Some(other.to_owned()),
            (other, one) if one == of => Some(other.to_owned()),
            _ => None,
        });
        let peers = self.peers.iter().flat_map(|peer| {
            let nodes = self.cluster.placement.iter().filter(|node| node.is_in(&peer.nodes));
            nodes.filter_map(move |node| match (node.name.as_str(), peer.router.as_str()) {
                (one, other) if one == of => Some(other.to_owned()),
                (other, one) if one == of => Some(other.to_owned()),
                _ => None,
            })
        });
        links.chain(peers).collect()
    }
}

/// Checks all of them.
pub(super) fn check(finds: &mut Finds, raw: &[At<RawCheck>], context: Context<'_>) -> Vec<OwnCheck> {
    for (at, check) in raw.iter().enumerate() {
        if raw[..at].iter().any(|other| other.name == check.name) {
            let name = check.name.to_string();
            finds.add(check.name.place(), Problem::Duplicate { what: What::Check, name });
        }
    }
    let one = |raw: &At<RawCheck>| Some(OwnCheck { name: (*raw.name).clone(), claim: claim(finds, raw, context)? });
    raw.iter().filter_map(one).collect()
}

/// The kinds of check, by the field that makes a check one of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Prefix,
    Session,
    Packets,
}

impl Kind {
    const fn field(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::Session => "session",
            Self::Packets => "to",
        }
    }
}

fn claim(finds: &mut Finds, raw: &RawCheck, context: Context<'_>) -> Option<Claim> {
    let given = [
        (raw.prefix.is_some(), Kind::Prefix),
        (raw.session.is_some(), Kind::Session),
        (raw.to.is_some(), Kind::Packets),
    ];
    let kinds: Vec<Kind> = given.into_iter().filter_map(|(is, kind)| is.then_some(kind)).collect();
    let kind = match kinds.as_slice() {
        [] => {
            finds.add(raw.name.place(), OwnProblem::OfNothing.into());
            return None;
        }
        [kind] => *kind,
        [one, other, ..] => {
            finds.add(raw.name.place(), OwnProblem::OfTwo(one.field(), other.field()).into());
            return None;
        }
    };
    stray(finds, raw, kind);
    match kind {
        Kind::Prefix => prefix(finds, raw, context),
        Kind::Session => session(finds, raw, context),
        Kind::Packets => packets(finds, raw, context),
    }
}

/// Refuses fields of other kinds.
fn stray(finds: &mut Finds, raw: &RawCheck, kind: Kind) {
    let fields = [
        ("at", Kind::Prefix, raw.at.as_ref().map(At::place)),
        ("next-hops", Kind::Prefix, raw.next_hops.as_ref().map(At::place)),
        ("as-path", Kind::Prefix, raw.as_path.as_ref().map(At::place)),
        ("communities", Kind::Prefix, raw.communities.as_ref().map(At::place)),
        ("from", Kind::Packets, raw.from.as_ref().map(At::place)),
        ("port", Kind::Packets, raw.port.as_ref().map(At::place)),
        ("answer", Kind::Packets, raw.answer.as_ref().map(At::place)),
        ("path", Kind::Packets, raw.path.as_ref().map(At::place)),
    ];
    let fields = fields.into_iter().filter(|(_, of, _)| *of != kind);
    without(finds, kind.field(), fields.map(|(field, _, place)| (field, place)));
}

/// Refuses fields that do not go with another.
fn without(finds: &mut Finds, with: &'static str, fields: impl IntoIterator<Item = (&'static str, Option<Place>)>) {
    for (field, place) in fields {
        if let Some(place) = place {
            finds.add(place, OwnProblem::Stray { field, with }.into());
        }
    }
}

fn prefix(finds: &mut Finds, raw: &RawCheck, context: Context<'_>) -> Option<Claim> {
    let prefix = raw.prefix.as_ref()?;
    let Some(at) = &raw.at else {
        finds.add(prefix.place(), Problem::Missing("`at`, the router or node that has the prefix"));
        return None;
    };
    let at = context.find(finds, at)?;
    let family = Family::of(prefix.0.addr());
    let mut next_hops = None;
    for hop in raw.next_hops.iter().flat_map(|hops| hops.iter()) {
        if Family::of(hop.0) != family {
            let expected = if prefix.0.addr().is_ipv4() { "an IPv4 address" } else { "an IPv6 address" };
            finds.add(hop.place(), Problem::Unfit { value: hop.to_string(), expected });
        }
    }
    if let Some(hops) = &raw.next_hops {
        if hops.is_empty() {
            let properties = [
                ("as-path", raw.as_path.as_ref().map(At::place)),
                ("communities", raw.communities.as_ref().map(At::place)),
            ];
            without(finds, "next-hops = []", properties);
            return Some(Claim::Absent { at, prefix: prefix.0 });
        }
        next_hops = Some(hops.iter().map(|hop| hop.0).collect());
    }
    let communities = raw.communities.iter().flat_map(|all| all.iter()).map(|community| **community).collect();
    let as_path = raw.as_path.as_ref().map(|path| (**path).clone());
    Some(Claim::Prefix { at, prefix: prefix.0, next_hops, as_path, communities })
}

fn session(finds: &mut Finds, raw: &RawCheck, context: Context<'_>) -> Option<Claim> {
    let ends = raw.session.as_ref()?;
    let [near, far] = ends.as_slice() else {
        finds.add(ends.place(), OwnProblem::Ends(ends.len()).into());
        return None;
    };
    let (near, other) = (context.find(finds, near), context.find(finds, far));
    let (near, other) = (near?, other?);
    let with = context.sessions(near.as_str());
    if context.knows_nodes() && !with.iter().any(|name| name == other.as_str()) {
        finds.add(far.place(), OwnProblem::NoSession { near, far: other, with }.into());
        return None;
    }
    Some(Claim::Session { near, far: other })
}

fn packets(finds: &mut Finds, raw: &RawCheck, context: Context<'_>) -> Option<Claim> {
    let to = raw.to.as_ref()?;
    let Some(from) = &raw.from else {
        finds.add(to.place(), Problem::Missing("`from`, the router or node that sends"));
        return None;
    };
    let from = context.find(finds, from)?;
    let Some(path) = &raw.path else {
        let (port, answers) = (raw.port.as_ref().map(|port| **port), raw.answer.as_ref().is_none_or(|answer| **answer));
        return Some(Claim::Answer { from, to: to.0, port, answers });
    };
    let of_answers = [("port", raw.port.as_ref().map(At::place)), ("answer", raw.answer.as_ref().map(At::place))];
    without(finds, "path", of_answers);
    if path.is_empty() {
        finds.add(path.place(), OwnProblem::NoStep.into());
    }
    let mut steps = Vec::new();
    for step in path.iter() {
        let mut names = BTreeSet::new();
        if step.routers(step.place()).next().is_none() {
            finds.add(step.place(), OwnProblem::NoStep.into());
        }
        let known = context.places();
        for (place, name) in step.routers(step.place()) {
            if context.knows_nodes() && !known.contains(&name.to_string()) {
                finds.add(place, names::unknown(What::Place, name.as_str(), known.iter().cloned()));
            }
            names.insert(name.clone());
        }
        steps.push(names);
    }
    Some(Claim::Path { from, to: to.0, steps })
}
