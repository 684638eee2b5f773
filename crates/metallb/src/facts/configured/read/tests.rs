use serde_json::json;

use super::*;

fn object(value: Value) -> Object {
    serde_json::from_value(value).unwrap()
}

fn peer(name: &str, more: Value) -> Object {
    let mut spec = json!({"myASN": 64500, "peerASN": 64501, "peerAddress": "10.0.2.3", "peerPort": 179,
        "holdTime": "90s", "passwordSecret": {}, "sourceAddress": "", "disableMP": false});
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object(json!({"metadata": {"name": name}, "spec": spec}))
}

#[test]
fn what_clients_write_without_meaning_it_is_passed_over() {
    let configured = Configured::of(&Objects { peers: vec![peer("a", json!({}))], ..Objects::default() });
    assert_eq!((configured.beside.len(), configured.configuration.peers.len()), (0, 1), "{configured:?}");
    let spec = &configured.configuration.peers[0].spec;
    assert!(spec.password_secret.is_none() && spec.source_address.is_none() && spec.timers.is_none());
}

#[test]
fn what_is_not_understood_is_named() {
    let peers = vec![
        peer("unnumbered", json!({"interface": "eth0"})),
        peer("in-vrf", json!({"vrf": "red"})),
        peer("odd", json!({"peerAddress": "frr1"})),
    ];
    let configured = Configured::of(&Objects { peers, ..Objects::default() });
    assert_eq!(configured.configuration.peers, []);
    let begins = ["BGPPeer unnumbered is unnumbered", "BGPPeer in-vrf is in a VRF", "BGPPeer odd is not understood"];
    let fits = configured.beside.iter().zip(begins).all(|(said, begin)| said.starts_with(begin));
    assert!(fits && configured.beside.len() == 3, "{:?}", configured.beside);
}

#[test]
fn a_secret_without_a_password_is_named_with_its_peer() {
    let named = |name: &str, secret: &str| peer(name, json!({"passwordSecret": {"name": secret}}));
    let peers = vec![named("a", "good"), named("b", "gone"), named("c", "odd")];
    let secrets = [("good", None), ("odd", Some("has no key password"))];
    let secrets = secrets.map(|(name, why)| (name.to_owned(), why.map(str::to_owned))).into();
    let configured = Configured::of(&Objects { peers, secrets, ..Objects::default() });
    let expected = [("b", "gone", "is not there"), ("c", "odd", "has no key password")];
    assert_eq!(configured.secrets, expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
}

#[test]
fn pools_are_taken_by_name_by_label_or_all() {
    let pool = |name: &str, rack: &str| {
        object(json!({"metadata": {"name": name, "labels": {"rack": rack}}, "spec": {"addresses": ["10.9.0.0/24"]}}))
    };
    let advertisement = |name: &str, spec: Value| object(json!({"metadata": {"name": name}, "spec": spec}));
    let selector = |rack: &str| json!({"ipAddressPoolSelectors": [{"matchLabels": {"rack": rack}}]});
    let objects = Objects {
        pools: vec![pool("a", "1"), pool("b", "2")],
        advertisements: vec![
            advertisement("all", json!({"communities": ["an-alias"]})),
            advertisement("by-label", selector("2")),
            advertisement("of-none", selector("3")),
            advertisement("by-name", json!({"ipAddressPools": ["a"]})),
        ],
        layer2: vec![advertisement("l2", selector("1"))],
        ..Objects::default()
    };
    let configured = Configured::of(&objects);
    let taken: Vec<(&str, Vec<&str>)> = configured
        .configuration
        .advertisements
        .iter()
        .map(|own| (own.name(), own.spec.ip_address_pools.iter().map(|name| name.as_str()).collect()))
        .collect();
    assert_eq!(taken, [("all", vec![]), ("by-label", vec!["b"]), ("by-name", vec!["a"])]);
    assert_eq!(Vec::from_iter(configured.layer2), ["a"]);
}
