//! Late answers of an engine, and broken streams to it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/server.rs"]
mod server;

use std::io;
use std::time::Duration;

use bytes::Bytes;
use common::two_networks;
use futures::stream;
use netlab::{Engine, EngineError, ImageError, Lab, Step, observe, plan};
use server::connect;

/// The output ends a little before the engine knows the code.
#[tokio::test]
async fn an_exit_code_may_come_late() {
    let mut codes = ["null", "null", "3"].into_iter();
    let answer = move || (200, format!(r#"{{"Running":true,"ExitCode":{}}}"#, codes.next().unwrap()).into());
    let docker = connect(Duration::ZERO, answer).await;
    assert_eq!(docker.exec_code("some").await.unwrap(), 3);
}

/// An engine says nothing while it unpacks or gathers whole images.
#[tokio::test]
async fn images_may_take_long() {
    let docker = connect(Duration::from_secs(600), || (200, Vec::new())).await;
    let body = || stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"archive"))]);
    docker.load(body()).await.unwrap();
    docker.import_rootfs("some:1", body(), &[]).await.unwrap();
    assert_eq!(docker.save(&["some:1"], &mut tokio::io::sink()).await.unwrap(), 0);
}

/// The stream is the cause, not the engine.
#[tokio::test]
async fn a_stream_that_breaks_is_named_as_the_cause() {
    let docker = connect(Duration::ZERO, || (200, Vec::new())).await;
    let body = || stream::iter([Ok(Bytes::from_static(b"half")), Err(io::Error::other("the disk failed"))]);
    let loaded = docker.load(body()).await.map(drop);
    for error in [loaded.unwrap_err(), docker.import_rootfs("some:1", body(), &[]).await.unwrap_err()] {
        assert!(matches!(error, ImageError::Make { .. }), "{error:?}");
        assert!(error.to_string().ends_with("cannot be read: the disk failed"), "{error}");
    }
}

/// The engine completes a request of a run that was broken off, and lists the container only when it is created.
#[tokio::test]
async fn a_container_may_be_in_creation_already() {
    let lab = Lab::try_from(two_networks("t", 10)).unwrap();
    let plan = plan(&lab, &observe(&netlab::fake::Fake::default(), &lab).await.unwrap()).unwrap();
    let creation = plan.steps().find_map(|step| match step {
        Step::CreateContainer { container, sysctls, labels, .. } => Some((container, sysctls, labels)),
        _ => None,
    });
    let (container, sysctls, labels) = creation.unwrap();
    let made_by = |lab: &str| {
        let labels = serde_json::json!({ "netlab.lab": lab, "netlab.spec": labels.spec.to_string() });
        (200, serde_json::json!({ "Id": "made", "Config": { "Labels": labels } }).to_string().into())
    };
    let taken = || (409, r#"{"message":"Conflict. The container name is already in use"}"#.into());
    let not_there = || (404, r#"{"message":"No such container"}"#.into());

    let mut answers = [taken(), not_there(), not_there(), made_by("t")].into_iter();
    let docker = connect(Duration::ZERO, move || answers.next().unwrap()).await;
    assert_eq!(docker.create_container(container, sysctls, labels).await.unwrap(), "made");

    let mut answers = [taken(), made_by("other")].into_iter();
    let docker = connect(Duration::ZERO, move || answers.next().unwrap()).await;
    let refused = docker.create_container(container, sysctls, labels).await.unwrap_err();
    assert!(matches!(refused, EngineError::Conflict { .. }), "{refused}");
}

/// Frames of a log may end within a character.
#[tokio::test]
async fn a_log_is_read_whole() {
    let frame = |part: &[u8]| [&[1, 0, 0, 0, 0, 0, 0, u8::try_from(part.len()).unwrap()], part].concat();
    let (first, second) = "Änderung\n".as_bytes().split_at(1);
    let body = [frame(first), frame(second)].concat();
    let docker = connect(Duration::ZERO, move || (200, body.clone())).await;
    assert_eq!(docker.logs("some", None).await.unwrap(), "Änderung\n");
}
