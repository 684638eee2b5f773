//! Filters of packets, by kind, session and link.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::Serialize;

use crate::frame::{Direction, Frame};
use crate::tap::Device;
use crate::wire::{Ip, Transport, bfd, bgp};

/// A kind of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// BGP: TCP port 179 (RFC 4271).
    Bgp,
    /// BFD on one link: UDP port 3784 (RFC 5881).
    Bfd,
    /// BFD across routers: UDP port 4784 (RFC 5883).
    BfdMultihop,
    /// BFD echo, which the far end sends back as it is: UDP port 3785 (RFC 5881).
    BfdEcho,
    /// Anything else.
    Other,
}

impl Kind {
    /// The kind of a packet with this content, by its ports.
    #[must_use]
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

/// A choice of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinds {
    /// BGP and BFD.
    Both,
    /// Only BGP.
    Bgp,
    /// Only BFD.
    Bfd,
    /// All packets, also those that are not IP.
    All,
}

/// A choice of packets. Others are neither written nor counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// The kinds.
    pub kinds: Kinds,
    /// The two ends, each by its addresses; none for packets between any two.
    pub pair: Option<[BTreeSet<IpAddr>; 2]>,
    /// The subnets of a link: only interfaces on it count, and each packet once. None for all interfaces.
    pub link: Option<Vec<IpNet>>,
}

impl Filter {
    /// All packets of these kinds.
    #[must_use]
    pub const fn new(kinds: Kinds) -> Self {
        Self { kinds, pair: None, link: None }
    }

    /// `true` if a frame holds a packet of the kinds, between the ends. The link is not looked at: a [`crate::Capture`], which
    /// knows the interfaces, does that.
    #[must_use]
    pub fn matches(&self, frame: &Frame) -> bool {
        let packet = Ip::decode(frame.protocol, &frame.bytes);
        self.matches_decoded(packet.as_ref().map(|ip| {
            let kind = Transport::decode(ip).as_ref().map_or(Kind::Other, Kind::of);
            (ip, kind)
        }))
    }

    /// The same for a packet, if it is IP, and its kind.
    pub(crate) fn matches_decoded(&self, packet: Option<(&Ip<'_>, Kind)>) -> bool {
        let Some((ip, kind)) = packet else { return self.kinds == Kinds::All && self.pair.is_none() };
        let of_kind = match self.kinds {
            Kinds::Both => kind != Kind::Other,
            Kinds::Bgp => kind == Kind::Bgp,
            Kinds::Bfd => matches!(kind, Kind::Bfd | Kind::BfdMultihop | Kind::BfdEcho),
            Kinds::All => true,
        };
        of_kind && self.pair.as_ref().is_none_or(|[a, b]| between(ip, a, b) || between(ip, b, a))
    }

    /// `true` if an interface counts: on a link, one that is on it.
    pub(crate) fn counts(&self, interface: &Device) -> bool {
        let on =
            |ranges: &Vec<IpNet>| interface.addresses.iter().any(|own| ranges.iter().any(|range| range.contains(own)));
        self.link.as_ref().is_none_or(on)
    }

    /// `true` if a packet counts here. On a link where all members are listened to, that is where it leaves, or where it
    /// arrives from an unknown sender.
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
    fn ports_name_the_kind() {
        let udp = |to| Kind::of(&Transport::Udp { to, data: &[] });
        assert_eq!(
            [udp(3784), udp(4784), udp(3785), udp(53)],
            [Kind::Bfd, Kind::BfdMultihop, Kind::BfdEcho, Kind::Other]
        );
        let ip = packet([10, 0, 1, 3], [10, 0, 2, 3]);
        let wants = |kinds, kind| wanted(kinds).matches_decoded(Some((&ip, kind)));
        assert!(wants(Kinds::Both, Kind::Bgp) && wants(Kinds::Both, Kind::BfdEcho) && !wants(Kinds::Both, Kind::Other));
        assert!(wants(Kinds::Bgp, Kind::Bgp) && !wants(Kinds::Bgp, Kind::Bfd));
        assert!(wants(Kinds::Bfd, Kind::BfdMultihop) && !wants(Kinds::Bfd, Kind::Bgp));
        assert!(
            wants(Kinds::All, Kind::Other)
                && wanted(Kinds::All).matches_decoded(None)
                && !wanted(Kinds::Both).matches_decoded(None)
        );
    }

    #[test]
    fn a_session_goes_both_ways() {
        let [a, b, c] = [[10, 0, 1, 3], [10, 0, 2, 3], [10, 0, 1, 4]];
        let set = |address: [u8; 4]| BTreeSet::from([IpAddr::from(address)]);
        let wanted = Filter { pair: Some([set(a), set(b)]), ..wanted(Kinds::Both) };
        let wants = |from, to| wanted.matches_decoded(Some((&packet(from, to), Kind::Bgp)));
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
        assert!(wanted.counts_once(&frame(1), |_| false), "from a sender that is not listened to");
    }
}
