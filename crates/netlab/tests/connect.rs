//! Engines that do not answer, or not any more: one clear message each.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use netlab::fake::Fake;
use netlab::{Docker, EngineError, Lab, Unreachable, apply, observe, plan};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

#[tokio::test]
async fn a_missing_socket() {
    let error = Docker::connect_with_host("unix:///nowhere/docker.sock").await.unwrap_err();
    assert!(error.is_unreachable());
    insta::assert_snapshot!(error, @"no Docker engine at unix:///nowhere/docker.sock: the socket is not there; install Docker and start it (`systemctl start docker`), or point DOCKER_HOST to it");
}

#[tokio::test]
async fn a_host_that_cannot_be() {
    let error = Docker::connect_with_host("ssh://far").await.unwrap_err();
    insta::assert_snapshot!(error, @r#"cannot use the Docker host "ssh://far" (from the caller): the scheme ssh is not supported; use unix://PATH or tcp://HOST:PORT"#);
}

#[tokio::test]
async fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let error = Docker::connect_with_host(&format!("tcp://127.0.0.1:{port}")).await.unwrap_err();
    assert!(matches!(error, EngineError::NoEngine { cause: Unreachable::NotListening, .. }), "{error:?}");
}

#[tokio::test]
async fn an_engine_that_hangs_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 64]).await;
    };
    let host = format!("tcp://127.0.0.1:{port}");
    let (error, ()) = tokio::join!(Docker::connect_with_host(&host), server);
    let error = error.unwrap_err();
    assert!(matches!(error, EngineError::NoEngine { cause: Unreachable::Lost(_), .. }), "{error:?}");
}

/// No further step is begun, and the steps that were not done are named.
#[tokio::test]
async fn an_engine_that_goes_away_midway() {
    let fake = Fake::default();
    let lab = Lab::try_from(common::two_networks("t", 10)).unwrap();
    let plan = plan(&lab, &observe(&fake, &lab).await.unwrap()).unwrap();
    fake.world().effects_left = Some(3);
    let error = apply(&fake, &plan, &()).await.unwrap_err();
    assert!(error.engine_is_unreachable());
    assert_eq!(error.applied.outcomes.len(), 3);
    assert_eq!(error.applied.outcomes.len() + error.failures.len() + error.skipped.len(), plan.tasks.len());
    let error = observe(&fake, &lab).await.unwrap_err();
    assert!(error.is_unreachable(), "{error}");
}
