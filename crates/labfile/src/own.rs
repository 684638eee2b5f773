//! Checks of the lab file's own.

use std::{collections::BTreeSet, net::IpAddr};

use ipnet::IpNet;
use serde::Serialize;

use super::{
    Asn, Name, Port,
    values::{Community, Title},
};

/// A check that the lab file asks for, beside those that follow from the rest of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnCheck {
    /// The name, in words.
    pub name: Title,
    /// The claim that has to hold.
    pub claim: Claim,
}

/// A claim about a lab that works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Claim {
    /// The routes to a prefix that a router or node uses.
    Prefix {
        /// The router or node.
        at: Name,
        /// The prefix.
        prefix: IpNet,
        /// All next hops, if the check is of them.
        next_hops: Option<BTreeSet<IpAddr>>,
        /// The AS path, nearest first, if the check is of it.
        as_path: Option<Vec<Asn>>,
        /// The communities that each route has.
        communities: BTreeSet<Community>,
    },
    /// A prefix that a router or node does not have.
    Absent {
        /// The router or node.
        at: Name,
        /// The prefix.
        prefix: IpNet,
    },
    /// An established BGP session.
    Session {
        /// The end that is asked.
        near: Name,
        /// The other end.
        far: Name,
    },
    /// An answer, or none.
    Answer {
        /// The router or node that sends.
        from: Name,
        /// The address.
        to: IpAddr,
        /// The port of a request; `None` for a ping.
        port: Option<Port>,
        /// `true` if there is an answer.
        answers: bool,
    },
    /// The way of packets, by the routes of the kernels on it.
    Path {
        /// The router or node that sends.
        from: Name,
        /// The address.
        to: IpAddr,
        /// The routers and nodes, step by step: each with equal routes to all of the next step.
        steps: Vec<BTreeSet<Name>>,
    },
}

impl Claim {
    /// Returns the router or node whose table, or sessions, it is of.
    pub const fn place(&self) -> Option<&Name> {
        match self {
            Self::Prefix { at: place, .. } | Self::Absent { at: place, .. } | Self::Session { near: place, .. } => {
                Some(place)
            }
            Self::Answer { .. } | Self::Path { .. } => None,
        }
    }
}
