//! Routers, as checked.

use std::net::Ipv4Addr;

use super::{Asn, Name, family::Addresses};

/// A router.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Router {
    /// The name, which is its container's.
    pub name: Name,
    /// The networks, and its addresses there.
    pub attachments: Vec<(Name, Addresses)>,
    /// The role.
    pub role: Role,
    /// The BGP identifier.
    pub id: Ipv4Addr,
}

impl Router {
    /// Returns its addresses on a network.
    pub fn addresses_on(&self, network: &Name) -> Option<&Addresses> {
        self.attachments.iter().find(|(name, _)| name == network).map(|(_, addresses)| addresses)
    }
}

/// The role of a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Forwards only.
    Forwarder,
    /// Runs BGP in this AS.
    Speaker(Asn),
}
