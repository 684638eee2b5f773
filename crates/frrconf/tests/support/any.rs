//! Any valid instance, for properties.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use frrconf::model::{
    Bfd, BfdPeer, BfdProfile, Bgp, Exchange, Families, Instance, Listen, Neighbor, Peering, Reach, RouteMap,
    StaticRoute,
};
use frrconf::speaker::{Advertisement, Speaker, SpeakerPeer};
use frrconf::values::{
    AddressPair, BfdInterval, Community, DetectMultiplier, Hops, Hostname, LargeCommunity, MinimumTtl, Password,
    RouterId, Sequence, Timers,
};
use ipnet::IpNet;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;

use super::{asn, instance, name};

const PROFILES: [&str; 2] = ["fast", "slow"];
const MAP: &str = "any-map";

fn ipv4() -> impl Strategy<Value = Ipv4Addr> {
    (1u8..=223, any::<[u8; 3]>())
        .prop_map(|(a, [b, c, d])| Ipv4Addr::new(a, b, c, d))
        .prop_filter("a host", |address| !address.is_loopback())
}

fn ipv6() -> impl Strategy<Value = Ipv6Addr> {
    any::<[u16; 8]>().prop_map(|[a, b, c, d, e, f, g, h]| Ipv6Addr::new(0xfd00 | (a & 0xff), b, c, d, e, f, g, h))
}

pub fn ip() -> impl Strategy<Value = IpAddr> {
    prop_oneof![ipv4().prop_map(IpAddr::V4), ipv6().prop_map(IpAddr::V6)]
}

pub fn net() -> impl Strategy<Value = IpNet> {
    (ip(), 1u8..=32).prop_map(|(address, length)| IpNet::new(address, length).unwrap().trunc())
}

fn pair() -> impl Strategy<Value = AddressPair> {
    prop_oneof![
        (ipv4(), ipv4()).prop_map(|(peer, local)| AddressPair::Ipv4 { peer, local }),
        (ipv6(), ipv6()).prop_map(|(peer, local)| AddressPair::Ipv6 { peer, local }),
    ]
    .prop_filter("two ends", |pair| pair.peer() != pair.local())
}

fn profile(of: &'static str) -> impl Strategy<Value = BfdProfile> {
    (option::of(10u32..=60_000), option::of(2u8..), option::of(1u8..=254), any::<bool>()).prop_map(
        move |(interval, multiplier, ttl, passive)| BfdProfile {
            receive: interval.map(|ms| BfdInterval::new(ms).unwrap()),
            transmit: interval.map(|ms| BfdInterval::new(ms).unwrap()),
            detect_multiplier: multiplier.map(|by| DetectMultiplier::new(by).unwrap()),
            minimum_ttl: ttl.map(|ttl| MinimumTtl::new(ttl).unwrap()),
            passive,
            ..BfdProfile::new(name(of))
        },
    )
}

fn peering(local: u32) -> impl Strategy<Value = Peering> {
    let external = (1u32.., prop_oneof![Just(None), (2u8..).prop_map(Some)]);
    prop_oneof![
        any::<bool>().prop_map(|route_reflector_client| Peering::Internal { route_reflector_client }),
        external.prop_filter("another AS", move |(remote, _)| *remote != local).prop_map(|(remote, hops)| {
            let reach = hops.map_or(Reach::Connected, |hops| Reach::Multihop(Hops::new(hops).unwrap()));
            Peering::External { remote_as: asn(remote), reach }
        }),
    ]
}

fn exchange() -> impl Strategy<Value = Exchange> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(next_hop_self, inbound, outbound)| Exchange {
        next_hop_self,
        inbound: inbound.then(|| name(MAP)),
        outbound: outbound.then(|| name(MAP)),
    })
}

fn families() -> impl Strategy<Value = Families> {
    (option::of(exchange()), option::of(exchange()))
        .prop_map(|(ipv4, ipv6)| Families { ipv4, ipv6 })
        .prop_filter("something", |families| families.ipv4.is_some() || families.ipv6.is_some())
}

