//! The documented resources, as they go to the API.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use metallb::spec::{
    Backend, BfdProfile, BfdProfileSpec, BgpAdvertisement, BgpAdvertisementSpec, BgpPeer, BgpPeerSpec, Configuration,
    IpAddressPool, IpAddressPoolSpec, MetalLb, MetalLbSpec, PeerPassword,
};
use metallb::value::{Asn, DetectMultiplier, Interval, MinimumTtl, Name, Timers};
use metallb::workload::Workload;
use metallb::{Installation, Source};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn asn() -> Asn {
    Asn::new(64500).unwrap()
}

fn profile() -> BfdProfile {
    let interval = |ms| Some(Interval::new(ms).unwrap());
    let spec = BfdProfileSpec {
        receive_interval: interval(300),
        transmit_interval: interval(300),
        detect_multiplier: Some(DetectMultiplier::new(3).unwrap()),
        echo_interval: None,
        echo_mode: Some(false),
        passive_mode: Some(false),
        minimum_ttl: Some(MinimumTtl::behind(1).unwrap()),
    };
    BfdProfile::new("doc-example-bfd-profile-full", spec)
}

fn peer(object: &str, address: &str) -> BgpPeer {
    let spec = BgpPeerSpec {
        bfd_profile: Some(name("doc-example-bfd-profile-full")),
        timers: Some(Timers::new(30, 90).unwrap()),
        dual_stack_address_family: true,
        ..BgpPeerSpec::at(address.parse().unwrap(), asn(), asn())
    };
    BgpPeer::new(object, spec)
}

fn pool() -> IpAddressPool {
    let ranges = ["203.0.113.200/32", "fd01::/128"].map(|range| range.parse().unwrap());
    IpAddressPool::new("doc-example-bgp-adv", IpAddressPoolSpec::of(ranges.to_vec()))
}

fn documented() -> Configuration {
    let advertisement =
        BgpAdvertisementSpec { ip_address_pools: vec![name("doc-example-bgp-adv")], ..BgpAdvertisementSpec::default() };
    Configuration {
        bfd_profiles: vec![profile()],
        pools: vec![pool()],
        advertisements: vec![BgpAdvertisement::new("doc-example-bgp-adv", advertisement)],
        peers: vec![peer("doc-example-peer", "10.0.2.3"), peer("doc-example-peer-dot-four", "10.0.2.4")],
        ..Configuration::default()
    }
}

#[test]
fn the_documented_resources_are_these() {
    let metallb = MetalLbSpec { bgp_backend: Some(Backend::Frr) };
    insta::assert_json_snapshot!("metallb", MetalLb::new("metallb", metallb));
    let documented = documented();
    insta::assert_json_snapshot!("bfd-profile", documented.bfd_profiles[0]);
    insta::assert_json_snapshot!("pool", documented.pools[0]);
    insta::assert_json_snapshot!("advertisement", documented.advertisements[0]);
    insta::assert_json_snapshot!("peers", documented.peers);
    let workload =
        Workload::agnhost(name("test-agnhost"), name("default"), "registry.k8s.io/e2e-test-images/agnhost:2.53");
    insta::assert_json_snapshot!("deployment", workload.deployment().unwrap());
    insta::assert_json_snapshot!("service", workload.service().unwrap());
    let password = PeerPassword { secret: name("frr1-password"), password: "s3cret".parse().unwrap() };
    insta::assert_json_snapshot!("password", password.to_secret("metallb-system"));
    assert!(!format!("{password:?}").contains("s3cret"));
}

#[test]
fn resources_survive_serialization() {
    let documented = documented();
    for peer in &documented.peers {
        let json = serde_json::to_string(peer).unwrap();
        assert_eq!(serde_json::from_str::<BgpPeer>(&json).unwrap().spec, peer.spec);
    }
    let metallb = MetalLbSpec { bgp_backend: Some(Backend::FrrK8s) };
    let json = serde_json::to_string(&metallb).unwrap();
    assert_eq!(serde_json::from_str::<MetalLbSpec>(&json).unwrap(), metallb);
}

#[test]
fn the_native_backend_lacks_what_is_named() {
    let error = documented().check(Backend::Native).unwrap_err().to_string();
    for part in ["BFDProfile doc-example-bfd-profile-full", "dualStackAddressFamily", "fd01::/128 is IPv6"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    documented().check(Backend::Frr).unwrap();
    documented().check(Backend::FrrK8s).unwrap();
}

#[test]
fn all_contradictions_are_listed() {
    let mut configuration = documented();
    configuration.pools.push(IpAddressPool::new("other", pool().spec));
    configuration.peers[0].spec.ebgp_multi_hop = true;
    configuration.peers[1].spec.bfd_profile = Some(name("nowhere"));
    configuration.advertisements[0].spec.ip_address_pools = vec![name("elsewhere")];
    configuration.bfd_profiles[0].spec.echo_mode = Some(true);
    let error = configuration.check(Backend::Frr).unwrap_err();
    assert_eq!(error.0.len(), 6, "{error}");
}

#[test]
fn an_installation_is_labelled_and_ordered() {
    let mut installation = Installation::new(name("doc"), Backend::Frr, Source::OperatorInstalled);
    installation.configuration = documented();
    let wanted = installation.wanted().unwrap();
    assert!(wanted.iter().all(|wanted| {
        let labels = wanted.object.metadata.labels.as_ref().unwrap();
        labels[metallb::OWNER_LABEL] == "metallb-lab" && labels[metallb::LAB_LABEL] == "doc"
    }));
    let phases: Vec<_> = wanted.iter().map(|wanted| wanted.phase).collect();
    assert!(phases.is_sorted(), "{phases:?}");
}
