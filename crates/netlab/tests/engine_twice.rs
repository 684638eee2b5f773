//! A run that was broken off leaves its request with the engine, and the next run's own meets it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/engine.rs"]
mod engine;

use engine::{Bed, with_lab};
use netlab::{Engine, Step};

async fn steps(bed: &Bed) -> Vec<Step> {
    bed.plan().await.steps().cloned().collect()
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn what_is_requested_twice_at_once_is_made_once() {
    with_lab("netlab-test-twice", 70, async |bed| {
        for step in steps(bed).await {
            match &step {
                Step::CreateNetwork { network, mtu, labels } => {
                    let make = || bed.docker.create_network(network, *mtu, labels);
                    let (first, second) = futures::join!(make(), make());
                    assert_eq!(first.unwrap(), second.unwrap());
                }
                Step::CreateContainer { container, sysctls, labels, .. } => {
                    let make = || bed.docker.create_container(container, sysctls, labels);
                    let (first, second) = futures::join!(make(), make());
                    assert_eq!(first.unwrap(), second.unwrap());
                }
                _ => {}
            }
        }
        let left = steps(bed).await;
        assert!(!left.iter().any(|step| matches!(step, Step::CreateNetwork { .. } | Step::CreateContainer { .. })));
    })
    .await;
}

/// A network of other ranges that has the name is somebody else's work.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn another_one_of_that_name_is_refused() {
    with_lab("netlab-test-other", 74, async |bed| {
        for step in steps(bed).await {
            let Step::CreateNetwork { network, mtu, labels } = &step else { continue };
            let mut other = labels.clone();
            other.lab = "netlab-test-others".parse().unwrap();
            let id = bed.docker.create_network(network, *mtu, &other).await.unwrap();
            let refused = bed.docker.create_network(network, *mtu, labels).await.unwrap_err();
            bed.docker.remove_network(&id).await.unwrap();
            assert!(refused.to_string().contains("already exists"), "{refused}");
        }
    })
    .await;
}
