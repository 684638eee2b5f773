//! The files in `labs/`.

use rstest::rstest;

use super::{
    super::{Backend, DOCUMENTED, Install, Lab, Overrides, Provider, ProviderName, session::Bfd},
    all, lab, read,
};

#[rstest]
fn every_file_is_a_lab_with_every_provider(
    #[values(ProviderName::Kind, ProviderName::Standalone, ProviderName::Existing)] provider: ProviderName,
) {
    let files = all();
    assert!(files.len() >= 6, "labs/ holds the documented lab and its variants: {files:?}");
    for file in files {
        assert!(!lab(&file, provider).peers.is_empty());
    }
}

#[test]
fn a_file_is_named_as_its_lab() {
    for file in all() {
        assert_eq!(lab(&file, ProviderName::Kind).name.as_str(), file.file_stem().unwrap());
    }
}

/// The values of the documented procedure, literally.
#[test]
fn the_embedded_lab_is_the_documented_one() {
    let lab = Lab::documented(&Overrides::default()).unwrap();
    assert_eq!(lab.cluster.provider, Provider::Kind);
    assert_eq!(
        lab.cluster.node_names().map(|(name, _)| name).collect::<Vec<_>>(),
        ["kind-control-plane", "kind-worker", "kind-worker2"]
    );
    assert_eq!(lab.cluster.pods.v4().unwrap().to_string(), "10.128.0.0/14");
    assert_eq!(lab.cluster.services.v4().unwrap().to_string(), "172.30.0.0/16");
    let networks: Vec<_> =
        lab.networks.iter().map(|n| (n.name.as_str(), n.subnets.v4().unwrap().to_string())).collect();
    assert_eq!(networks, [("kind", "10.0.1.0/24".to_owned()), ("kind2", "10.0.2.0/24".to_owned())]);
    assert!(lab.networks.iter().all(|network| network.subnets.v6().is_some()));
    let on_kind2 = |name: &str| {
        let router = lab.routers.iter().find(|router| router.name.as_str() == name).unwrap();
        let (_, addresses) = router.attachments.iter().find(|(network, _)| network.as_str() == "kind2").unwrap();
        addresses.v4().unwrap().to_string()
    };
    let addresses = ["next-hop-router", "frr1", "frr2"].map(on_kind2);
    assert_eq!(addresses, ["10.0.2.2", "10.0.2.3", "10.0.2.4"]);
    assert_eq!(lab.images.frr.as_str(), "quay.io/frrouting/frr:9.1.0");
    assert_eq!(lab.images.node.as_str(), "kindest/node:v1.35.0");
    assert_eq!(lab.images.workload.as_str(), "registry.k8s.io/e2e-test-images/agnhost:2.53");
    let peers: Vec<_> = lab.peers.iter().map(|peer| (peer.name.as_str(), peer.address.to_string())).collect();
    assert_eq!(
        peers,
        [("doc-example-peer", "10.0.2.3".to_owned()), ("doc-example-peer-dot-four", "10.0.2.4".to_owned())]
    );
    for peer in &lab.peers {
        assert_eq!((peer.router_asn.get(), lab.cluster.asn.get()), (64500, 64500));
        let Some(Bfd::Multihop { profile, router_address }) = &peer.session.bfd else { panic!("{peer:?}") };
        assert_eq!((profile.name.as_str(), profile.minimum_ttl), ("doc-example-bfd-profile-full", 254));
        assert_eq!(*router_address, peer.address);
    }
    let pool: Vec<_> = lab.pools.iter().flat_map(|pool| &pool.ranges).map(ToString::to_string).collect();
    assert_eq!(pool, ["203.0.113.200/32", "fd01::/128"]);
    // Both ways, both families.
    let ways: Vec<_> = lab.routes.iter().map(|route| (route.from.as_str(), route.to.as_str())).collect();
    assert_eq!(ways, [("kind", "kind2"), ("kind2", "kind")]);
    assert!(lab.routes.iter().all(|route| route.ways().all(|(_, hops)| hops.len() == 1) && route.ways().count() == 2));
}

