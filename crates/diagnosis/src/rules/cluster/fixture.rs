//! A healthy cluster with MetalLB, for the tests to break.

use std::collections::BTreeSet;

use metallb::facts::{
    AdvertisementView, Application, Balanced, Facts, NamespaceState, PeerView, PoolView, WebhookView, Workload,
};
use metallb::plan::{Observed, Plan, plan};
use metallb::spec::Backend;
use metallb::workload::Protocol;
use metallb::{Installed, NodeView, Object, PodView, PortView, ServiceView, Source};

use crate::evidence::tests::healthy_kind;
use crate::evidence::{ClusterEvidence, Evidence};

fn node(name: &str, control_plane: bool) -> NodeView {
    NodeView {
        name: name.to_owned(),
        ready: true,
        not_ready_because: None,
        addresses: Vec::new(),
        control_plane,
        excluded_from_load_balancers: control_plane,
        unschedulable: false,
        pod_cidrs: Vec::new(),
        labels: Default::default(),
        kubelet: "v1.35.4".to_owned(),
    }
}

fn workload(name: &str, count: i64) -> Workload {
    Workload { name: name.to_owned(), wanted: count, ready: count, bgp_type: Some("frr".into()), ..Workload::default() }
}

fn facts(e: &Evidence) -> Facts {
    let peer = |peer: &labfile::Peer| PeerView {
        name: peer.name.to_string(),
        address: peer.address.to_string(),
        peer_asn: 64500,
        my_asn: 64500,
        dual_stack: true,
        bfd_profile: peer.session.bfd.as_ref().map(|bfd| bfd.profile().name.to_string()),
        ebgp_multi_hop: false,
        selects_nodes: false,
    };
    let pool = e.lab.pools[0].name.to_string();
    Facts {
        namespace: NamespaceState::Active,
        deployments: ["controller", "metallb-operator-controller-manager", "metallb-operator-webhook-server"]
            .map(|name| workload(name, 1))
            .into(),
        daemon_sets: vec![workload("speaker", 3)],
        applications: vec![Application { deployment: Some(workload("test-agnhost", 1)), ..Application::default() }],
        resources: vec![("metallb".to_owned(), Some(Backend::Frr))],
        pools: vec![PoolView { name: pool.clone(), addresses: Vec::new(), auto_assign: true }],
        advertisements: vec![AdvertisementView {
            name: pool.clone(),
            pools: vec![pool],
            peers: Vec::new(),
            selects_pools: false,
            selects_nodes: false,
        }],
        peers: e.lab.peers.iter().map(peer).collect(),
        profiles: e.lab.bfd_profiles.iter().map(|profile| profile.name.to_string()).collect(),
        services: vec![balanced("default", "test-agnhost", &["203.0.113.200", "fd01::"])],
        webhooks: vec![WebhookView {
            configuration: "c".into(),
            service: "metallb-webhook-service".into(),
            answers: true,
            nodes: ["kind-worker".to_owned()].into(),
        }],
        ..Facts::default()
    }
}

pub(in crate::rules) fn balanced(namespace: &str, name: &str, addresses: &[&str]) -> Balanced {
    let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
    Balanced {
        namespace: namespace.into(),
        name: name.into(),
        addresses,
        families: Vec::new(),
        class: None,
        pool: None,
        local: false,
        labels: Default::default(),
    }
}

pub(in crate::rules) fn cluster(change: impl FnOnce(&mut ClusterEvidence)) -> Evidence {
    let mut e = healthy_kind();
    let names: Vec<String> = e.lab.cluster.node_names().map(|(name, _)| name).collect();
    let speaker = |name: &String| PodView {
        name: format!("speaker-{name}"),
        node: name.clone(),
        containers: Vec::new(),
        ready: true,
    };
    let mut cluster = ClusterEvidence {
        nodes: names.iter().map(|name| node(name, name.ends_with("control-plane"))).collect(),
        installed: Installed { operator: true, resource: true, controller: true, backend: Some(Backend::Frr) },
        speakers: names.iter().map(speaker).collect(),
        services: vec![Ok(ServiceView {
            addresses: vec!["203.0.113.200".parse().unwrap(), "fd01::".parse().unwrap()],
            families: vec!["IPv4".into(), "IPv6".into()],
            ports: vec![PortView { number: 80, protocol: Protocol::Tcp, node_port: Some(30000) }],
            local: false,
            endpoint_nodes: BTreeSet::from(["kind-worker".to_owned()]),
        })],
        differences: Ok(Plan::default()),
        facts: facts(&e),
    };
    change(&mut cluster);
    e.cluster = Some(cluster);
    e
}

pub(super) fn service(change: impl FnOnce(&mut ServiceView)) -> Evidence {
    cluster(|c| change(c.services[0].as_mut().unwrap()))
}

/// The plan for objects that are not as the lab says: `live` makes of each wanted object what is there, if anything.
pub(super) fn planned(e: &Evidence, live: impl Fn(&Object) -> Option<Object>) -> Plan {
    let installation = labfile::compose::installation(&e.lab, Source::OperatorInstalled).unwrap();
    let wanted = installation.wanted().unwrap();
    let observed = wanted.iter().map(|wanted| {
        let present = |live| Observed::Present { live: Box::new(live), would_be: Box::new(wanted.object.clone()) };
        live(&wanted.object).map_or(Observed::Absent, present)
    });
    plan(&wanted, &observed.collect::<Vec<_>>(), &[], &installation.lab).unwrap()
}

/// A cluster in which objects are not as the lab says.
pub(super) fn differing(live: impl Fn(&Object) -> Option<Object>) -> Evidence {
    let mut e = cluster(|_| {});
    let plan = planned(&e, live);
    e.cluster.as_mut().unwrap().differences = Ok(plan);
    e
}
