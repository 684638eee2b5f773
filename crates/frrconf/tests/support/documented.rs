//! The documented lab: nodes on 10.0.1.0/24, routers on 10.0.2.0/24, one router between.

use std::net::{IpAddr, Ipv4Addr};

use frrconf::model::{Bfd, BfdPeer, Bgp, Exchange, Families, Instance, Neighbor, Peering, RouteMap, StaticRoute};
use frrconf::speaker::{Advertisement, Speaker, SpeakerPeer};
use frrconf::values::{AddressPair, Ends, Hostname, RouterId, Sequence, Text};

use super::{PROFILE, asn, full_profile, instance, name};

/// The two workers, on the nodes' network.
pub const WORKERS: [&str; 2] = ["10.0.1.3", "10.0.1.4"];

pub fn all() -> Vec<(&'static str, Instance)> {
    vec![
        ("frr1", router("frr1", "10.0.2.3")),
        ("frr2", router("frr2", "10.0.2.4")),
        ("next-hop-router", next_hop_router()),
        ("kind-worker", node("kind-worker", "10.0.1.3")),
        ("kind-control-plane", with_routes(instance("kind-control-plane"), NODE_ROUTES)),
        ("bfd-only-router", bfd_only("frr1", "10.0.2.3", &WORKERS, ROUTER_ROUTES)),
        ("bfd-only-node", bfd_only("kind-worker", "10.0.1.3", &["10.0.2.3", "10.0.2.4"], &[])),
    ]
}

pub const ROUTER_ROUTES: &[(&str, &str)] = &[("10.0.1.0/24", "10.0.2.2"), ("fd00:10:0:1::/64", "fd00:10:0:2::2")];
pub const NODE_ROUTES: &[(&str, &str)] = &[("10.0.2.0/24", "10.0.1.254"), ("fd00:10:0:2::/64", "fd00:10:0:1::fe")];

/// A router far from the nodes: it accepts the speakers and reflects what they say to the next-hop-router.
pub fn router(hostname: &str, address: &str) -> Instance {
    let mut instance = with_routes(instance(hostname), ROUTER_ROUTES);
    instance.bfd_profiles.push(full_profile());
    instance.route_maps.push(RouteMap::prefer_global(name("prefer-global"), Sequence::new(10).unwrap()));
    let mut bgp = bgp(address);
    for worker in WORKERS {
        bgp.neighbors.push(Neighbor {
            description: Some(Text::new(format!("the speaker on {worker}")).unwrap()),
            bfd: Some(Bfd::Profile(name(PROFILE))),
            families: Families {
                ipv4: Some(Exchange::default()),
                ipv6: Some(Exchange { inbound: Some(name("prefer-global")), ..Exchange::default() }),
            },
            ..Neighbor::new(worker.parse().unwrap(), Peering::Internal { route_reflector_client: false })
        });
    }
    bgp.neighbors.push(Neighbor {
        families: Families::both(Exchange::default()),
        ..Neighbor::new("10.0.2.2".parse().unwrap(), Peering::Internal { route_reflector_client: true })
    });
    instance.bgp = Some(bgp);
    instance
}

/// The router between, a client of both reflectors: it has a route to what it must forward.
pub fn next_hop_router() -> Instance {
    let mut instance = instance("next-hop-router");
    let mut bgp = bgp("10.0.2.2");
    for reflector in ["10.0.2.4", "10.0.2.3"] {
        bgp.neighbors.push(Neighbor {
            families: Families::both(Exchange::default()),
            ..Neighbor::new(reflector.parse().unwrap(), Peering::Internal { route_reflector_client: false })
        });
    }
    instance.bgp = Some(bgp);
    instance
}

/// A node whose speaker has the two documented peers and the documented pool.
pub fn speaker(hostname: &str, address: &str) -> Speaker {
    let peer = |address: &str| SpeakerPeer {
        bfd_profile: Some(name(PROFILE)),
        dual_stack_address_family: true,
        ..SpeakerPeer::new(address.parse().unwrap(), asn(64500))
    };
    Speaker {
        hostname: Hostname::new(hostname).unwrap(),
        asn: asn(64500),
        router_id: Some(router_id(address)),
        peers: vec![peer("10.0.2.3"), peer("10.0.2.4")],
        bfd_profiles: vec![full_profile()],
        advertisements: ["203.0.113.200/32", "fd01::/128"].map(|pool| Advertisement::new(pool.parse().unwrap())).into(),
    }
}

pub fn node(hostname: &str, address: &str) -> Instance {
    with_routes(speaker(hostname, address).instance().unwrap(), NODE_ROUTES)
}

/// The page's commented half: multihop BFD, and no routing protocol.
pub fn bfd_only(hostname: &str, local: &str, peers: &[&str], routes: &[(&str, &str)]) -> Instance {
    let mut instance = with_routes(instance(hostname), routes);
    instance.bfd_profiles.push(full_profile());
    let local: IpAddr = local.parse().unwrap();
    instance.bfd_peers = peers
        .iter()
        .map(|peer| BfdPeer::Multihop {
            path: AddressPair::new(Ends { peer: peer.parse().unwrap(), local }).unwrap(),
            profile: Some(name(PROFILE)),
        })
        .collect();
    instance
}

pub fn with_routes(mut instance: Instance, routes: &[(&str, &str)]) -> Instance {
    let routes = routes.iter().map(|(to, via)| StaticRoute::new(to.parse().unwrap(), via.parse().unwrap()).unwrap());
    instance.static_routes.extend(routes);
    instance
}

pub fn bgp(router_id_: &str) -> Bgp {
    Bgp { router_id: Some(router_id(router_id_)), ..Bgp::new(asn(64500)) }
}

pub fn router_id(id: &str) -> RouterId {
    RouterId::new(id.parse::<Ipv4Addr>().unwrap()).unwrap()
}