fn neighbor(local: u32) -> impl Strategy<Value = Neighbor> {
    let bfd = option::of(prop_oneof![
        Just(Bfd::Default),
        prop::sample::select(&PROFILES[..]).prop_map(|profile| Bfd::Profile(name(profile)))
    ]);
    (peering(local), families(), bfd, option::of("[!-~]{1,80}"), option::of((1u16..100, 100u16..)), any::<bool>())
        .prop_map(|(peering, families, bfd, password, timers, passive)| Neighbor {
            families,
            bfd,
            password: password.map(|secret| Password::new(secret).unwrap()),
            timers: timers.map(|(keepalive, hold)| Timers::new(keepalive, hold).unwrap()),
            passive,
            ..Neighbor::new(IpAddr::V4(Ipv4Addr::LOCALHOST), peering)
        })
}

fn bgp() -> impl Strategy<Value = Bgp> {
    (1u32..).prop_flat_map(|local| {
        let neighbors = btree_map(ip(), neighbor(local), 0..5);
        (neighbors, btree_set(net(), 0..4), any::<bool>()).prop_map(move |(neighbors, networks, listens)| Bgp {
            listen: if listens { Listen::Everywhere } else { Listen::Never },
            neighbors: neighbors.into_iter().map(|(address, neighbor)| Neighbor { address, ..neighbor }).collect(),
            networks: networks.into_iter().collect(),
            ..Bgp::new(asn(local))
        })
    })
}

/// A valid instance whose lists are in some order.
pub fn any_instance() -> impl Strategy<Value = Instance> {
    let peers = vec((pair(), option::of(prop::sample::select(&PROFILES[..])), any::<bool>()), 0..4);
    let statics = btree_map(net(), ip(), 0..4);
    (option::of(bgp()), profile(PROFILES[0]), profile(PROFILES[1]), peers, statics).prop_map(
        |(bgp, fast, slow, peers, statics)| {
            let mut instance = instance("any");
            instance.bgp = bgp;
            instance.bfd_profiles = vec![fast, slow];
            instance.route_maps = vec![RouteMap::prefer_global(name(MAP), Sequence::new(10).unwrap())];
            let mut seen = BTreeSet::new();
            for (path, profile, multihop) in peers {
                let profile = profile.map(name);
                let peer = if multihop {
                    BfdPeer::Multihop { path, profile }
                } else {
                    BfdPeer::SingleHop { peer: path.peer(), interface: None, profile }
                };
                if seen.insert((path.peer(), multihop)) {
                    instance.bfd_peers.push(peer);
                }
            }
            let routes =
                statics.into_iter().map(|(to, via)| StaticRoute::new(to, via).unwrap_or(StaticRoute::blackhole(to)));
            instance.static_routes = routes.collect();
            instance
        },
    )
}

/// A speaker with peers of both families and AS, and advertisements of both families, to all of them or to one.
pub fn any_speaker() -> impl Strategy<Value = Speaker> {
    let peer = (prop::sample::select(vec![64500u32, 64512]), any::<bool>(), any::<bool>());
    let to = option::of(any::<Index>());
    let properties = (option::of(any::<u32>()), btree_set((any::<u16>(), any::<u16>()), 0..3), to);
    (btree_map(ip(), peer, 1..4), btree_map(net(), properties, 0..4)).prop_map(|(peers, advertisements)| {
        let addresses: Vec<IpAddr> = peers.keys().copied().collect();
        let peer = |(address, (remote, dual, multihop))| SpeakerPeer {
            dual_stack_address_family: dual,
            ebgp_multihop: multihop,
            ..SpeakerPeer::new(address, asn(remote))
        };
        Speaker {
            hostname: Hostname::new("node").unwrap(),
            asn: asn(64500),
            router_id: Some(RouterId::new(Ipv4Addr::new(10, 0, 1, 3)).unwrap()),
            peers: peers.into_iter().map(peer).collect(),
            bfd_profiles: vec![],
            advertisements: advertisements
                .into_iter()
                .map(|(prefix, (local_preference, communities, to))| Advertisement {
                    prefix,
                    peers: to.map(|to| *to.get(&addresses)).into_iter().collect(),
                    local_preference,
                    // The same numbers as large communities: both kinds of a route are rendered side by side.
                    large_communities: communities
                        .iter()
                        .map(|(one, other)| LargeCommunity((*one).into(), (*other).into(), u32::MAX))
                        .collect(),
                    communities: communities.into_iter().map(|(one, other)| Community(one, other)).collect(),
                })
                .collect(),
        }
    })
}
