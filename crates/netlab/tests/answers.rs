//! What an engine answers late, and what it is sent that breaks.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/server.rs"]
mod server;

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use netlab::ImageError;
use server::connect;

/// The output ends a little before the engine knows the code.
#[tokio::test]
async fn an_exit_code_may_come_late() {
    let mut codes = ["null", "null", "3"].into_iter();
    let answer = move || format!(r#"{{"Running":true,"ExitCode":{}}}"#, codes.next().unwrap());
    let docker = connect(Duration::ZERO, answer).await;
    assert_eq!(docker.exec_code("some").await.unwrap(), 3);
}

/// An engine says nothing while it unpacks or gathers whole images.
#[tokio::test]
async fn images_may_take_long() {
    let docker = connect(Duration::from_secs(600), String::new).await;
    let body = || stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"archive"))]);
    docker.load(body()).await.unwrap();
    docker.import_rootfs("some:1", body(), &[]).await.unwrap();
    assert_eq!(docker.save(&["some:1"], &mut tokio::io::sink()).await.unwrap(), 0);
}

/// Not the engine went away, but what it was to read.
#[tokio::test]
async fn a_stream_that_breaks_tells_why() {
    let docker = connect(Duration::ZERO, String::new).await;
    let body = || stream::iter([Ok(Bytes::from_static(b"half")), Err(io::Error::other("the disk is gone"))]);
    let loaded = docker.load(body()).await.map(drop);
    for error in [loaded.unwrap_err(), docker.import_rootfs("some:1", body(), &[]).await.unwrap_err()] {
        assert!(matches!(error, ImageError::Make { .. }), "{error:?}");
        assert!(error.to_string().ends_with("cannot be read: the disk is gone"), "{error}");
    }
}
