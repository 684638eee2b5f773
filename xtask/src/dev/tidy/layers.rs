//! The order of the crates: dependencies between them, by Cargo's own metadata.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::super::{cargo, workspace};
use super::Finding;
use bgplab::Failure;

/// The crates of the workspace that each of them may use.
const INSIDE: [(&str, &[&str]); 10] = [
    ("lab-settle", &[]),
    ("frrconf", &["lab-settle"]),
    ("netlab", &["lab-settle"]),
    ("metallb", &["lab-settle"]),
    ("bgptap", &["lab-settle"]),
    ("labfile", &["frrconf", "netlab", "metallb"]),
    ("diagnosis", &["frrconf", "netlab", "metallb", "labfile"]),
    ("bgplab", &["lab-settle", "bgptap", "frrconf", "netlab", "metallb", "labfile", "diagnosis"]),
    ("metallb-lab", &["lab-settle", "bgptap", "frrconf", "netlab", "metallb", "labfile", "diagnosis", "bgplab"]),
    ("xtask", &["lab-settle", "frrconf", "netlab", "metallb", "bgplab", "metallb-lab"]),
];

/// The crates that alone may use something, outside their tests.
const ALONE: [(&[&str], &[&str]); 7] = [
    (&["netlab"], &["bollard"]),
    (&["metallb"], &["kube", "k8s-openapi"]),
    (&["bgptap"], &["nix"]),
    (&["bgplab"], &["duct", "xshell"]),
    (&["labfile", "metallb-lab"], &["miette"]),
    (&["metallb-lab", "xtask"], &["clap"]),
    (&["metallb-lab"], &["clap_complete", "comfy-table", "indicatif", "tracing-subscriber"]),
];

/// A package of the workspace.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    name: String,
    manifest_path: Utf8PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// Kind of the dependency: `dev` or `build`; `None` if it is a normal one.
    kind: Option<String>,
}

impl Package {
    /// All packages of the workspace.
    pub(super) async fn all() -> Result<Vec<Self>, Failure> {
        #[derive(Deserialize)]
        struct Metadata {
            packages: Vec<Package>,
        }
        let json = cargo(&["metadata", "--no-deps", "--format-version", "1", "--offline"]).read().await?;
        let metadata: Metadata = serde_json::from_str(&json)
            .map_err(|error| Failure::step("cannot read what cargo metadata says").cause(&error))?;
        Ok(metadata.packages)
    }
}

pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    let folder = workspace();
    let mut findings = Vec::new();
    for package in packages {
        let manifest = package.manifest_path.strip_prefix(&folder).unwrap_or(&package.manifest_path);
        let complaints = complaints(package, packages);
        findings.extend(complaints.into_iter().map(|message| Finding::new(manifest, 1, message)));
        findings.extend(lints(manifest, &package.manifest_path));
    }
    findings
}

fn complaints(package: &Package, all: &[Package]) -> Vec<String> {
    let Some((_, inside)) = INSIDE.iter().find(|(name, _)| *name == package.name) else {
        return vec![format!("{}: a new crate; say in `tidy/layers.rs` what it may use", package.name)];
    };
    let mut complaints = Vec::new();
    for Dependency { name, kind } in &package.dependencies {
        let of_ours = all.iter().any(|package| package.name == *name);
        // A crate may name itself, to switch a feature on for its own tests.
        if of_ours && *name != package.name && !inside.contains(&name.as_str()) {
            complaints.push(format!("{} depends on {name}, and may only on {inside:?} of the workspace", package.name));
        }
        let owners = ALONE.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(owners, _)| *owners);
        let is_foreign = |owners: &&[&str]| kind.as_deref() != Some("dev") && !owners.contains(&package.name.as_str());
        if let Some(owners) = owners.filter(is_foreign) {
            complaints.push(format!("{} depends on {name}, which only {} may use", package.name, owners.join(", ")));
        }
    }
    complaints
}

/// A crate without this line escapes every lint.
fn lints(manifest: &Utf8Path, path: &Utf8Path) -> Option<Finding> {
    let text = fs_err::read_to_string(path).unwrap_or_default();
    (!text.contains("[lints]\nworkspace = true"))
        .then(|| Finding::new(manifest, 1, "`[lints] workspace = true` is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
        let dependency =
            |(name, kind): &(&str, Option<&str>)| Dependency { name: (*name).into(), kind: kind.map(Into::into) };
        Package {
            name: name.into(),
            manifest_path: format!("{name}/Cargo.toml").into(),
            dependencies: dependencies.iter().map(dependency).collect(),
        }
    }

    #[tokio::test]
    async fn the_workspace_keeps_its_layers() {
        let packages = Package::all().await.unwrap();
        assert_eq!(packages.len(), INSIDE.len());
        assert_eq!(check(&packages), []);
    }

    #[test]
    fn what_breaks_the_layers_is_named() {
        let all = [
            package("netlab", &[("lab-settle", None), ("bollard", None), ("netlab", Some("dev"))]),
            package("frrconf", &[("netlab", Some("dev")), ("bollard", None), ("kube", Some("dev"))]),
        ];
        assert_eq!(complaints(&all[0], &all), [""; 0]);
        assert_eq!(
            complaints(&all[1], &all),
            [
                "frrconf depends on netlab, and may only on [\"lab-settle\"] of the workspace",
                "frrconf depends on bollard, which only netlab may use",
            ]
        );
        assert_eq!(complaints(&package("new", &[]), &all).len(), 1);
    }
}
