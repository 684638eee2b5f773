//! Routes with several equal next hops on a real kernel: set from any state, and as seen from outside as from inside.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/engine.rs"]
mod engine;

use common::two_networks;
use engine::{through_tcp, with_spec};
use netlab::{Docker, Lab, Route, apply, observe, plan};

/// Routes of the left node to a network beyond, by some hosts of its network.
fn beyond(hosts: &[u8]) -> [Route; 2] {
    let v4 = hosts.iter().map(|host| format!("10.77.40.{host}").parse().unwrap());
    let v6 = hosts.iter().map(|host| format!("fd77:40::{host}").parse().unwrap());
    [Route::v4("10.88.0.0/16".parse().unwrap(), v4), Route::v6("fd88::/64".parse().unwrap(), v6)]
}

/// Commands that set the same routes to something else.
fn set(next_hops: &[&str]) -> String {
    let hops = |base: &str| next_hops.iter().map(|host| format!(" nexthop via {base}{host}")).collect::<String>();
    let (v4, v6) = (hops("10.77.40."), hops("fd77:40::"));
    format!("ip -4 route replace 10.88.0.0/16{v4} && ip -6 route replace fd88::/64 metric 1{v6}")
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn equal_gateways_are_set_from_any_state() {
    let mut spec = two_networks("netlab-test-equal", 40);
    let plain = spec.containers[1].routes.clone();
    spec.containers[1].routes.extend(beyond(&[2, 4]));
    with_spec(spec.clone(), async |bed| {
        bed.up().await;
        let remote = Docker::connect_with_host(&through_tcp(&bed.docker.host()).await).await.unwrap();
        let repair = async |what: &str| {
            let first = bed.plan().await;
            let steps: Vec<_> = first.steps().map(|step| step.name().replace("netlab-test-equal-", "")).collect();
            assert_eq!(steps, ["routes:left"], "{what}: {first}");
            assert!(first.to_string().contains("route 10.88.0.0/16 via 10.77.40.2 and 10.77.40.4 missing"), "{first}");
            // A command in the container sees what a look from outside does.
            let inside = plan(&bed.lab, &observe(&remote, &bed.lab).await.unwrap()).unwrap();
            assert_eq!(inside.to_string(), first.to_string(), "{what}");
            bed.apply(&first).await;
            let second = bed.plan().await;
            assert!(second.is_empty(), "{what}: {second}");
        };
        for (what, hops) in [
            ("a next hop is missing", &["2"][..]),
            ("a next hop is another", &["2", "9"]),
            ("a next hop is somebody's", &["2", "4", "9"]),
        ] {
            bed.sh("left", &set(hops)).await;
            repair(what).await;
        }
        bed.sh("left", "ip -4 route flush 10.88.0.0/16; ip -6 route flush fd88::/64").await;
        repair("no route").await;
        bed.sh("left", "ip -4 route replace blackhole 10.88.0.0/16; ip -6 route replace blackhole fd88::/64 metric 1")
            .await;
        repair("packets are dropped").await;
        bed.sh("left", &set(&["4", "2"])).await;
        assert!(bed.plan().await.is_empty(), "their order means nothing");

        // The lab changes to one gateway, and back.
        for hosts in [&[4][..], &[2, 4]] {
            let mut other = spec.clone();
            other.containers[1].routes = plain.iter().cloned().chain(beyond(hosts)).collect();
            let other = Lab::try_from(other).unwrap();
            let change = plan(&other, &observe(&bed.docker, &other).await.unwrap()).unwrap();
            assert_eq!(change.steps().count(), 1, "{change}");
            apply(&bed.docker, &change, &()).await.unwrap();
            let second = plan(&other, &observe(&bed.docker, &other).await.unwrap()).unwrap();
            assert!(second.is_empty(), "{hosts:?}: {second}");
        }
    })
    .await;
}
