//! A cluster that is diagnosed by MetalLB's own resources, without the lab's file.

use std::process::Command;

/// Runs the diagnosis; its exit code, and what it says.
fn diagnosed(kubeconfig: &str) -> (Option<i32>, String) {
    let args = ["--quiet", "diagnose", "--from-cluster", "--kubeconfig", kubeconfig];
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// Nothing is wrong, and nothing is said to be.
pub(crate) fn nothing_is_wrong(kubeconfig: &str) {
    let (code, said) = diagnosed(kubeconfig);
    assert_eq!((code, said.trim()), (Some(0), "nothing wrong found"));
}

/// All of these words are said; of a lab's verbs, none is.
pub(crate) fn is_wrong(kubeconfig: &str, words: &[&str]) {
    let (code, said) = diagnosed(kubeconfig);
    assert!(code == Some(1) && words.iter().all(|word| said.contains(word)), "{code:?}: {said}");
    assert!(!said.contains("xtask"), "{said}");
}
