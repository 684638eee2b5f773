//! One instance that uses everything.

use std::net::IpAddr;

use frrconf::model::{
    Action, BestPath, Bfd, BfdPeer, BfdProfile, Bgp, Changes, Echo, Exchange, Families, Gateway, GracefulRestart,
    Instance, Listen, Log, LogLevel, LogTarget, Match, Neighbor, Peering, PrefixList, PrefixRule, PrefixRules, Reach,
    RestartRole, RouteMap, RouteMapEntry, Shells, StaticRoute, Via,
};
use frrconf::values::{
    AddressPair, BfdInterval, Community, ConnectTime, Distance, Ends, Hops, InterfaceName, LargeCommunity, LogFile,
    Password, Port, PrefixMatch, PrefixRange, RestartTime, Sequence, Text, Timers,
};

use super::documented::bgp;
use super::{PROFILE, asn, full_profile, instance, name};

/// Every option that the model has, once.
pub fn everything() -> Instance {
    let mut instance = instance("every-thing.example");
    instance.log =
        Log { to: LogTarget::File(LogFile::new("/var/log/frr/frr.log").unwrap()), level: LogLevel::Debugging };
    instance.shells = Shells::Closed;
    instance.bfd_profiles = vec![
        full_profile(),
        BfdProfile {
            echo: Echo::Off { interval: Some(BfdInterval::new(50).unwrap()) },
            passive: true,
            ..BfdProfile::new(name("passive"))
        },
        BfdProfile::new(name("bare")),
    ];
    let address = |text: &str| -> IpAddr { text.parse().unwrap() };
    instance.bfd_peers = vec![
        BfdPeer::SingleHop {
            peer: address("fe80::1"),
            interface: Some(InterfaceName::new("eth0").unwrap()),
            profile: Some(name("passive")),
        },
        BfdPeer::Multihop {
            path: AddressPair::new(Ends { peer: address("fd00::9"), local: address("fd00::1") }).unwrap(),
            profile: Some(name(PROFILE)),
        },
        BfdPeer::Multihop {
            path: AddressPair::new(Ends { peer: address("10.9.9.9"), local: address("10.0.0.1") }).unwrap(),
            profile: None,
        },
    ];
    instance.prefix_lists = vec![
        PrefixList { name: name("ours-6"), rules: PrefixRules::Ipv6(vec![within("fd01::/16", 48, 128), deny_any()]) },
        PrefixList {
            name: name("ours-4"),
            rules: PrefixRules::Ipv4(vec![
                within("203.0.113.0/24", 25, 31),
                within("203.0.113.0/24", 24, 24),
                within("198.51.100.0/24", 24, 32),
                PrefixRule { action: Action::Permit, prefixes: PrefixMatch::Exactly("192.0.2.0/24".parse().unwrap()) },
                deny_any(),
            ]),
        },
    ];
    let at = |place| Sequence::new(place).unwrap();
    instance.route_maps = vec![
        RouteMap {
            name: name("out"),
            entries: vec![
                RouteMapEntry {
                    matches: Some(Match::PrefixList(name("ours-6"))),
                    ..RouteMapEntry::new(at(20), Action::Permit)
                },
                RouteMapEntry {
                    matches: Some(Match::PrefixList(name("ours-4"))),
                    set: Changes {
                        local_preference: Some(200),
                        add_communities: [Community(64500, 1)].into(),
                        add_large_communities: [LargeCommunity(4_200_000_000, 1, 2)].into(),
                        prefer_global: false,
                    },
                    then_next: true,
                    ..RouteMapEntry::new(at(10), Action::Permit)
                },
                RouteMapEntry::new(at(30), Action::Deny),
            ],
        },
        RouteMap::prefer_global(name("in"), at(10)),
    ];
    instance.static_routes = vec![
        StaticRoute::new("fd00:10:0:1::/64".parse().unwrap(), address("fd00:10:0:2::2")).unwrap(),
        StaticRoute::new("10.0.1.0/24".parse().unwrap(), address("10.0.2.2")).unwrap(),
        StaticRoute::blackhole("203.0.113.0/24".parse().unwrap()),
        StaticRoute::blackhole("fd01::/64".parse().unwrap()),
        StaticRoute::Ipv4 {
            to: "192.0.2.0/24".parse().unwrap(),
            via: Via::Interface(InterfaceName::new("eth0").unwrap()),
            distance: Some(Distance::new(200).unwrap()),
        },
        StaticRoute::Ipv6 {
            to: "2001:db8::/32".parse().unwrap(),
            via: Via::Gateway(Gateway {
                address: "fe80::2".parse().unwrap(),
                interface: Some(InterfaceName::new("eth1").unwrap()),
            }),
            distance: Some(Distance::new(5).unwrap()),
        },
    ];
    instance.bgp = Some(everything_bgp());
    instance
}

fn everything_bgp() -> Bgp {
    let mut bgp = bgp("10.0.0.1");
    bgp.asn = asn(4_200_000_000);
    bgp.listen = Listen::Never;
    bgp.graceful_restart = Some(GracefulRestart {
        role: RestartRole::Restarting,
        preserve_forwarding_state: true,
        restart_time: Some(RestartTime::new(0).unwrap()),
    });
    bgp.best_path = BestPath::BY_PATHS;
    bgp.networks = ["fd01::/128", "203.0.113.200/32"].map(|net| net.parse().unwrap()).into();
    let exchange = Exchange { next_hop_self: true, inbound: Some(name("in")), outbound: Some(name("out")) };
    bgp.neighbors = vec![
        Neighbor {
            description: Some(Text::new("rack 7, port 3 (spare)").unwrap()),
            password: Some(Password::new(r##"!#$%&'()*+,-./:;<=>@[]^_`{}~"\"##).unwrap()),
            timers: Some(Timers::new(0, 0).unwrap()),
            connect: Some(ConnectTime::new(1).unwrap()),
            port: Some(Port::new(1179).unwrap()),
            passive: true,
            graceful_restart: true,
            bfd: Some(Bfd::Default),
            families: Families::both(exchange),
            ..Neighbor::new("10.0.0.2".parse().unwrap(), Peering::Internal { route_reflector_client: true })
        },
        Neighbor::new("fd00::7".parse().unwrap(), Peering::External { remote_as: asn(64512), reach: Reach::Unchecked }),
        Neighbor {
            any_as: true,
            source: Some("10.0.0.1".parse().unwrap()),
            ..Neighbor::new(
                "10.0.0.3".parse().unwrap(),
                Peering::External { remote_as: asn(64513), reach: Reach::Multihop(Hops::MAX) },
            )
        },
        Neighbor::new(
            "10.0.0.4".parse().unwrap(),
            Peering::External { remote_as: asn(64514), reach: Reach::Connected },
        ),
    ];
    bgp
}

fn within<N: Copy + Into<ipnet::IpNet> + std::str::FromStr<Err: std::fmt::Debug>>(
    net: &str,
    shortest: u8,
    longest: u8,
) -> PrefixRule<N> {
    let range = PrefixRange::new(net.parse::<N>().unwrap(), shortest, longest).unwrap();
    PrefixRule { action: Action::Permit, prefixes: PrefixMatch::Within(range) }
}

const fn deny_any<N>() -> PrefixRule<N> {
    PrefixRule { action: Action::Deny, prefixes: PrefixMatch::Any }
}
