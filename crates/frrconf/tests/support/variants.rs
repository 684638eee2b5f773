//! The documented lab's variants, and one instance that uses everything.

use frrconf::model::{
    Bfd, BfdPeer, BfdProfile, Echo, Exchange, Families, Instance, Neighbor, Peering, Reach, RouteMap,
};
use frrconf::speaker::{Advertisement, Speaker, SpeakerPeer};
use frrconf::values::{BfdInterval, Community, ConnectTime, Hops, LargeCommunity, Password, Port, Sequence, Timers};

use super::documented::{bgp, speaker};
use super::everything::everything;
use super::{PROFILE, asn, full_profile, instance, name};

pub fn all() -> Vec<(&'static str, Instance)> {
    vec![
        ("single-hop-router", single_hop_router()),
        ("ebgp-multihop-router", ebgp_router()),
        ("ebgp-multihop-node", ebgp_speaker().instance().unwrap()),
        ("ipv6-router", ipv6_router()),
        ("ipv6-node", ipv6_speaker().instance().unwrap()),
        ("speaker-properties", properties().instance().unwrap()),
        ("everything", everything()),
    ]
}

/// A router on the nodes' own network: iBGP and BFD are single-hop, echo is possible.
pub fn single_hop_router() -> Instance {
    let mut instance = instance("frr1");
    let echo = Echo::On { interval: Some(BfdInterval::new(50).unwrap()) };
    instance.bfd_profiles.push(BfdProfile { echo, minimum_ttl: None, ..full_profile() });
    let mut bgp = bgp("10.0.1.250");
    bgp.neighbors.push(watched("10.0.1.3", Peering::Internal { route_reflector_client: false }));
    instance.bgp = Some(bgp);
    instance.bfd_peers.push(BfdPeer::SingleHop {
        peer: "10.0.1.254".parse().unwrap(),
        interface: None,
        profile: Some(name(PROFILE)),
    });
    instance
}

/// A router of another AS, one router away, with a password.
pub fn ebgp_router() -> Instance {
    let mut instance = instance("frr1");
    instance.bfd_profiles.push(full_profile());
    let mut bgp = bgp("10.0.2.3");
    bgp.asn = asn(64512);
    let reach = Reach::Multihop(Hops::new(2).unwrap());
    bgp.neighbors.push(Neighbor {
        password: Some(Password::new("a-Secret%20").unwrap()),
        timers: Some(Timers::new(3, 9).unwrap()),
        connect: Some(ConnectTime::new(5).unwrap()),
        passive: true,
        ..watched("10.0.1.3", Peering::External { remote_as: asn(64500), reach })
    });
    instance.bgp = Some(bgp);
    instance
}

pub fn ebgp_speaker() -> Speaker {
    let mut speaker = speaker("kind-worker", "10.0.1.3");
    for peer in &mut speaker.peers {
        peer.asn = asn(64512);
        peer.ebgp_multihop = true;
        peer.password = Some(Password::new("a-Secret%20").unwrap());
        peer.timers = Some(Timers::new(3, 9).unwrap());
        peer.connect = Some(ConnectTime::new(5).unwrap());
        peer.port = Some(Port::new(1179).unwrap());
        peer.graceful_restart = true;
    }
    speaker
}

pub fn ipv6_router() -> Instance {
    let mut instance = instance("frr1");
    instance.bfd_profiles.push(full_profile());
    instance.route_maps.push(RouteMap::prefer_global(name("prefer-global"), Sequence::new(10).unwrap()));
    let mut bgp = bgp("10.0.2.3");
    let inbound = Exchange { inbound: Some(name("prefer-global")), ..Exchange::default() };
    bgp.neighbors.push(Neighbor {
        families: Families { ipv4: None, ipv6: Some(inbound) },
        ..watched("fd00:10:0:1::3", Peering::Internal { route_reflector_client: false })
    });
    instance.bgp = Some(bgp);
    instance
}

/// Sessions over IPv6 to a router of another AS and to one of our own.
pub fn ipv6_speaker() -> Speaker {
    let mut speaker = speaker("kind-worker", "10.0.1.3");
    speaker.peers = vec![
        SpeakerPeer::new("fd00:10:0:1::fe".parse().unwrap(), asn(64512)),
        SpeakerPeer {
            bfd_profile: Some(name(PROFILE)),
            ..SpeakerPeer::new("fd00:10:0:2::3".parse().unwrap(), asn(64500))
        },
    ];
    speaker
}

/// Advertisements with a local preference and communities, beside one without.
pub fn properties() -> Speaker {
    let mut speaker = speaker("kind-worker", "10.0.1.3");
    speaker.advertisements.push(Advertisement {
        local_preference: Some(200),
        communities: [Community(64500, 200), Community(64500, 100)].into(),
        large_communities: [LargeCommunity(64500, 2, 0), LargeCommunity(64500, 1, 0)].into(),
        ..Advertisement::new("203.0.113.201/32".parse().unwrap())
    });
    speaker
}

fn watched(address: &str, peering: Peering) -> Neighbor {
    Neighbor { bfd: Some(Bfd::Profile(name(PROFILE))), ..Neighbor::new(address.parse().unwrap(), peering) }
}
