//! The documented configuration, as the tests on a cluster install it.

use metallb::deploy::{Installation, Source};
use metallb::spec::{
    Backend, BfdProfile, BfdProfileSpec, BgpAdvertisement, BgpAdvertisementSpec, BgpPeer, BgpPeerSpec, IpAddressPool,
    IpAddressPoolSpec, PasswordSecret, PeerPassword,
};
use metallb::value::{Asn, CommunityValue, ConnectTime, MinimumTtl, Name, Timers};
use metallb::workload::{IpFamilyPolicy, Workload};

/// The workload's image.
pub(crate) const AGNHOST: &str = "registry.k8s.io/e2e-test-images/agnhost:2.53";

pub(crate) fn lab() -> Name {
    Name::new("metallb-tests").unwrap()
}

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// The documented configuration, without what the native backend lacks.
pub(crate) fn installation(backend: Backend, source: Source) -> Installation {
    let mut installation = Installation::new(lab(), backend, source);
    let mut ranges = vec!["203.0.113.200/32".parse().unwrap()];
    let asn = Asn::new(64500).unwrap();
    let c = &mut installation.configuration;
    let mut peer = BgpPeerSpec::at("10.0.2.3".parse().unwrap(), asn, asn);
    peer.password_secret = Some(PasswordSecret { name: name("frr1-password") });
    c.passwords.push(PeerPassword { secret: name("frr1-password"), password: "s3cret".parse().unwrap() });
    if backend.is_frr() {
        ranges.push("fd01::/128".parse().unwrap());
        let profile = BfdProfileSpec { minimum_ttl: Some(MinimumTtl::behind(1).unwrap()), ..BfdProfileSpec::default() };
        c.bfd_profiles.push(BfdProfile::new("doc-example-bfd-profile-full", profile));
        peer.bfd_profile = Some(name("doc-example-bfd-profile-full"));
        peer.dual_stack_address_family = true;
        peer.timers = Some(Timers::new(30, 90).unwrap());
        peer.connect_time = Some(ConnectTime::new(5).unwrap());
    }
    c.peers.push(BgpPeer::new("doc-example-peer", peer));
    c.pools.push(IpAddressPool::new("doc-example-bgp-adv", IpAddressPoolSpec::of(ranges)));
    let advertisement = BgpAdvertisementSpec {
        ip_address_pools: vec![name("doc-example-bgp-adv")],
        communities: vec![CommunityValue::Standard(64500, 100)],
        local_pref: Some(100),
        ..BgpAdvertisementSpec::default()
    };
    c.advertisements.push(BgpAdvertisement::new("doc-example-bgp-adv", advertisement));
    let mut workload = Workload::agnhost(name("test-agnhost"), name("default"), AGNHOST);
    if !backend.is_frr() {
        workload.family_policy = IpFamilyPolicy::SingleStack;
    }
    installation.workloads = vec![workload];
    installation
}
