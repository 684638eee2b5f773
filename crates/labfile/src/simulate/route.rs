//! Routes to one prefix.

use std::{collections::BTreeSet, net::IpAddr, rc::Rc};

use frrconf::values::Community;
use ipnet::IpNet;

/// The local preference of a route that has none (FRR's `bgp default local-preference`).
pub(super) const LOCAL_PREFERENCE: u32 = 100;

/// A route as its first speaker sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) prefix: IpNet,
    pub(crate) local_preference: Option<u32>,
    pub(crate) communities: BTreeSet<Community>,
}

impl Origin {
    /// A route without properties of its own.
    pub(crate) fn new(prefix: IpNet) -> Self {
        Self { prefix, local_preference: None, communities: BTreeSet::new() }
    }
}

/// A route as a speaker has it from a neighbor. Speakers stand for their identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) next_hop: IpAddr,
    pub(crate) local_preference: u32,
    /// The AS path, nearest first.
    pub(crate) path: Vec<u32>,
    pub(crate) communities: BTreeSet<Community>,
    /// The speaker at which the route entered this AS, if it was reflected (RFC 4456).
    pub(crate) originator: Option<usize>,
    /// The reflectors that it passed, nearest first.
    pub(crate) clusters: Vec<usize>,
}

/// A neighbor's announcement: one of some routes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) routes: Vec<Rc<Route>>,
    /// `true` if it sends one in any case.
    pub(super) certain: bool,
}

impl Offer {
    /// `true` if it can only be this route.
    pub(super) fn is_settled(&self) -> bool {
        self.certain && self.routes.len() == 1
    }
}
