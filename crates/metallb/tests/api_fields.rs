//! Fields that others add to objects of ours: planned with who set them, and removed.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod fake;

use fake::*;
use metallb::deploy::Installation;
use metallb::plan::{Change, Phase, Plan};
use metallb::spec::{
    BfdProfile, BfdProfileSpec, BgpAdvertisement, BgpAdvertisementSpec, BgpPeer, BgpPeerSpec, PeerPassword,
};
use metallb::value::{Asn, Interval};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::time::timeout;

const METALLB: &str = "/apis/metallb.io/v1beta1/namespaces/metallb-system";
const PEER: &str = "/apis/metallb.io/v1beta2/namespaces/metallb-system/bgppeers/frr1";
const SECRET: &str = "/api/v1/namespaces/metallb-system/secrets/frr1";

/// One resource of each kind, deployed.
async fn deployed() -> (FakeApi, Installation) {
    let (api, mut installation) = with_operator();
    let asn = Asn::new(64500).unwrap();
    let mut peer = BgpPeerSpec::at("10.0.2.3".parse().unwrap(), asn, asn);
    peer.bfd_profile = Some("full".parse().unwrap());
    let profile = BfdProfileSpec { receive_interval: Some(Interval::new(300).unwrap()), ..BfdProfileSpec::default() };
    let c = &mut installation.configuration;
    c.peers.push(BgpPeer::new("frr1", peer));
    c.bfd_profiles.push(BfdProfile::new("full", profile));
    c.advertisements
        .push(BgpAdvertisement::new("all", BgpAdvertisementSpec { local_pref: Some(100), ..Default::default() }));
    c.passwords.push(PeerPassword { secret: "frr1".parse().unwrap(), password: "s3cret".parse().unwrap() });
    deploy(&api, &installation).await;
    (api, installation)
}

/// Deploys, and returns how many objects changed.
async fn deploy(api: &FakeApi, installation: &Installation) -> usize {
    let cluster = api.cluster();
    let deploy = cluster.deploy_phases(installation, &UNTIL_CONFIGURED, quick(), &());
    timeout(PATIENCE, deploy).await.unwrap().unwrap().changed
}

/// The plan's steps for the configuration.
async fn plan(api: &FakeApi, installation: &Installation) -> Plan {
    let mut plan = timeout(PATIENCE, api.cluster().plan(installation)).await.unwrap().unwrap();
    plan.steps.retain(|step| step.phase == Phase::Configuration);
    plan
}

fn selectors() -> Value {
    json!([{"matchLabels": {"kubernetes.io/hostname": "kind-worker"}}])
}

#[tokio::test]
async fn node_selectors_on_a_peer_are_removed() {
    let (api, installation) = deployed().await;
    api.patch_as("kubectl-patch", PEER, &json!({"spec": {"nodeSelectors": selectors()}}));
    let planned = plan(&api, &installation).await.to_string();
    let expected = format!("    spec.nodeSelectors: - {} (set by kubectl-patch)", selectors());
    assert!(planned.contains("~ BGPPeer metallb-system/frr1\n") && planned.contains(&expected), "{planned}");
    deploy(&api, &installation).await;
    let spec = &api.get(PEER).unwrap()["spec"];
    assert_eq!((spec.get("nodeSelectors"), &spec["peerPort"]), (None, &json!(179)), "{spec}");
    assert_eq!(deploy(&api, &installation).await, 0);
}

#[tokio::test]
async fn peers_on_an_advertisement_are_removed() {
    let (api, installation) = deployed().await;
    let path = format!("{METALLB}/bgpadvertisements/all");
    api.patch_as("kubectl-edit", &path, &json!({"spec": {"peers": ["nobody"], "localPref": 7}}));
    let planned = plan(&api, &installation).await.to_string();
    for expected in
        ["spec.localPref: 7 -> 100 (set by kubectl-edit)\n", "spec.peers: - [\"nobody\"] (set by kubectl-edit)\n"]
    {
        assert!(planned.contains(expected), "{planned}");
    }
    assert_eq!(deploy(&api, &installation).await, 1);
    let spec = &api.get(&path).unwrap()["spec"];
    assert_eq!(*spec, json!({"localPref": 100, "aggregationLength": 32, "aggregationLengthV6": 128}));
    assert!(!api.was_deleted(&path), "one that nothing is in the way of is changed in place");
    assert_eq!(plan(&api, &installation).await.to_string(), "nothing to change\n");
}

