//! MetalLB's resources.

use metallb::{
    Installation, Source,
    spec::{
        BfdProfile, BfdProfileSpec, BgpAdvertisement, BgpAdvertisementSpec, BgpPeer, BgpPeerSpec, Configuration,
        DynamicAsn, IpAddressPool, IpAddressPoolSpec, PasswordSecret, PeerAsn, PeerPassword, ServiceAllocation,
    },
    value::{Asn, ConnectTime, DetectMultiplier, Interval, MinimumTtl, Name, Password, Timers},
};

use super::{ComposeError, selectors::selectors, workload};
use crate::{Lab, Peer, identity::of_name, session::BGP_PORT};

/// Composes the installation of MetalLB from a source, with the lab's configuration and the applications.
///
/// # Errors
/// [`ComposeError`], which no checked lab causes.
pub fn installation(lab: &Lab, source: Source) -> Result<Installation, ComposeError> {
    Ok(Installation {
        configuration: configuration(lab)?,
        workloads: workload::all(lab)?,
        ..Installation::new(name(&lab.name)?, lab.metallb.backend.into(), source)
    })
}

/// Composes pools, advertisements, peers, BFD profiles and passwords.
fn configuration(lab: &Lab) -> Result<Configuration, ComposeError> {
    let used = |profile: &&std::sync::Arc<crate::BfdProfile>| {
        lab.peers.iter().filter_map(|peer| peer.session.bfd.as_ref()).any(|bfd| bfd.profile().name == profile.name)
    };
    Ok(Configuration {
        passwords: lab.peers.iter().filter_map(|peer| password(peer).transpose()).collect::<Result<_, _>>()?,
        bfd_profiles: lab.bfd_profiles.iter().filter(used).map(|p| profile(p)).collect::<Result<_, _>>()?,
        peers: lab.peers.iter().map(|peer| bgp_peer(lab, peer)).collect::<Result<_, _>>()?,
        pools: lab.pools.iter().map(pool).collect::<Result<_, _>>()?,
        advertisements: lab.advertisements.iter().map(advertisement).collect::<Result<_, _>>()?,
    })
}

pub(super) fn name(name: &crate::Name) -> Result<Name, ComposeError> {
    Ok(Name::new(name.as_str())?)
}

fn password(peer: &Peer) -> Result<Option<PeerPassword>, ComposeError> {
    // One that is there already is left as it is.
    let (Some(password), None) = (&peer.session.password, &peer.node_end.secret) else { return Ok(None) };
    Ok(Some(PeerPassword { secret: name(&peer.name)?, password: Password::new(password.reveal())? }))
}

fn profile(profile: &crate::BfdProfile) -> Result<BfdProfile, ComposeError> {
    let millis = |time: std::time::Duration| Interval::new(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    let spec = BfdProfileSpec {
        receive_interval: Some(millis(profile.receive_interval)?),
        transmit_interval: Some(millis(profile.transmit_interval)?),
        detect_multiplier: Some(DetectMultiplier::new(profile.detect_multiplier.into())?),
        echo_interval: profile.echo.map(millis).transpose()?,
        echo_mode: Some(profile.echo.is_some()),
        passive_mode: Some(profile.passive),
        minimum_ttl: Some(MinimumTtl::new(profile.minimum_ttl.into())?),
    };
    Ok(BfdProfile::new(profile.name.as_str(), spec))
}

fn bgp_peer(lab: &Lab, peer: &Peer) -> Result<BgpPeer, ComposeError> {
    let (session, timers, end) = (&peer.session, peer.session.timers, &peer.node_end);
    let asn = |asn: crate::Asn| Asn::new(asn.get().into());
    let keepalive_hold = timers.keepalive_hold.map(|(keepalive, hold)| Timers::new(keepalive.into(), hold.into()));
    let spec = BgpPeerSpec {
        timers: keepalive_hold.transpose()?,
        connect_time: timers.connect.map(|seconds| ConnectTime::new(seconds.into())).transpose()?,
        password_secret: match session.password {
            Some(_) => Some(PasswordSecret { name: name(end.secret.as_ref().unwrap_or(&peer.name))? }),
            None => None,
        },
        bfd_profile: session.bfd.as_ref().map(|bfd| name(&bfd.profile().name)).transpose()?,
        ebgp_multi_hop: peer.is_ebgp_multihop(),
        dual_stack_address_family: peer.dual_stack,
        node_selectors: selectors(&peer.nodes),
        peer_port: Some(peer.port).filter(|port| *port != BGP_PORT),
        source_address: end.source,
        router_id: end.router_id.or_else(|| shared_id(lab)),
        enable_graceful_restart: end.graceful_restart,
        disable_mp: end.disable_mp,
        ..BgpPeerSpec::at(peer.address, asn(end.asn)?, asn(peer.router_asn)?)
    };
    let kind = if peer.is_external() { DynamicAsn::External } else { DynamicAsn::Internal };
    let spec = match end.dynamic_asn {
        true => BgpPeerSpec { peer_asn: PeerAsn::Dynamic(kind), ..spec },
        false => spec,
    };
    Ok(BgpPeer::new(peer.name.as_str(), spec))
}

/// Returns the router id that all speakers share where no node has an IPv4 address for FRR to take: each router has sessions
/// with them, and they have none with each other.
fn shared_id(lab: &Lab) -> Option<std::net::Ipv4Addr> {
    lab.network_of_nodes()?.subnets.v4().is_none().then(|| of_name(lab.cluster.name.as_str()))
}

fn pool(pool: &crate::Pool) -> Result<IpAddressPool, ComposeError> {
    // Only what differs from the API's default is written, as in the documentation.
    let spec = IpAddressPoolSpec {
        auto_assign: (!pool.auto_assign).then_some(false),
        avoid_buggy_ips: pool.avoid_buggy_ips,
        service_allocation: pool.allocation.as_ref().map(allocation).transpose()?,
        ..IpAddressPoolSpec::of(pool.ranges.clone())
    };
    Ok(IpAddressPool::new(pool.name.as_str(), spec))
}

fn allocation(own: &crate::Allocation) -> Result<ServiceAllocation, ComposeError> {
    Ok(ServiceAllocation {
        priority: own.priority.map(u32::from),
        namespaces: own.namespaces.iter().map(name).collect::<Result<_, _>>()?,
        namespace_selectors: selectors(&own.namespace_selectors),
        service_selectors: selectors(&own.service_selectors),
    })
}

fn advertisement(advertisement: &crate::Advertisement) -> Result<BgpAdvertisement, ComposeError> {
    let names = |names: &[crate::Name]| names.iter().map(name).collect::<Result<Vec<_>, _>>();
    let communities = advertisement.communities.iter().map(|community| community.to_string().parse());
    let spec = BgpAdvertisementSpec {
        aggregation_length: Some(advertisement.aggregation_length).filter(|length| *length != 32),
        aggregation_length_v6: Some(advertisement.aggregation_length_v6).filter(|length| *length != 128),
        local_pref: advertisement.local_preference,
        communities: communities.collect::<Result<_, _>>()?,
        ip_address_pools: names(&advertisement.pools)?,
        peers: names(&advertisement.peers)?,
        node_selectors: selectors(&advertisement.nodes),
        service_selectors: selectors(&advertisement.services),
    };
    Ok(BgpAdvertisement::new(advertisement.name.as_str(), spec))
}
