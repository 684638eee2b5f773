//! Prefix lists and route maps.

use std::collections::BTreeSet;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::values::{Community, Name, PrefixMatch, Sequence};

/// Whether what matches passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It does.
    Permit,
    /// It does not.
    Deny,
}

impl Action {
    /// FRR's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Deny => "deny",
        }
    }
}

/// A prefix list: the first rule that matches decides; what none matches is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixList {
    /// What route maps call it by; unique among both families' lists.
    pub name: Name,
    /// Its rules.
    pub rules: PrefixRules,
}

/// The rules of a prefix list, all of one family, in the order in which they are asked.
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
    /// What happens with what it covers.
    pub action: Action,
    /// What it covers.
    pub prefixes: PrefixMatch<N>,
}

/// A route map: entries in ascending sequence; the first that matches decides, what none matches is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteMap {
    /// What neighbors call it by.
    pub name: Name,
    /// Its entries.
    pub entries: Vec<RouteMapEntry>,
}

impl RouteMap {
    /// A map that prefers the global next hop over the link-local one in what an IPv6 neighbor sends, which a route to
    /// somebody behind that neighbor needs.
    pub fn prefer_global(name: Name, at: Sequence) -> Self {
        let set = Changes { prefer_global: true, ..Changes::default() };
        let entry = RouteMapEntry { set, ..RouteMapEntry::new(at, Action::Permit) };
        Self { name, entries: vec![entry] }
    }
}

/// One entry of a route map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteMapEntry {
    /// Its place.
    pub sequence: Sequence,
    /// What happens with what it matches.
    pub action: Action,
    /// What it asks for; nothing matches everything.
    pub matches: Option<Match>,
    /// What it changes.
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

/// What an entry asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Match {
    /// The prefix passes a list, whose family is the list's own.
    PrefixList(Name),
}

/// What an entry changes in what it permits. Each once: FRR takes the last of two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// `local-preference`: the highest wins within an AS.
    pub local_preference: Option<u32>,
    /// Communities that are added to those that are there.
    pub add_communities: BTreeSet<Community>,
    /// `ipv6 next-hop prefer-global`.
    pub prefer_global: bool,
}