#[tokio::test]
async fn a_key_added_to_a_secret_is_removed_and_not_shown() {
    let (api, installation) = deployed().await;
    api.patch_as("kubectl-patch", SECRET, &json!({"data": {"username": "cm9vdA=="}}));
    let planned = plan(&api, &installation).await.to_string();
    assert!(planned.contains("data.username: - \"(hidden)\" (set by kubectl-patch)"), "{planned}");
    deploy(&api, &installation).await;
    assert!(api.get(SECRET).unwrap()["data"].get("username").is_none());
}

#[tokio::test]
async fn an_address_that_a_dry_run_pretends_to_allocate_is_not_sent_back() {
    let (api, mut installation) = deployed().await;
    let mut peer = installation.configuration.peers[0].clone();
    peer.metadata.name = Some("allocates".into());
    peer.spec.peer_address = "10.0.2.9".parse().unwrap();
    installation.configuration.peers.push(peer);
    deploy(&api, &installation).await;
    let path = PEER.replace("frr1", "allocates");
    api.patch_as("kubectl-patch", &path, &json!({"spec": {"nodeSelectors": selectors()}}));
    let planned = plan(&api, &installation).await.to_string();
    assert!(planned.contains("spec.nodeSelectors: - "), "{planned}");
    deploy(&api, &installation).await;
    assert_eq!(api.get(&path).unwrap()["spec"].get("nodeSelectors"), None);
}

/// Whoever creates an object owns its defaults, too: they come back as soon as they are removed.
#[tokio::test]
async fn an_object_recreated_by_others_converges() {
    let (api, installation) = deployed().await;
    let mut copy = api.get(PEER).unwrap();
    let metadata = copy["metadata"].as_object_mut().unwrap();
    metadata.retain(|key, _| ["name", "namespace", "labels"].contains(&key.as_str()));
    api.create_as("kubectl-create", PEER, copy);
    assert_eq!(plan(&api, &installation).await.to_string(), "nothing to change\n");
}

#[tokio::test]
async fn a_default_set_to_another_value_is_set_back() {
    let (api, installation) = deployed().await;
    api.patch_as("x", PEER, &json!({"spec": {"peerPort": 1179}}));
    let planned = plan(&api, &installation).await.to_string();
    assert!(planned.contains("spec.peerPort: 1179 -> 179 (set by x)"), "{planned}");
    deploy(&api, &installation).await;
    assert_eq!(api.get(PEER).unwrap()["spec"]["peerPort"], 179);
    assert_eq!(plan(&api, &installation).await.to_string(), "nothing to change\n");
}

#[tokio::test]
async fn an_object_that_changes_meanwhile_is_tried_again() {
    let (api, installation) = deployed().await;
    let path = format!("{METALLB}/bfdprofiles/full");
    api.patch_as("x", &path, &json!({"spec": {"echoMode": true}}));
    let mut left = 2;
    api.fault(move |method, path| {
        let hit = method == "PUT" && !path.contains("dryRun") && left > 0;
        left -= i32::from(hit);
        hit.then(|| (409, status(409, "Conflict", "the object has been modified")))
    });
    deploy(&api, &installation).await;
    assert_eq!(api.get(&path).unwrap()["spec"], json!({"receiveInterval": 300}));
}

