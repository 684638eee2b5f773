//! The examples, on real labs of their own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

#[path = "../examples/diagnose.rs"]
#[allow(dead_code, reason = "its main is for cargo")]
mod diagnose;
#[path = "../examples/lab.rs"]
#[allow(dead_code, reason = "its main is for cargo")]
mod lab;

use std::sync::Arc;

use bgplab::netlab::Docker;
use bgplab::{Context, LabSource, acts};
use tempfile::TempDir;

/// Writes a lab file whose names begin with `prefix` and whose ranges are `10.OCTET.0.0/16` and `fdOCTET::/32`.
fn lab_file(prefix: &str, octet: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lab.toml");
    std::fs::write(&file, include_str!("small.toml").replace("PREFIX", prefix).replace("OCTET", octet)).unwrap();
    let path = file.to_str().unwrap().to_owned();
    (folder, path)
}

fn context(file: &str) -> Context {
    Context::new(LabSource { file: Some(file.into()), ..LabSource::default() }, Arc::new(()))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "engine tier: cargo xtask test"]
async fn a_lab_is_brought_up_measured_and_taken_away() {
    let (_folder, file) = lab_file("bxl", "51");
    // A run that was killed may have left something.
    acts::lab_down(&context(&file)).await.unwrap();
    let mut out = Vec::new();
    lab::run(&file, &mut out).await.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&out)));
    let out = String::from_utf8(out).unwrap();
    assert!(out.starts_with("lab bxl-lab is up: "), "{out}");
    assert!(!out.contains("failed: ") && !out.contains("cause: "), "{out}");
    assert!(out.contains("bxl-k-worker pauses: bxl-frr1 loses its session after "), "{out}");
    assert!(out.contains("- container bxl-frr1"), "{out}");
    assert!(acts::plan_lab_down(&context(&file)).await.unwrap().lines().is_empty(), "nothing is left");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "engine tier: cargo xtask test"]
async fn a_lab_of_somebody_elses_is_diagnosed() {
    let (_folder, file) = lab_file("bxd", "52");
    let ctx = context(&file);
    acts::lab_down(&ctx).await.unwrap();
    acts::lab_up(&ctx).await.unwrap();
    let diagnosed = async || {
        let mut out = Vec::new();
        diagnose::run(&file, &mut out).await.unwrap();
        String::from_utf8(out).unwrap()
    };
    let healthy = diagnosed().await;
    Docker::connect().await.unwrap().stop("bxd-frr1", 0).await.unwrap();
    let broken = diagnosed().await;
    acts::lab_down(&ctx).await.unwrap();
    assert_eq!(healthy, "nothing wrong found\n");
    assert!(broken.contains("bxd-frr1") && broken.contains("  remedy: ") && !broken.contains("no cause"), "{broken}");
}
