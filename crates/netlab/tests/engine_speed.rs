//! The time that six containers take. The bounds are wide, since the machine may be busy; the figures are printed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/engine.rs"]
mod engine;

use std::time::{Duration, Instant};

use common::{container, endpoint, route, two_networks};
use engine::with_spec;
use netlab::teardown;

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn six_containers_come_and_go_quickly() {
    let mut spec = two_networks("netlab-test-speed", 90);
    for host in [11, 12, 13] {
        let pin = endpoint("netlab-test-speed-far", &format!("10.77.91.{host}"), &format!("fd77:91::{host}"));
        let routes = vec![route("10.77.90.0/24", "10.77.91.2"), route("fd77:90::/64", "fd77:91::2")];
        spec.containers.push(container(&format!("netlab-test-speed-{host}"), vec![pin], routes));
    }
    with_spec(spec, async |bed| {
        let begin = Instant::now();
        let plan = bed.plan().await;
        let planned = begin.elapsed();
        bed.apply(&plan).await;
        let up = begin.elapsed();

        let begin = Instant::now();
        assert!(bed.plan().await.is_empty());
        let second = begin.elapsed();

        let begin = Instant::now();
        let report = teardown(&bed.docker, bed.lab.name()).await.unwrap();
        let down = begin.elapsed();
        println!("first plan {planned:?}, up {up:?}, second plan {second:?}, down {down:?}");
        assert!(report.is_clean(), "{report}");
        assert!(second < Duration::from_secs(1), "the second plan took {second:?}");
        assert!(up < Duration::from_secs(20) && down < Duration::from_secs(10), "up {up:?}, down {down:?}");
    })
    .await;
}