#[tokio::test]
async fn an_added_field_is_planned_while_a_webhook_is_down() {
    let (api, installation) = deployed().await;
    let path = format!("{METALLB}/bfdprofiles/full");
    api.patch_as("x", &path, &json!({"spec": {"echoMode": true}}));
    api.fault(|method, _| {
        let words = "Internal error occurred: failed calling webhook \"x\": refused";
        (method == "PATCH").then(|| (500, status(500, "InternalError", words)))
    });
    let planned = plan(&api, &installation).await.to_string();
    assert!(planned.contains("spec.echoMode: - true (set by x)"), "{planned}");
    assert!(!planned.contains("BGPPeer"), "defaults are not taken for somebody's: {planned}");
}

/// Fields that this test's resources do not set, by the path of the resource.
fn added() -> impl Strategy<Value = (String, Value)> {
    let of = |path: String, fields: Vec<(&str, Value)>| {
        let fields: Vec<(String, Value)> = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let some = prop::sample::subsequence(fields.clone(), 1..=fields.len());
        some.prop_map(move |fields| (path.clone(), fields.into_iter().collect::<Value>()))
    };
    let number = |number: u16| json!(number);
    prop_oneof![
        (any::<u16>(), any::<bool>()).prop_flat_map(move |(n, flag)| of(
            PEER.to_owned(),
            vec![
                ("peerPort", number(n)),
                ("nodeSelectors", selectors()),
                ("ebgpMultiHop", json!(flag)),
                ("sourceAddress", json!("10.0.1.9")),
                ("passwordSecret", json!({"name": "frr1"})),
                ("unknownToThisCrate", json!({"a": {"b": n}, "c": []})),
            ],
        )),
        any::<u16>().prop_flat_map(move |n| of(
            format!("{METALLB}/bgpadvertisements/all"),
            vec![
                ("aggregationLength", json!(n % 33)),
                ("peers", json!(["nobody"])),
                ("nodeSelectors", selectors()),
                ("communities", json!(["64500:1"])),
            ],
        )),
        any::<bool>().prop_flat_map(move |flag| of(
            format!("{METALLB}/ipaddresspools/doc-example-bgp-adv"),
            vec![
                ("autoAssign", json!(flag)),
                ("avoidBuggyIPs", json!(flag)),
                ("serviceAllocation", json!({"priority": 3, "namespaces": ["a"]})),
            ],
        )),
        any::<u16>().prop_flat_map(move |n| of(
            format!("{METALLB}/bfdprofiles/full"),
            vec![("echoInterval", number(n)), ("passiveMode", json!(true)), ("minimumTtl", number(n))],
        )),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However fields are added, and by however many: a deployment puts every object back, and the next changes
    /// nothing.
    #[test]
    fn added_fields_are_removed(changes in prop::collection::vec(("[a-z]{1,6}", added()), 1..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (api, installation) = deployed().await;
            let specs = |api: &FakeApi, of: &[(String, (String, Value))]| -> Vec<Value> {
                of.iter().map(|(_, (path, _))| api.get(path).unwrap()["spec"].clone()).collect()
            };
            let meant = specs(&api, &changes);
            for (manager, (path, fields)) in &changes {
                api.patch_as(manager, path, &json!({"spec": fields}));
            }
            let planned = plan(&api, &installation).await;
            for ((_, (path, _)), meant) in changes.iter().zip(&meant) {
                let live = api.get(path).unwrap();
                let named = |field: &str| planned.steps.iter().any(|step| {
                    let Change::Update(changes) = &step.change else { return false };
                    live["kind"] == step.object.kind && changes.iter().any(|change| {
                        change.path == format!("spec.{field}") && change.set_by.is_some()
                    })
                });
                for (field, _) in live["spec"].as_object().unwrap().iter().filter(|(key, value)| meant[key] != **value) {
                    prop_assert!(named(field), "{}: {}", field, planned);
                }
            }
            deploy(&api, &installation).await;
            prop_assert_eq!(specs(&api, &changes), meant);
            prop_assert_eq!(deploy(&api, &installation).await, 0);
            Ok(())
        })?;
    }
}