#[test]
fn nodes_and_pinned_addresses_never_meet() {
    for file in all() {
        let lab = lab(&file, ProviderName::Standalone);
        let pinned: Vec<_> = lab.routers.iter().flat_map(|r| &r.attachments).flat_map(|(_, a)| a.iter()).collect();
        for node in &lab.cluster.placement {
            assert!(node.addresses.iter().all(|address| !pinned.contains(&address)), "{file}: {node:?}");
        }
    }
}

#[test]
fn single_hop_and_multihop_follow_from_the_topology() {
    let same = lab(&all().into_iter().find(|file| file.ends_with("same-network.toml")).unwrap(), ProviderName::Kind);
    assert!(same.peers.iter().all(|peer| matches!(peer.session.bfd, Some(Bfd::SingleHop(_)))));
    let far = lab(&all().into_iter().find(|file| file.ends_with("ebgp-password.toml")).unwrap(), ProviderName::Kind);
    assert!(far.peers.iter().all(|peer| matches!(peer.session.bfd, Some(Bfd::Multihop { .. }))));
}

#[rstest]
#[case(1)]
#[case(10)]
#[case(1000)]
fn the_command_line_sets_the_number_of_routers(#[case] count: u16) {
    let file = all().into_iter().find(|file| file.ends_with("scale.toml")).unwrap();
    let overrides = Overrides { routers: Some(count), ..Overrides::default() };
    let lab = Lab::from_file(&file, &overrides).unwrap();
    assert_eq!((lab.routers.len(), lab.peers.len()), (usize::from(count) + 1, usize::from(count)));
    let names: std::collections::BTreeSet<_> = lab.routers.iter().map(|router| &router.name).collect();
    assert_eq!(names.len(), lab.routers.len());
    assert_eq!(lab.routers[usize::from(count) - 1].name.as_str(), format!("r{count}"));
}

#[test]
fn options_take_precedence() {
    let overrides = Overrides {
        provider: Some(ProviderName::Existing),
        kubeconfig: Some("/elsewhere/config".into()),
        context: Some("other".to_owned()),
        operator_dir: Some("/operator".into()),
        frr_image: Some("quay.io/frrouting/frr:10.5.3".parse().unwrap()),
        ..Overrides::default()
    };
    let lab = Lab::documented(&overrides).unwrap();
    let provider = Provider::Existing { kubeconfig: overrides.kubeconfig, context: overrides.context };
    assert_eq!(lab.cluster.provider, provider);
    assert_eq!(lab.images.frr.as_str(), "quay.io/frrouting/frr:10.5.3");
    assert!(matches!(lab.metallb.install, Install::Make { checkout, .. } if checkout == "/operator"));
}

#[test]
fn relative_paths_start_at_the_lab_file() {
    let text = DOCUMENTED.replace("# checkout = \"../metallb-operator\"", "checkout = \"operator\"");
    let lab = read(&text, &Overrides::default()).unwrap();
    assert!(matches!(lab.metallb.install, Install::Make { checkout, .. } if checkout == "/folder/operator"));
}

#[test]
fn features_that_the_native_backend_lacks_are_left_out_and_named() {
    let overrides = Overrides { backend: Some(Backend::Native), ..Overrides::default() };
    let lab = Lab::documented(&overrides).unwrap();
    assert_eq!(lab.metallb.left_out, ["BFD", "IPv6 prefixes"]);
    assert!(lab.peers.iter().all(|peer| peer.session.bfd.is_none() && !peer.dual_stack));
    let standalone = Overrides { provider: Some(ProviderName::Standalone), ..overrides };
    assert!(Lab::documented(&standalone).unwrap().metallb.left_out.is_empty());
}

#[test]
fn debug_output_has_no_password() {
    let file = all().into_iter().find(|file| file.ends_with("ebgp-password.toml")).unwrap();
    let shown = format!("{:?}", lab(&file, ProviderName::Kind));
    assert!(shown.contains(r#"Password("…")"#) && !shown.contains("lab-secret"), "{shown}");
}

/// The schema and the documented lab name the release that is installed by default.
#[test]
fn the_default_release_is_named_as_it_is() {
    let version = metallb::release::CURRENT.version;
    assert_eq!(Lab::documented(&Overrides::default()).unwrap().metallb.version.as_str(), version);
    assert!(crate::schema().contains(&format!("Default: {version}.")));
}
