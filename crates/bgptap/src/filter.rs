//! Which packets are wanted.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::Serialize;

use crate::frame::{Direction, Frame};
use crate::tap::Device;
use crate::wire::{Ip, Transport, bfd, bgp};

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A segment of a BGP session's connection.
    Bgp,
    /// BFD on one link.
    Bfd,
    /// BFD across routers.
    BfdMultihop,
    /// BFD that the far end sends back as it is.
    BfdEcho,
    /// Anything else.
    Other,
}

impl Kind {
    /// The kind of what an IP packet carries, by its port.
    pub const fn of(carried: &Transport<'_>) -> Self {
        match carried {
            Transport::Tcp(tcp) if tcp.from == bgp::PORT || tcp.to == bgp::PORT => Self::Bgp,
            Transport::Udp { to: bfd::SINGLE_HOP, .. } => Self::Bfd,
            Transport::Udp { to: bfd::MULTIHOP, .. } => Self::BfdMultihop,
            Transport::Udp { to: bfd::ECHO, .. } => Self::BfdEcho,
            Transport::Tcp(_) | Transport::Udp { .. } | Transport::Other(_) => Self::Other,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bgp => "BGP",
            Self::Bfd => "BFD",
            Self::BfdMultihop => "BFD multihop",
            Self::BfdEcho => "BFD echo",
            Self::Other => "other",
        })
    }
}

/// Which kinds are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinds {
    /// BGP and BFD.
    Both,
    /// BGP.
    Bgp,
    /// BFD.
    Bfd,
    /// All, also what is no IP.
    All,
}

/// Which packets are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// Of these kinds.
    pub kinds: Kinds,
    /// Between these two, each by its addresses.
    pub pair: Option<[BTreeSet<IpAddr>; 2]>,
    /// On the network of these ranges, each packet once.
    pub link: Option<Vec<IpNet>>,
}

impl Filter {
    /// All packets of these kinds.
    #[must_use]
    pub const fn new(kinds: Kinds) -> Self {
        Self { kinds, pair: None, link: None }
    }

    /// Whether a packet is wanted; one that is no IP is told by nothing.
    pub fn wants(&self, packet: Option<(&Ip<'_>, Kind)>) -> bool {
        let Some((ip, kind)) = packet else { return self.kinds == Kinds::All && self.pair.is_none() };
        let of_kind = match self.kinds {
            Kinds::Both => kind != Kind::Other,
            Kinds::Bgp => kind == Kind::Bgp,
            Kinds::Bfd => matches!(kind, Kind::Bfd | Kind::BfdMultihop | Kind::BfdEcho),
            Kinds::All => true,
        };
        of_kind && self.pair.as_ref().is_none_or(|[a, b]| between(ip, a, b) || between(ip, b, a))
    }

    /// Whether an interface counts: on a link, the ones that are on it.
    pub(crate) fn counts(&self, interface: &Device) -> bool {
        let on =
            |ranges: &Vec<IpNet>| interface.addresses.iter().any(|own| ranges.iter().any(|range| range.contains(own)));
        self.link.as_ref().is_none_or(on)
    }

    /// Whether this is the one time that a packet counts on a link, where all who are on it are listened to: as it leaves, or
    /// as it arrives from somebody else.
    pub(crate) fn counts_once(&self, frame: &Frame, known: impl Fn(&[u8; 6]) -> bool) -> bool {
        self.link.is_none() || frame.direction == Direction::Out || !known(&frame.sender)
    }
}

fn between(ip: &Ip<'_>, from: &BTreeSet<IpAddr>, to: &BTreeSet<IpAddr>) -> bool {
    from.contains(&ip.src) && to.contains(&ip.dst)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::tests::frame;

    fn wanted(kinds: Kinds) -> Filter {
        Filter { kinds, pair: None, link: None }
    }

    fn packet(src: [u8; 4], dst: [u8; 4]) -> Ip<'static> {
        Ip { src: src.into(), dst: dst.into(), ttl: 1, protocol: 6, data: &[] }
    }

    #[test]
    fn kinds_are_told_by_ports() {
        let udp = |to| Kind::of(&Transport::Udp { to, data: &[] });
        assert_eq!(
            [udp(3784), udp(4784), udp(3785), udp(53)],
            [Kind::Bfd, Kind::BfdMultihop, Kind::BfdEcho, Kind::Other]
        );
        let ip = packet([10, 0, 1, 3], [10, 0, 2, 3]);
        let wants = |kinds, kind| wanted(kinds).wants(Some((&ip, kind)));
        assert!(wants(Kinds::Both, Kind::Bgp) && wants(Kinds::Both, Kind::BfdEcho) && !wants(Kinds::Both, Kind::Other));
        assert!(wants(Kinds::Bgp, Kind::Bgp) && !wants(Kinds::Bgp, Kind::Bfd));
        assert!(wants(Kinds::Bfd, Kind::BfdMultihop) && !wants(Kinds::Bfd, Kind::Bgp));
        assert!(wants(Kinds::All, Kind::Other) && wanted(Kinds::All).wants(None) && !wanted(Kinds::Both).wants(None));
    }

    #[test]
    fn a_session_goes_both_ways() {
        let [a, b, c] = [[10, 0, 1, 3], [10, 0, 2, 3], [10, 0, 1, 4]];
        let set = |address: [u8; 4]| BTreeSet::from([IpAddr::from(address)]);
        let wanted = Filter { pair: Some([set(a), set(b)]), ..wanted(Kinds::Both) };
        let wants = |from, to| wanted.wants(Some((&packet(from, to), Kind::Bgp)));
        assert!(wants(a, b) && wants(b, a) && !wants(a, c) && !wants(c, b));
    }

    #[test]
    fn on_a_link_a_packet_counts_once() {
        let wanted = Filter { link: Some(vec!["10.0.1.0/24".parse().unwrap()]), ..wanted(Kinds::Both) };
        let on = |address: &str| Device { addresses: vec![address.parse().unwrap()], ..Device::default() };
        assert!(wanted.counts(&on("10.0.1.3")) && !wanted.counts(&on("10.0.2.3")));
        let out = Frame { direction: Direction::Out, ..frame(1) };
        assert!(wanted.counts_once(&out, |_| true), "where it leaves");
        assert!(!wanted.counts_once(&frame(1), |_| true), "not again where it arrives");
        assert!(wanted.counts_once(&frame(1), |_| false), "from somebody who is not listened to");
    }
}
