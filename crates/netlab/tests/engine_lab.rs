//! A lab on the real engine: it comes up, forwards, survives killed runs, is repaired where it is broken, and goes
//! down.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/engine.rs"]
mod engine;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::two_networks;
use engine::{Bed, through_tcp, with_docker, with_lab, with_spec};
use netlab::{ApiVersion, Attachment, Docker, Engine, Event, Lab, Source, Step, apply, observe, plan, teardown};
use settle::{Verdict, Wait};
use tokio::sync::Notify;

/// Checks that the left node reaches the right one through the router, over both address families.
async fn check_forwarding(bed: &Bed, at: u8) {
    for target in [format!("10.77.{}.3", at + 1), format!("fd77:{}::3", at + 1)] {
        let wait = Wait::new(format!("ping of {target}"), Duration::from_secs(10));
        let ping = wait.poll(async || {
            let argv = ["ping", "-c", "1", "-W", "1", &target];
            match bed.docker.exec(&bed.name("left"), &argv).await {
                Ok(output) if output.code == 0 => Verdict::Ready(()),
                Ok(output) => Verdict::NotYet(output.stdout),
                Err(error) => Verdict::Failed(error),
            }
        });
        ping.await.unwrap();
    }
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_lab_comes_up_forwards_and_goes_down() {
    with_lab("netlab-test-up", 0, async |bed| {
        bed.up().await;
        check_forwarding(bed, 0).await;

        let begin = Instant::now();
        let second = bed.plan().await;
        let took = begin.elapsed();
        assert!(second.is_empty(), "{second}");
        assert!(took < Duration::from_secs(2), "observing took {took:?}");

        // Looking from outside and looking from inside see the same.
        let left = bed.name("left");
        let remote = Docker::connect_with_host(&through_tcp(&bed.docker.host()).await).await.unwrap();
        let outside = observe(&bed.docker, &bed.lab).await.unwrap();
        let inside = observe(&remote, &bed.lab).await.unwrap();
        let (outside, inside) = (&outside.facts[&left], &inside.facts[&left]);
        assert_eq!(inside.source, Source::Exec);
        assert_eq!(outside.files, inside.files);
        assert_eq!(outside.files.len(), 2);
        let through =
            |facts: &netlab::Facts| facts.routes.iter().filter(|r| !r.via.is_empty()).cloned().collect::<Vec<_>>();
        assert_eq!(through(outside), through(inside));

        // Commands end, whatever else is open yet.
        let (_open, input) = tokio::io::duplex(1);
        assert_eq!(bed.docker.exec_with_input(&left, &["true"], input).await.unwrap().code, 0);
        bed.docker.exec_interactive(&left, &["true"], (80, 24)).await.unwrap();

        // Files have the owner and mode that were asked for.
        assert_eq!(bed.sh("left", "stat -c '%a %u:%g' /etc/lab/conf").await, "640 100:101\n");

        let begin = Instant::now();
        let report = teardown(&bed.docker, bed.lab.name()).await.unwrap();
        let took = begin.elapsed();
        assert!(report.is_clean(), "{report}");
        assert_eq!((report.containers.len(), report.networks.len()), (3, 2));
        assert!(took < Duration::from_secs(8), "teardown took {took:?}");
        assert_eq!(teardown(&bed.docker, bed.lab.name()).await.unwrap().to_string(), "nothing was there");
    })
    .await;
}

/// A run is broken off as soon as a step is done on which none was broken off before, whatever else was under way; the
/// next one goes on where it ended.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_run_broken_off_after_any_step_is_completed() {
    with_lab("netlab-test-kill", 10, async |bed| {
        let all: BTreeSet<String> = bed.plan().await.steps().map(Step::name).collect();
        let killed_on = Mutex::new(BTreeSet::new());
        loop {
            let plan = bed.plan().await;
            let killed = Notify::new();
            let observer = |event: &Event<'_>| {
                if let Event::Done { name, .. } = event
                    && killed_on.lock().unwrap().insert((*name).to_owned())
                {
                    killed.notify_one();
                }
            };
            tokio::select! {
                biased;
                () = killed.notified() => {}
                result = apply(&bed.docker, &plan, &observer) => {
                    result.unwrap();
                    break;
                }
            }
        }
        assert!(bed.plan().await.is_empty());
        // The engine finishes some of what was under way, so that some steps never come up again.
        let killed_on = killed_on.into_inner().unwrap();
        assert!(killed_on.is_subset(&all) && killed_on.len() > all.len() / 2, "{killed_on:?} of {all:?}");
        check_forwarding(bed, 10).await;
    })
    .await;
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn only_broken_parts_are_repaired() {
    with_lab("netlab-test-repair", 20, async |bed| {
        bed.up().await;
        let (left, right) = (bed.name("left"), bed.name("right"));
        let repair = async |what: &str, expected: &[&str]| {
            let plan = bed.plan().await;
            let steps: Vec<_> = plan.steps().map(|step| step.name().replace("netlab-test-repair-", "")).collect();
            assert_eq!(steps, expected, "{what}: {plan}");
            bed.apply(&plan).await;
            let second = bed.plan().await;
            assert!(second.is_empty(), "{what}: {second}");
        };

        bed.docker.remove_container(&right).await.unwrap();
        repair("removed", &["create-container:right", "start:right", "routes:right"]).await;

        bed.docker.restart(&right).await.unwrap();
        repair("restarted", &["routes:right"]).await;

        bed.docker.kill(&right).await.unwrap();
        let ended = Wait::new("end of the container", Duration::from_secs(10));
        let state = ended.poll(async || match bed.docker.container(&right).await.unwrap().unwrap().run {
            netlab::RunState::Exited => Verdict::<(), ()>::Ready(()),
            run => Verdict::NotYet(run.as_str().to_owned()),
        });
        state.await.unwrap();
        repair("killed", &["start:right", "routes:right"]).await;

        bed.sh("left", "ip route del 10.77.21.0/24").await;
        repair("flushed route", &["routes:left"]).await;

        bed.sh(
            "left",
            "ip route replace 10.77.21.0/24 via 10.77.20.9; ip -6 route replace fd77:21::/64 via fd77:20::9 metric 1",
        )
        .await;
        repair("wrong next hop", &["routes:left"]).await;

        bed.sh("left", "echo changed > /etc/lab/conf").await;
        repair("changed file", &["upload:left", "reload:left"]).await;
        assert_eq!(bed.sh("left", "cat /run/taken /etc/lab/conf").await, "hello 1\nhello 1\n");

        bed.sh("left", "rm /etc/lab/boot").await;
        repair("lost file that wants a restart", &["upload:left", "reload:left", "routes:left"]).await;

        bed.docker.pause(&left).await.unwrap();
        repair("paused", &["unpause:left", "upload:left", "reload:left", "routes:left"]).await;

        bed.docker.disconnect(Attachment { container: &bed.name("router"), network: &bed.name("far") }).await.unwrap();
        repair("disconnected", &["connect:router:netlab-test-repair-far".replace("netlab-test-repair-", "").as_str()])
            .await;
        check_forwarding(bed, 20).await;
    })
    .await;
}

