//! MetalLB's resources.

use metallb::{
    Installation, Source,
    spec::{
        BfdProfile, BfdProfileSpec, BgpAdvertisement, BgpAdvertisementSpec, BgpPeer, BgpPeerSpec, Configuration,
        IpAddressPool, IpAddressPoolSpec, PasswordSecret, PeerPassword,
    },
    value::{Asn, ConnectTime, DetectMultiplier, Interval, MinimumTtl, Name, Password, Timers},
    workload::{IpFamilyPolicy, TrafficPolicy, Workload},
};

use super::{ComposeError, services};
use crate::{Lab, Peer, Version};

/// Composes the installation of MetalLB from a source, with the lab's configuration and the application.
///
/// # Errors
/// [`ComposeError`], which no checked lab causes.
pub fn installation(lab: &Lab, source: Source) -> Result<Installation, ComposeError> {
    Ok(Installation {
        configuration: configuration(lab)?,
        workload: Some(workload(lab)?),
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
        pools: lab.pools.iter().map(pool).collect(),
        advertisements: lab.advertisements.iter().map(advertisement).collect::<Result<_, _>>()?,
    })
}

fn name(name: &crate::Name) -> Result<Name, ComposeError> {
    Ok(Name::new(name.as_str())?)
}

fn password(peer: &Peer) -> Result<Option<PeerPassword>, ComposeError> {
    let Some(password) = &peer.session.password else { return Ok(None) };
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
    let (session, timers) = (&peer.session, peer.session.timers);
    let asn = |asn: crate::Asn| Asn::new(asn.get().into());
    let keepalive_hold = timers.keepalive_hold.map(|(keepalive, hold)| Timers::new(keepalive.into(), hold.into()));
    let spec = BgpPeerSpec {
        timers: keepalive_hold.transpose()?,
        connect_time: timers.connect.map(|seconds| ConnectTime::new(seconds.into())).transpose()?,
        password_secret: match session.password {
            Some(_) => Some(PasswordSecret { name: name(&peer.name)? }),
            None => None,
        },
        bfd_profile: session.bfd.as_ref().map(|bfd| name(&bfd.profile().name)).transpose()?,
        ebgp_multi_hop: lab.is_ebgp_multihop(peer),
        dual_stack_address_family: peer.dual_stack,
        ..BgpPeerSpec::at(peer.address, asn(lab.cluster.asn)?, asn(peer.router_asn)?)
    };
    Ok(BgpPeer::new(peer.name.as_str(), spec))
}

fn pool(pool: &crate::Pool) -> IpAddressPool {
    // Only what differs from the API's default is written, as in the documentation.
    let spec = IpAddressPoolSpec {
        auto_assign: (!pool.auto_assign).then_some(false),
        ..IpAddressPoolSpec::of(pool.ranges.clone())
    };
    IpAddressPool::new(pool.name.as_str(), spec)
}

fn advertisement(advertisement: &crate::Advertisement) -> Result<BgpAdvertisement, ComposeError> {
    let names = |names: &[crate::Name]| names.iter().map(name).collect::<Result<Vec<_>, _>>();
    let communities = advertisement.communities.iter().map(|community| community.as_str().parse());
    let spec = BgpAdvertisementSpec {
        aggregation_length: Some(advertisement.aggregation_length).filter(|length| *length != 32),
        aggregation_length_v6: Some(advertisement.aggregation_length_v6).filter(|length| *length != 128),
        local_pref: advertisement.local_preference,
        communities: communities.collect::<Result<_, _>>()?,
        ip_address_pools: names(&advertisement.pools)?,
        peers: names(&advertisement.peers)?,
    };
    Ok(BgpAdvertisement::new(advertisement.name.as_str(), spec))
}

/// The application behind the advertised address.
fn workload(lab: &Lab) -> Result<Workload, ComposeError> {
    let own = &lab.workload;
    let has_ipv6 = services(lab).iter().any(|service| service.address.is_ipv6());
    Ok(Workload {
        // A dual-stack service would wait forever for an address that no pool has.
        ip_families: if has_ipv6 { IpFamilyPolicy::PreferDualStack } else { IpFamilyPolicy::SingleStack },
        annotations: pool_of(lab)
            .map(|pool| (address_pool(&lab.metallb.version), pool.to_string()))
            .into_iter()
            .collect(),
        replicas: own.replicas,
        port: own.port,
        traffic: match own.external_traffic_policy {
            crate::TrafficPolicy::Cluster => TrafficPolicy::Cluster,
            crate::TrafficPolicy::Local => TrafficPolicy::Local,
        },
        ..Workload::agnhost(name(&own.name)?, name(&own.namespace)?, lab.images.workload.as_str())
    })
}

/// Returns the pool that the service asks for, so that it gets no address of a pool that somebody else has in the cluster:
/// the lab's only one that fits, where the file names none.
fn pool_of(lab: &Lab) -> Option<&crate::Name> {
    match lab.workload.candidates(&lab.pools).as_slice() {
        [pool] => Some(&pool.name),
        _ => None,
    }
}

/// Returns the annotation by which a service asks for a pool: MetalLB 0.14.9 renamed it.
fn address_pool(version: &Version) -> String {
    let prefix = if version.numbers() < (0, 14, 9) { "metallb.universe.tf" } else { "metallb.io" };
    format!("{prefix}/address-pool")
}
