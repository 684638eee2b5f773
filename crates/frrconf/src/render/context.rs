//! The context of the templates: the instance by FRR's keywords.

use ipnet::IpNet;
use serde::Serialize;
use tera::Context;

use super::RenderError;
use super::bgp::{self, BgpView};
use super::policy::{self, MapView, RuleView};
use crate::model::{BfdPeer, BfdProfile, Echo, Instance, Listen, LogLevel, LogTarget, Shells, StaticRoute};
use crate::values::{BfdInterval, DetectMultiplier, InterfaceName, MinimumTtl, Name};

#[derive(Serialize)]
struct View<'a> {
    hostname: &'a str,
    log_target: String,
    log_level: &'static str,
    debugging: bool,
    static_routes: Vec<RouteView>,
    prefix_rules: Vec<RuleView<'a>>,
    route_maps: Vec<MapView<'a>>,
    bfd: bool,
    bfd_profiles: Vec<ProfileView<'a>>,
    bfd_peers: Vec<PeerView<'a>>,
    bgp: Option<BgpView<'a>>,
    shells: String,
    /// The port that bgpd listens on where it is not 179; 0 for none.
    bgpd_port: Option<u16>,
}

#[derive(Serialize)]
struct RouteView {
    command: &'static str,
    route: String,
}

#[derive(Serialize)]
struct ProfileView<'a> {
    name: &'a Name,
    receive: Option<BfdInterval>,
    transmit: Option<BfdInterval>,
    detect_multiplier: Option<DetectMultiplier>,
    echo: bool,
    echo_interval: Option<BfdInterval>,
    passive: bool,
    minimum_ttl: Option<MinimumTtl>,
}

#[derive(Serialize)]
struct PeerView<'a> {
    peer: std::net::IpAddr,
    /// The local address of a multihop session; a single-hop one has none.
    multihop_from: Option<std::net::IpAddr>,
    interface: Option<&'a InterfaceName>,
    profile: Option<&'a Name>,
}

/// Everything that the templates may ask for.
pub(super) fn of(instance: &Instance) -> Result<Context, RenderError> {
    let view = View {
        hostname: instance.hostname.as_str(),
        log_target: log_target(&instance.log.to),
        log_level: instance.log.level.as_str(),
        debugging: instance.log.level == LogLevel::Debugging,
        static_routes: instance.static_routes.iter().map(route).collect(),
        prefix_rules: policy::rules(instance),
        route_maps: policy::maps(instance),
        bfd: instance.uses_bfd(),
        bfd_profiles: instance.bfd_profiles.iter().map(profile).collect(),
        bfd_peers: instance.bfd_peers.iter().map(peer).collect(),
        bgp: instance.bgp.as_ref().map(bgp::view),
        shells: shells(instance.shells),
        bgpd_port: match instance.bgp.as_ref().map_or(Listen::Never, |bgp| bgp.listen) {
            Listen::Everywhere => None,
            Listen::On(port) => Some(port.get()),
            Listen::Never => Some(0),
        },
    };
    Context::from_serialize(&view).map_err(|error| RenderError { template: "all", cause: error.to_string() })
}

/// The word that commands about a family begin with.
pub(super) const fn command(prefix: IpNet) -> &'static str {
    match prefix {
        IpNet::V4(_) => "ip",
        IpNet::V6(_) => "ipv6",
    }
}

fn route(route: &StaticRoute) -> RouteView {
    RouteView { command: command(route.to()), route: route.to_string() }
}

fn log_target(target: &LogTarget) -> String {
    match target {
        LogTarget::Stdout => "stdout".to_owned(),
        LogTarget::Syslog => "syslog".to_owned(),
        LogTarget::File(path) => format!("file {path}"),
    }
}

fn shells(shells: Shells) -> String {
    match shells {
        Shells::Loopback => "-A 127.0.0.1".to_owned(),
        Shells::On(address) => format!("-A {address}"),
        Shells::Closed => "-P 0".to_owned(),
    }
}

const fn profile(profile: &BfdProfile) -> ProfileView<'_> {
    let (echo, echo_interval) = match profile.echo {
        Echo::Off { interval } => (false, interval),
        Echo::On { interval } => (true, interval),
    };
    ProfileView {
        name: &profile.name,
        receive: profile.receive,
        transmit: profile.transmit,
        detect_multiplier: profile.detect_multiplier,
        echo,
        echo_interval,
        passive: profile.passive,
        minimum_ttl: profile.minimum_ttl,
    }
}

const fn peer(peer: &BfdPeer) -> PeerView<'_> {
    let (multihop_from, interface) = match peer {
        BfdPeer::SingleHop { interface, .. } => (None, interface.as_ref()),
        BfdPeer::Multihop { path, .. } => (Some(path.local()), None),
    };
    PeerView { peer: peer.peer(), multihop_from, interface, profile: peer.profile() }
}
