//! Changes that MetalLB's webhooks take in one order only, as they look at one object beside what the others still are.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod fake;

use std::collections::BTreeMap;

use fake::*;
use metallb::deploy::Installation;
use metallb::spec::{BfdProfile, BfdProfileSpec, BgpPeer, BgpPeerSpec, IpAddressPool, IpAddressPoolSpec};
use metallb::value::Asn;
use serde_json::{Value, json};
use tokio::time::timeout;

const METALLB: &str = "/apis/metallb.io/v1beta1/namespaces/metallb-system";
const PEERS: &str = "/apis/metallb.io/v1beta2/namespaces/metallb-system/bgppeers";

/// The other objects of a collection.
fn others<'a>(objects: &'a BTreeMap<String, Value>, path: &'a str) -> impl Iterator<Item = &'a Value> {
    let collection = path.rsplit_once('/').unwrap().0;
    let others = objects.iter().filter(move |(key, _)| key.rsplit_once('/').unwrap().0 == collection && **key != path);
    others.map(|(_, object)| object)
}

/// Judges as MetalLB's webhooks do (`internal/config/validation.go` and the profile's own).
fn validate(objects: &BTreeMap<String, Value>, method: &str, path: &str, body: &Value) -> Option<String> {
    let spec = &body["spec"];
    let among = |field: &str, test: fn(&Value, &Value) -> bool| {
        others(objects, path).find(|other| test(&other["spec"][field], &spec[field])).map(|_| field.to_owned())
    };
    match (method, path.rsplit('/').nth(1).unwrap()) {
        ("PATCH", "bgppeers") => among("myASN", |a, b| a != b)
            .map(|_| "has myAsn different".to_owned())
            .or_else(|| among("peerAddress", |a, b| a == b).map(|_| "duplicate peer".to_owned())),
        ("PATCH", "ipaddresspools") => {
            let shares = |a: &Value, b: &Value| a.as_array().unwrap().iter().any(|x| b.as_array().unwrap().contains(x));
            among("addresses", shares).map(|_| "overlaps with already defined CIDR".to_owned())
        }
        ("DELETE", "bfdprofiles") => {
            let name = path.rsplit('/').next().unwrap();
            let used = |(key, peer): (&String, &Value)| key.starts_with(PEERS) && peer["spec"]["bfdProfile"] == name;
            objects.iter().any(used).then(|| format!("failed to delete BFDProfile {name}, used by BGPPeer"))
        }
        _ => None,
    }
}

fn peer(name: &str, address: &str, asn: u64, profile: &str) -> BgpPeer {
    let asn = Asn::new(asn).unwrap();
    let mut spec = BgpPeerSpec::at(address.parse().unwrap(), asn, asn);
    spec.bfd_profile = Some(profile.parse().unwrap());
    BgpPeer::new(name, spec)
}

fn pool(name: &str, range: &str) -> IpAddressPool {
    IpAddressPool::new(name, IpAddressPoolSpec::of(vec![range.parse().unwrap()]))
}

async fn deployed(api: &FakeApi, installation: &Installation) {
    let cluster = api.cluster();
    let deploy = cluster.deploy_phases(installation, &UNTIL_CONFIGURED, quick(), &());
    timeout(PATIENCE, deploy).await.unwrap().unwrap();
    let again = cluster.deploy_phases(installation, &UNTIL_CONFIGURED, quick(), &());
    assert_eq!(timeout(PATIENCE, again).await.unwrap().unwrap().changed, 0);
}

/// Two peers and two pools, one of each the other's opposite.
fn two_of_each() -> (FakeApi, Installation) {
    let (api, mut installation) = with_operator();
    api.webhook(validate);
    let c = &mut installation.configuration;
    c.bfd_profiles = vec![BfdProfile::new("old", BfdProfileSpec::default())];
    c.peers = vec![peer("frr1", "10.0.2.3", 64500, "old"), peer("frr2", "10.0.2.4", 64500, "old")];
    c.pools = vec![pool("a", "203.0.113.0/28"), pool("b", "198.51.100.0/28")];
    (api, installation)
}

#[tokio::test]
async fn peers_change_what_they_share() {
    let (api, mut installation) = two_of_each();
    deployed(&api, &installation).await;
    let c = &mut installation.configuration;
    c.bfd_profiles = vec![BfdProfile::new("new", BfdProfileSpec::default())];
    c.peers = vec![peer("frr1", "10.0.2.4", 64501, "new"), peer("frr2", "10.0.2.3", 64501, "new")];
    let plan = api.cluster().plan(&installation).await.unwrap().to_string();
    assert!(plan.contains("spec.myASN: 64500 -> 64501"), "the changed field is still shown: {plan}");
    deployed(&api, &installation).await;
    assert!(api.get(&format!("{METALLB}/bfdprofiles/old")).is_none());
    let addresses =
        ["frr1", "frr2"].map(|name| api.get(&format!("{PEERS}/{name}")).unwrap()["spec"]["peerAddress"].clone());
    assert_eq!(addresses, ["10.0.2.4", "10.0.2.3"]);
}

#[tokio::test]
async fn a_peer_that_stays_as_it_is_is_not_touched() {
    let (api, mut installation) = two_of_each();
    deployed(&api, &installation).await;
    installation.configuration.pools.remove(1);
    deployed(&api, &installation).await;
    assert!(!api.was_deleted(&format!("{PEERS}/frr1")) && api.was_deleted(&format!("{METALLB}/ipaddresspools/b")));
}

#[tokio::test]
async fn pools_exchange_their_ranges() {
    let (api, mut installation) = two_of_each();
    deployed(&api, &installation).await;
    installation.configuration.pools = vec![pool("a", "198.51.100.0/28"), pool("b", "203.0.113.0/28")];
    deployed(&api, &installation).await;
    assert_eq!(
        api.get(&format!("{METALLB}/ipaddresspools/a")).unwrap()["spec"]["addresses"],
        json!(["198.51.100.0/28"])
    );
}

#[tokio::test]
async fn a_webhook_that_sees_a_removal_late_is_asked_again() {
    let (api, mut installation) = two_of_each();
    deployed(&api, &installation).await;
    let mut left = 2;
    api.fault(move |method, path| {
        let asked = method == "PATCH" && path.starts_with(PEERS) && !path.contains("dryRun") && left > 0;
        left -= i32::from(asked);
        let words =
            r#"admission webhook "bgppeervalidationwebhook.metallb.io" denied the request: has myAsn different"#;
        asked.then(|| (403, status(403, "Forbidden", words)))
    });
    for peer in &mut installation.configuration.peers {
        peer.spec.my_asn = Asn::new(64501).unwrap();
    }
    deployed(&api, &installation).await;
}

#[tokio::test]
async fn a_removal_waits_for_its_webhook() {
    let (api, mut installation) = two_of_each();
    deployed(&api, &installation).await;
    let mut left = 2;
    api.fault(move |method, path| {
        let asked = method == "DELETE" && path.starts_with(PEERS) && left > 0;
        left -= i32::from(asked);
        let words = "Internal error occurred: failed calling webhook \"bgppeervalidationwebhook.metallb.io\": refused";
        asked.then(|| (500, status(500, "InternalError", words)))
    });
    installation.configuration.peers.remove(0);
    deployed(&api, &installation).await;
    assert!(api.get(&format!("{PEERS}/frr1")).is_none());
}
