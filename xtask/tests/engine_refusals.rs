//! Refusals of what is not ours, or not there: one clear message, the right exit code, and nothing lost or half-owned.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use support::{TestLab, docker, left_of};

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_foreign_network_of_the_name_is_left_as_it_is() {
    let lab = TestLab::small("xfn");
    let network = lab.name("n1");
    let id = docker(&["network", "create", "--subnet", "10.194.0.0/24", &network]);
    let run = lab.run(&["lab-up"]);
    let down = lab.run(&["lab-down"]);
    let after = docker(&["network", "inspect", "-f", "{{.Id}}", &network]);
    docker(&["network", "rm", &network]);
    run.refused(3, &[&network, "another name", "10.194.0.0/24"]);
    assert_eq!(down.code, Some(0), "{down:?}");
    assert_eq!(after, id, "lab-down leaves it too");
    assert_eq!(left_of(&lab.name("lab")), "");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_foreign_container_of_the_name_is_left_as_it_is() {
    let lab = TestLab::small("xfc");
    let container = lab.name("frr1");
    let id = docker(&["create", "--name", &container, lab.image, "true"]);
    let run = lab.run(&["lab-up"]);
    let down = lab.run(&["lab-down"]);
    let after = docker(&["inspect", "-f", "{{.Id}}", &container]);
    docker(&["rm", &container]);
    run.refused(3, &[&container, "another name"]);
    assert_eq!(down.code, Some(0), "{down:?}");
    assert_eq!(after, id);
    assert_eq!(left_of(&lab.name("lab")), "");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_taken_address_names_who_has_it() {
    let lab = TestLab::small("xta");
    lab.up();
    let (frr1, network, squatter) = (lab.name("frr1"), lab.name("n2"), "xta-squatter");
    docker(&["rm", "-f", &frr1]);
    docker(&["run", "-d", "--name", squatter, "--network", &network, "--ip", "10.96.2.3", lab.image, "sleep", "600"]);
    let run = lab.run(&["lab-up"]);
    let down = lab.run(&["lab-down"]);
    let squatting = docker(&["inspect", "-f", "{{.State.Running}}", squatter]);
    docker(&["rm", "-f", squatter]);
    run.refused(3, &["10.96.2.3", squatter]);
    // It is on our network, which therefore stays, and is named: nothing failed, somebody else's is in the way.
    assert_eq!(down.code, Some(3), "{down:?}");
    assert!(down.stdout.contains(squatter), "{down:?}");
    assert_eq!(squatting, "true");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn an_overlapping_range_names_the_network_that_has_it() {
    let lab = TestLab::small("xor");
    docker(&["network", "create", "--subnet", "10.97.2.0/25", "xor-other"]);
    let run = lab.run(&["lab-up"]);
    docker(&["network", "rm", "xor-other"]);
    run.refused(3, &["10.97.2.0/24", "xor-other", "10.97.2.0/25"]);
    assert_eq!(left_of(&lab.name("lab")), "");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn an_image_that_is_nowhere_is_named_with_the_ways_out() {
    let mut lab = TestLab::small("xim");
    // A name that no registry can have: the port is closed.
    lab.image = "127.0.0.1:1/frr:none";
    lab.run(&["lab-up"]).refused(3, &["127.0.0.1:1/frr:none", "images build", "images load"]);
    assert_eq!(left_of(&lab.name("lab")), "");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn without_kind_nothing_is_begun() {
    let mut lab = TestLab::small("xnk");
    lab.edit("provider = \"standalone\"", "provider = \"kind\"");
    lab.env = vec![("PATH".to_owned(), "/nonexistent".to_owned())];
    lab.run(&["lab-up"]).refused(3, &["kind is not installed", "doctor --fix"]);
    assert_eq!(left_of(&lab.name("lab")), "");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_run_goes_on_after_an_engine_that_stopped_midway() {
    let mut lab = TestLab::small("xga");
    let folder = tempfile::tempdir().unwrap();
    let mut midway = 0;
    // The engine stops answering after ever more answers.
    for answers in (4..60).step_by(11) {
        let socket = folder.path().join(format!("{answers}.sock"));
        proxy(&socket, answers);
        lab.env = vec![("DOCKER_HOST".to_owned(), format!("unix://{}", socket.display()))];
        let run = lab.run(&["lab-up"]);
        lab.env.clear();
        if run.code == Some(0) {
            break;
        }
        run.refused(3, &["engine"]);
        midway += 1;
    }
    assert!(midway > 1, "it was never midway");
    lab.up();
    lab.verified();
    assert_eq!(lab.run(&["lab-down"]).code, Some(0));
    assert_eq!(left_of(&lab.name("lab")), "");
}

/// Passes on to the engine until it has answered so often, and then breaks every connection.
fn proxy(socket: &std::path::Path, answers: usize) {
    let listener = UnixListener::bind(socket).unwrap();
    let left = Arc::new(AtomicUsize::new(answers));
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            if left.load(Ordering::SeqCst) == 0 {
                return;
            }
            let engine = UnixStream::connect("/var/run/docker.sock").unwrap();
            let (from, to) = (client.try_clone().unwrap(), engine.try_clone().unwrap());
            thread::spawn(move || pass(from, to, &AtomicUsize::new(usize::MAX)));
            let left = Arc::clone(&left);
            thread::spawn(move || pass(engine, client, &left));
        }
    });
}

/// Passes bytes on, while there are answers left; each read counts as one.
fn pass(mut from: UnixStream, mut to: UnixStream, left: &AtomicUsize) {
    let mut buffer = [0; 65536];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        let more = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if more.is_err() || to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = from.shutdown(std::net::Shutdown::Both);
}
