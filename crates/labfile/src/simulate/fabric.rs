//! The input: speakers, and the sessions between them.

use std::net::{IpAddr, Ipv4Addr};

use frrconf::model::BestPath;
use ipnet::IpNet;

use super::route::Origin;
use crate::{Addresses, Family};

/// The speakers and their sessions.
#[derive(Debug, Default)]
pub(crate) struct Fabric {
    pub(crate) speakers: Vec<Speaker>,
    /// Both directions of each session, but for those in which nothing is accepted.
    pub(crate) channels: Vec<Channel>,
}

/// A BGP speaker.
#[derive(Debug)]
pub(crate) struct Speaker {
    pub(crate) name: String,
    pub(crate) asn: u32,
    /// The router identifier, unless the speaker chooses it itself.
    pub(crate) id: Option<Ipv4Addr>,
    /// The choice among paths that are equal so far.
    pub(crate) best_path: BestPath,
    /// The speaker's addresses, each with the network that it is on.
    pub(crate) connected: Vec<(IpAddr, IpNet)>,
    /// The destinations of its static routes.
    pub(crate) statics: Vec<IpNet>,
}

/// One direction of a session. Speakers are numbered as in [`Fabric::speakers`].
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// The session's address at `from`.
    pub(crate) near: IpAddr,
    /// The session's address at `to`.
    pub(crate) far: IpAddr,
    pub(crate) families: Vec<Family>,
    /// The addresses that `from` gives as its own next hop.
    pub(crate) own: Addresses,
    /// `true` if `from` reflects routes to `to` (RFC 4456).
    pub(crate) to_client: bool,
    /// `true` if `to` reflects routes to `from`.
    pub(crate) from_client: bool,
    /// The routes that start at `from`.
    pub(crate) origins: Vec<Origin>,
}

impl Fabric {
    /// `true` if a channel leads out of an AS.
    pub(super) fn is_external(&self, channel: &Channel) -> bool {
        self.asn(channel.from) != self.asn(channel.to)
    }

    /// Returns a speaker's AS number.
    pub(super) fn asn(&self, speaker: usize) -> Option<u32> {
        self.speakers.get(speaker).map(|speaker| speaker.asn)
    }
}

impl Speaker {
    /// `true` if an address is its own.
    pub(super) fn has(&self, address: IpAddr) -> bool {
        self.connected.iter().any(|(own, _)| *own == address)
    }

    /// `true` if two addresses are on one of its networks.
    pub(super) fn shares(&self, one: IpAddr, other: IpAddr) -> bool {
        self.connected.iter().any(|(_, network)| network.contains(&one) && network.contains(&other))
    }

    /// Returns the metric of the route to a next hop. FRR's own routes have none, as has the default route that Docker
    /// gives in IPv4; in IPv6 the kernel gives that one 1024.
    pub(super) fn metric(&self, next_hop: IpAddr) -> u32 {
        let mut known = self.connected.iter().map(|(_, network)| network).chain(&self.statics);
        if next_hop.is_ipv4() || known.any(|network| network.contains(&next_hop)) { 0 } else { 1024 }
    }
}
