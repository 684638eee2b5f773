//! Prefix lists and route maps.

use std::collections::BTreeSet;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::values::{Community, LargeCommunity, Name, PrefixMatch, Sequence};

/// The action of a rule on the routes that match it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Lets them pass.
    Permit,
    /// Rejects them.
    Deny,
}

impl Action {
    /// FRR's keyword.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Deny => "deny",
        }
    }
}

/// A prefix list: the first rule that matches decides; a prefix that none matches is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixList {
    /// The name by which route maps refer to it; unique among both families' lists.
    pub name: Name,
    /// The rules.
    pub rules: PrefixRules,
}

/// The rules of a prefix list, all of one family, in the order of their evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrefixRules {
    /// IPv4 prefixes.
    Ipv4(Vec<PrefixRule<Ipv4Net>>),
    /// IPv6 prefixes.
    Ipv6(Vec<PrefixRule<Ipv6Net>>),
}

/// One rule of a prefix list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrefixRule<N> {
    /// The action.
    pub action: Action,
    /// The prefixes that it covers.
    pub prefixes: PrefixMatch<N>,
}

/// A route map: entries in ascending sequence; the first that matches decides, a route that none matches is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteMap {
    /// The name by which neighbors refer to it.
    pub name: Name,
    /// The entries.
    pub entries: Vec<RouteMapEntry>,
}

impl RouteMap {
    /// A map that prefers the global next hop over the link-local one in the routes of an IPv6 neighbor, as a route to
    /// a router behind that neighbor needs.
    pub fn prefer_global(name: Name, at: Sequence) -> Self {
        let set = Changes { prefer_global: true, ..Changes::default() };
        let entry = RouteMapEntry { set, ..RouteMapEntry::new(at, Action::Permit) };
        Self { name, entries: vec![entry] }
    }
}

/// One entry of a route map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteMapEntry {
    /// The position.
    pub sequence: Sequence,
    /// The action.
    pub action: Action,
    /// The condition; `None` matches every route.
    pub matches: Option<Match>,
    /// The changes to the routes that it permits.
    pub set: Changes,
    /// Goes on to the next entry after a match (`on-match next`).
    pub then_next: bool,
}

impl RouteMapEntry {
    /// An entry that matches everything and changes nothing.
    pub fn new(sequence: Sequence, action: Action) -> Self {
        Self { sequence, action, matches: None, set: Changes::default(), then_next: false }
    }
}

/// The condition of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Match {
    /// The prefix passes a list, whose family is the list's own.
    PrefixList(Name),
}

/// The changes that an entry makes to the routes that it permits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// `local-preference`: the highest wins within an AS.
    pub local_preference: Option<u32>,
    /// Communities that are added to the route's own.
    pub add_communities: BTreeSet<Community>,
    /// Large communities that are added to the route's own.
    pub add_large_communities: BTreeSet<LargeCommunity>,
    /// `ipv6 next-hop prefer-global`.
    pub prefer_global: bool,
}
