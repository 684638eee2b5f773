//! Crates that must not depend on an engine, a cluster or a terminal, not even by way of others or in their tests.

use super::super::cargo;
use super::Finding;
use bgplab::Failure;

/// The crates that are pure.
const PURE: [&str; 2] = ["labfile", "diagnosis"];

/// Crates that talk to an engine, a cluster or a terminal, or are there to wait for them.
const EFFECTS: [&str; 9] =
    ["bollard", "clap", "hyper", "indicatif", "kube", "kube-client", "settle", "tokio", "tracing-subscriber"];

/// Looks at the dependencies of every pure crate.
pub(super) async fn check() -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for name in PURE {
        let manifest = format!("crates/{name}/Cargo.toml");
        let complaints = complaints(name, &tree(name).await?);
        findings.extend(complaints.into_iter().map(|message| Finding::new(manifest.as_str().into(), 1, message)));
    }
    Ok(findings)
}

/// The packages that a crate and its tests are built of, a line each.
async fn tree(name: &str) -> Result<String, Failure> {
    let edges =
        ["tree", "--package", name, "--edges", "normal,dev", "--prefix", "none", "--format", "{p}", "--offline"];
    Ok(cargo(&edges).read().await?)
}

fn complaints(name: &str, tree: &str) -> Vec<String> {
    let packages: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let there = EFFECTS.iter().filter(|effect| packages.contains(effect));
    there
        .map(|effect| format!("{name} is pure, and has {effect} among its dependencies: cargo tree -i {effect}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_pure_crates_are_pure() {
        assert_eq!(check().await.unwrap(), []);
    }

    /// The crate that gathers the evidence is not pure: were it on the list, it would be named.
    #[tokio::test]
    async fn a_crate_with_effects_is_named() {
        let complaints = complaints("bgplab", &tree("bgplab").await.unwrap());
        for effect in ["bollard", "hyper", "kube", "tokio"] {
            assert!(complaints.iter().any(|said| said.contains(&format!("has {effect} among"))), "{complaints:?}");
        }
        assert!(!complaints.iter().any(|said| said.contains("has clap among")), "{complaints:?}");
    }

    #[test]
    fn a_name_is_the_whole_name() {
        assert_eq!(complaints("x", "tokio-macros v2.5.0\nhyperlink v1.0.0\n"), [""; 0]);
        assert_eq!(complaints("x", "x v0.1.0 (/x)\ntokio v1.52.0 (*)\n").len(), 1);
    }
}
