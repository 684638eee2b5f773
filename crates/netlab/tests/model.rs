//! Sound specifications, and the defects of others.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{container, endpoint, file, guest, network, reload, route, two_networks};
use netlab::{Defect, Endpoint, Lab, LabSpec, NetworkSpec, OnChange};

fn lab() -> LabSpec {
    two_networks("t", 10)
}

/// The defects of the two-network lab after a change.
fn defects(change: impl FnOnce(&mut LabSpec)) -> String {
    let mut spec = lab();
    change(&mut spec);
    Lab::try_from(spec).unwrap_err().to_string()
}

#[test]
fn a_sound_lab_is_accepted() {
    let lab = Lab::try_from(lab()).unwrap();
    let router = lab.container("t-router").unwrap();
    assert_eq!(lab.sysctls(router).get("net.ipv6.conf.all.forwarding").map(String::as_str), Some("1"));
    assert!(!lab.sysctls(lab.container("t-left").unwrap()).contains_key("net.ipv4.ip_forward"));
}

#[test]
fn every_defect_is_named_at_once() {
    let text = defects(|lab| {
        lab.networks[1].name = common::name("t-near");
        lab.containers[1].image = String::new();
    });
    insta::assert_snapshot!(text, @r#"
    two networks are named t-near: rename one
    container t-left: image reference "" is empty or has spaces
    container t-router is on network t-far, which the lab does not have
    container t-right is on network t-far, which the lab does not have
    container t-right: a next hop of 10.77.10.0/24 via 10.77.11.2 is on none of its networks
    container t-right: a next hop of fd77:10::/64 via fd77:11::2 is on none of its networks
    "#);
}

/// Either family is enough, and one is needed.
#[test]
fn a_network_has_a_range() {
    let ipv6_only = Lab::try_from(LabSpec {
        networks: vec![NetworkSpec::new(common::name("n"), "fd77:10::/64".parse().unwrap())],
        containers: vec![container(
            "left",
            vec![Endpoint { ipv4: None, ..endpoint("n", "10.1.1.1", "fd77:10::3") }],
            vec![],
        )],
        ..lab()
    });
    assert_eq!(ipv6_only.unwrap().networks()[0].gateway_ipv4(), None);
    insta::assert_snapshot!(
        defects(|lab| (lab.networks[1].ipv4, lab.networks[1].ipv6) = (None, None)).lines().next().unwrap(),
        @"network t-far has no range: give it an IPv4 range, an IPv6 range, or both"
    );
}

#[test]
fn addresses_have_to_fit() {
    insta::assert_snapshot!(defects(|lab| lab.containers[1].endpoints[0].ipv4 = Some("10.77.10.2".parse().unwrap())),
        @"containers t-router and t-left both have 10.77.10.2: give one another address");
    for outside in ["10.78.0.1", "10.77.10.0", "10.77.10.255", "10.77.10.1"] {
        let text = defects(|lab| lab.containers[1].endpoints[0].ipv4 = Some(outside.parse().unwrap()));
        assert!(text.starts_with(&format!("container t-left: {outside} cannot be given on network t-near")), "{text}");
    }
    for outside in ["fd78::3", "fd77:10::", "fd77:10::1"] {
        let text = defects(|lab| lab.containers[1].endpoints[0].ipv6 = Some(outside.parse().unwrap()));
        assert!(text.starts_with(&format!("container t-left: {outside} cannot be given on network t-near")), "{text}");
    }
}

#[test]
fn ranges_have_to_fit() {
    insta::assert_snapshot!(defects(|lab| lab.networks.push(network("t-x", "10.77.10.128/25", "fd78::/64"))),
        @"networks t-near (10.77.10.0/24) and t-x (10.77.10.128/25) overlap: give one another range");
    insta::assert_snapshot!(defects(|lab| lab.networks.push(network("t-x", "10.78.0.5/24", "fd78::/127"))), @r"
    network t-x: 10.78.0.5/24 has host bits: write 10.78.0.0/24
    network t-x: fd78::/127 has no room for containers: use a prefix length of at most 126
    ");
    insta::assert_snapshot!(defects(|lab| lab.networks[0].dynamic_ipv4 = Some("10.77.12.0/25".parse().unwrap())),
        @"network t-near: the dynamic range 10.77.12.0/25 is not inside a range of the network of that family");
}

#[test]
fn names_networks_and_routes_have_to_fit() {
    insta::assert_snapshot!(defects(|lab| lab.guests.push(guest("t-left", "t-near", Vec::new()))),
        @"two containers are named t-left: rename one");
    insta::assert_snapshot!(defects(|lab| lab.guests.push(guest("g", "t-none", Vec::new()))),
        @"container g is on network t-none, which the lab does not have");
    insta::assert_snapshot!(defects(|lab| lab.containers.push(container("cc", Vec::new(), Vec::new()))),
        @"container cc is on no network: give it an endpoint");
    insta::assert_snapshot!(defects(|lab| lab.containers[2].name = common::name("c")),
        @"container c: a container's name has two characters at least: give it another");
    insta::assert_snapshot!(defects(|lab| lab.containers[2].endpoints.push(Endpoint::dynamic(common::name("t-far")))),
        @"container t-right is on network t-far twice");
    insta::assert_snapshot!(defects(|lab| lab.containers[2].routes[0] = route("10.77.10.0/24", "10.77.10.2")),
        @"container t-right: a next hop of 10.77.10.0/24 via 10.77.10.2 is on none of its networks");
    insta::assert_snapshot!(defects(|lab| lab.containers[2].routes.push(route("10.77.10.0/24", "10.77.11.9"))),
        @"container t-right has two routes to 10.77.10.0/24");
    insta::assert_snapshot!(defects(|lab| lab.containers[2].routes.push(route("10.77.11.0/24", "10.77.11.9"))),
        @"container t-right: 10.77.11.0/24 via 10.77.11.9 covers a network that it is connected to");
}

#[test]
fn files_and_sysctls_have_to_be_plain() {
    for path in ["etc/x", "/etc/../x", "/", "//x", "/a\nb", "/a\\b", "/etc/lab/conf"] {
        let text = defects(|lab| lab.containers[1].files.push(file(path, "", reload())));
        assert!(text.contains("must be absolute"), "{path}: {text}");
    }
    insta::assert_snapshot!(defects(|lab| lab.containers[1].files[0].on_change = OnChange::Reload(Vec::new())),
        @"container t-left: the reload command of /etc/lab/conf is empty");
    insta::assert_snapshot!(defects(|lab| drop(lab.containers[0].sysctls.insert("kernel.panic".into(), "1".into()))),
        @"container t-router: sysctl kernel.panic is not one of net.*, the only ones that are the container's own");
}

#[test]
fn a_defect_is_a_value() {
    let mut spec = lab();
    spec.containers[1].endpoints[0] = endpoint("t-near", "10.77.10.2", "fd77:10::3");
    let error = Lab::try_from(spec).unwrap_err();
    assert!(matches!(error.defects.as_slice(), [Defect::DuplicateAddress { .. }]), "{error:?}");
}
