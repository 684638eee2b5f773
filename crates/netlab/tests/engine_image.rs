//! Images on the real engine, without a registry.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::Cursor;

use bytes::Bytes;
use futures::stream;
use netlab::{Docker, ImageError, PullCause};

const TAG: &str = "netlab-test/rootfs:1";

fn rootfs() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(5);
    header.set_mode(0o644);
    archive.append_data(&mut header, "hello", &b"hello"[..]).unwrap();
    archive.into_inner().unwrap()
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn an_image_is_imported_saved_removed_and_loaded() {
    let docker = Docker::connect().await.expect("the engine tier needs a Docker engine");
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from(rootfs()))]);
    docker.import_rootfs(TAG, body, &["CMD [\"/hello\"]"]).await.unwrap();
    let states = docker.image_states(&[TAG, "netlab-test/none:1"]).await.unwrap();
    let id = states[0].id.clone().unwrap();
    assert_eq!(states[1].id, None);

    let mut archive = Cursor::new(Vec::new());
    let written = docker.save(&[TAG], &mut archive).await.unwrap();
    assert_eq!(written, archive.get_ref().len() as u64);
    docker.remove_image(TAG).await.unwrap();
    assert_eq!(docker.image_states(&[TAG]).await.unwrap()[0].id, None);

    let body = stream::iter([Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("the disk failed"))]);
    let error = docker.load(body).await.unwrap_err();
    assert!(matches!(&error, ImageError::Make { message, .. } if message.contains("the disk failed")), "{error}");
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from(archive.into_inner()))]);
    let said = docker.load(body).await.unwrap();
    assert!(said.contains(TAG), "{said}");
    assert_eq!(docker.image_states(&[TAG]).await.unwrap()[0].id, Some(id));
    docker.remove_image(TAG).await.unwrap();
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_pull_that_fails_names_image_and_cause() {
    let docker = Docker::connect().await.expect("the engine tier needs a Docker engine");
    let image = "registry.invalid/netlab-test/none:1";
    let error = docker.pull(image, |_| {}).await.unwrap_err();
    assert!(matches!(&error, ImageError::Pull { cause: PullCause::Unreachable, .. }), "{error}");
    assert!(error.to_string().starts_with(&format!("image {image} is not there and cannot be pulled")), "{error}");
}
