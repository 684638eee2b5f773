//! Foreign objects are refused by name, and stay as they are.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/engine.rs"]
mod engine;

use bollard::models::ContainerCreateBody;
use bollard::query_parameters::{CreateContainerOptionsBuilder, InspectContainerOptions};
use common::{guest, route, two_networks};
use engine::{Bed, with_lab, with_spec};
use netlab::preflight::{Conflict, HostNet, check};
use netlab::{Engine, Name, Refused, StepError, TeardownFailure, apply, observe, plan, teardown};

async fn refusal(bed: &Bed) -> Refused {
    plan(&bed.lab, &observe(&bed.docker, &bed.lab).await.unwrap()).unwrap_err()
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn foreign_objects_are_refused_and_kept() {
    // The names of the lab's objects begin like those of foreign ones, so that both are removed in the end.
    let mut spec = two_networks("netlab-test-keep", 50);
    let (network, container) = ("netlab-test-keep-foreign-net", "netlab-test-keep-foreign-box");
    spec.networks[0].name = network.parse().unwrap();
    spec.containers[1].name = container.parse().unwrap();
    for endpoint in spec.containers.iter_mut().flat_map(|c| &mut c.endpoints) {
        if endpoint.network.as_str() == "netlab-test-keep-near" {
            endpoint.network = network.parse().unwrap();
        }
    }
    with_spec(spec, async |bed| {
        bed.foreign_network(network, "10.77.58.0/24").await;
        bed.foreign(container, network, None).await;
        let before = bed.docker.container(container).await.unwrap();
        let refused = refusal(bed).await.to_string();
        assert!(
            refused.contains(&format!("network {network} (10.77.58.0/24) is there and not made by this lab")),
            "{refused}"
        );
        assert!(refused.contains(&format!("container {container} (image {})", common::IMAGE)), "{refused}");
        let report = teardown(&bed.docker, bed.lab.name()).await.unwrap();
        assert_eq!(report.to_string(), "nothing was there");
        assert_eq!(bed.docker.container(container).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_taken_range_is_refused() {
    with_lab("netlab-test-range", 60, async |bed| {
        bed.foreign_network("netlab-test-range-foreign", "10.77.60.128/25").await;
        let refused = refusal(bed).await.to_string();
        assert!(
            refused
                .contains("10.77.60.0/24 overlaps with 10.77.60.128/25 of Docker's network netlab-test-range-foreign"),
            "{refused}"
        );
    })
    .await;
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_taken_address_names_its_holder() {
    let mut spec = two_networks("netlab-test-taken", 70);
    // Foreign containers get addresses that the lab does not pin.
    spec.networks[0].dynamic_ipv4 = Some("10.77.70.128/25".parse().unwrap());
    spec.networks[0].dynamic_ipv6 = Some("fd77:70:0:0:1::/80".parse().unwrap());
    with_spec(spec, async |bed| {
        let whole = bed.plan().await;
        bed.apply(&whole.networks()).await;
        bed.foreign("netlab-test-taken-foreign", &bed.name("near"), Some("10.77.70.3")).await;

        // It came after the plan was made: Docker notices at the start only.
        let rest = whole.only(|step| !matches!(step.object(), netlab::Object::Network(_)));
        let error = apply(&bed.docker, &rest, &()).await.unwrap_err();
        assert_eq!(error.failures.len(), 1, "{error}");
        assert!(matches!(&error.failures[0].error, StepError::AddressTaken { by, .. } if by == "netlab-test-taken-foreign"), "{error}");
        assert_eq!(error.skipped, ["routes:netlab-test-taken-left"]);

        // And the next plan knows.
        let refused = refusal(bed).await.to_string();
        assert!(refused.contains("10.77.70.3 on network netlab-test-taken-near is taken by container netlab-test-taken-foreign"), "{refused}");

        // The teardown leaves the foreign container and the network that it is on.
        let report = teardown(&bed.docker, bed.lab.name()).await.unwrap();
        assert!(matches!(report.failures.as_slice(), [TeardownFailure::InUse { by, .. }] if by == "netlab-test-taken-foreign"), "{report}");
        assert_eq!(report.networks, ["netlab-test-taken-far"]);
        assert!(bed.docker.container("netlab-test-taken-foreign").await.unwrap().is_some());
    })
    .await;
}

/// An image that is committed from a container inherits its labels; containers of the image are not the lab's.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_container_with_inherited_labels_is_kept() {
    with_lab("netlab-test-heir", 54, async |bed| {
        bed.up().await;
        let (client, heir) = (bollard::Docker::connect_with_local_defaults().unwrap(), "netlab-test-heir-foreign");
        let left = client.inspect_container(&bed.name("left"), None::<InspectContainerOptions>).await.unwrap();
        let body = ContainerCreateBody {
            image: Some(common::IMAGE.to_owned()),
            labels: left.config.and_then(|config| config.labels),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::new().name(heir).build();
        client.create_container(Some(options), body).await.unwrap();
        assert!(bed.plan().await.is_empty());
        let report = teardown(&bed.docker, bed.lab.name()).await.unwrap();
        assert_eq!((report.containers.len(), report.is_clean()), (3, true), "{report}");
        assert!(bed.docker.container(heir).await.unwrap().is_some());
    })
    .await;
}

/// A container that others made on a network of the lab gets its routes, and keeps everything else.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_guest_gets_routes_only() {
    let mut spec = two_networks("netlab-test-guest", 80);
    let name = "netlab-test-guest-foreign";
    spec.guests.push(guest(name, "netlab-test-guest-near", vec![route("10.77.81.0/24", "10.77.80.2")]));
    with_spec(spec, async |bed| {
        let first = bed.plan().await;
        assert_eq!(first.absent[&Name::new(name).unwrap()], "it is not there");
        bed.apply(&first).await;
        assert!(bed.plan().await.is_empty());

        bed.foreign(name, &bed.name("near"), None).await;
        let plan = bed.plan().await;
        assert_eq!(plan.steps().map(netlab::Step::name).collect::<Vec<_>>(), [format!("routes:{name}")]);
        // This one was created without the right to set routes, which is an error.
        let error = apply(&bed.docker, &plan, &()).await.unwrap_err();
        assert!(matches!(&error.failures[0].error, StepError::Routes { missing, .. } if missing.len() == 1), "{error}");
    })
    .await;
}

/// A bridge as an engine leaves it behind whose state was lost. The lab's bridges are no conflict beside it.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_bridge_left_behind_is_found() {
    with_lab("netlab-test-stale", 96, async |bed| {
        bed.up().await;
        let host = "netlab-test-stale-foreign";
        bed.on_host(host).await;
        let sh = async |script: &str| {
            let output = bed.docker.exec(host, &["sh", "-c", script]).await.unwrap();
            assert_eq!(output.code, 0, "{script}: {}", output.stderr);
        };
        let stale = "br-00007e57ab1e";
        sh(&format!(
            "ip link add {stale} type bridge && ip addr add 10.77.97.1/24 dev {stale} && ip link set {stale} up"
        ))
        .await;
        let here = HostNet::read().unwrap();
        sh(&format!("ip link delete {stale}")).await;

        let observed = observe(&bed.docker, &bed.lab).await.unwrap();
        let conflicts = check(&bed.lab, &[], &observed, Some(&here));
        assert!(matches!(conflicts.as_slice(), [Conflict::StaleBridge { dev, .. }] if dev == stale), "{conflicts:?}");
        assert_eq!(check(&bed.lab, &[], &observed, Some(&HostNet::read().unwrap())), []);
    })
    .await;
}