/// A changed lab is changed where it differs: one network is created anew with its containers, the rest stays.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_changed_lab_is_changed_where_it_differs() {
    let mut spec = two_networks("netlab-test-change", 30);
    spec.networks[0].dynamic_ipv4 = Some("10.77.30.128/25".parse().unwrap());
    spec.networks[0].mtu = netlab::Mtu::Bytes(1400);
    with_spec(spec.clone(), async |bed| {
        bed.up().await;
        assert_eq!(bed.sh("left", "cat /sys/class/net/eth0/mtu").await, "1400\n");
        let kept = bed.docker.container(&bed.name("left")).await.unwrap().unwrap().id;

        let mut other = spec.clone();
        other.networks[1].masquerade = false;
        let other = Lab::try_from(other).unwrap();
        let change = plan(&other, &observe(&bed.docker, &other).await.unwrap()).unwrap();
        insta::assert_snapshot!(change);
        apply(&bed.docker, &change, &()).await.unwrap();
        let second = plan(&other, &observe(&bed.docker, &other).await.unwrap()).unwrap();
        assert!(second.is_empty(), "{second}");
        assert_eq!(bed.docker.container(&bed.name("left")).await.unwrap().unwrap().id, kept);
        check_forwarding(bed, 30).await;
    })
    .await;
}

/// The observer receives every step, and steps that do not need each other overlap.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn independent_steps_overlap() {
    with_lab("netlab-test-overlap", 40, async |bed| {
        let plan = bed.plan().await;
        let (now, most, done) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let observer = |event: &Event<'_>| match event {
            Event::Started { .. } => {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            }
            Event::Done { .. } | Event::Failed { .. } => {
                now.fetch_sub(1, Ordering::SeqCst);
                done.fetch_add(1, Ordering::SeqCst);
            }
            _ => {}
        };
        apply(&bed.docker, &plan, &observer).await.unwrap();
        assert_eq!(done.load(Ordering::SeqCst), plan.tasks.len());
        assert_eq!(most.load(Ordering::SeqCst), 3);
    })
    .await;
}

/// Docker 20.10 takes one endpoint when a container is made.
#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn the_oldest_api_is_enough() {
    let old = ApiVersion { major: 1, minor: 41 };
    let docker = Docker::connect_with_api(old).await.expect("the engine tier needs a Docker engine");
    assert_eq!(docker.version().await.unwrap().api, old);
    with_docker(docker, two_networks("netlab-test-old", 98), async |bed| {
        bed.up().await;
        check_forwarding(bed, 98).await;
        assert!(bed.plan().await.is_empty());
    })
    .await;
}
