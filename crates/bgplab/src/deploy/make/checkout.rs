//! Looking at a checkout, before anything is run in it.

use camino::{Utf8Path, Utf8PathBuf};
use metallb::Manifest;
use sha2::{Digest, Sha256};
use tracing::debug;

use super::database::Database;
use crate::failure::Failure;
use crate::process::Cmd;

/// Folders of kustomizations, the one that is preferred first: that of the documented procedure, with
/// `imagePullPolicy: Never` and FRR, which checkouts before March 2024 have, and the one that all have.
pub(super) const KUSTOMIZE_DIRS: [&str; 2] = ["config/frr-on-ci/", "config/default/"];

/// A checkout of the MetalLB Operator.
#[derive(Debug)]
pub struct Checkout {
    /// The folder of the checkout, from the root.
    pub(super) folder: Utf8PathBuf,
    /// KUSTOMIZE_DEPLOY_DIR, as it is given to make.
    pub(super) kustomize_dir: Utf8PathBuf,
    pub(super) rules: Database,
    /// The objects that it would apply, where they can be known: for the images in them.
    pub manifest: Option<Manifest>,
}

impl Checkout {
    /// Looks at the checkout in `folder`.
    ///
    /// # Errors
    /// Wrong use where it is no checkout of the operator, or lacks the folder that is to be deployed; a machine failure
    /// where make is not installed.
    pub async fn look(folder: &Utf8Path, kustomize_dir: Option<&Utf8Path>) -> Result<Self, Failure> {
        let given = folder;
        let folder = folder.canonicalize_utf8().map_err(|error| no_checkout(given, error.to_string()))?;
        if !folder.join("Makefile").is_file() {
            return Err(no_checkout(given, "it has no Makefile"));
        }
        let kustomize_dir = kustomize_dir.unwrap_or_else(|| usual(&folder));
        if !folder.join(kustomize_dir).is_dir() {
            return Err(Failure::wrong_use(format!("the operator's checkout has no {kustomize_dir}"))
                .because(format!("there are: {}", folders(&folder.join("config")).join(", ")))
                .place(folder.as_str())
                .next("name one as `kustomize-dir` in [metallb.install] of the lab file"));
        }
        let make =
            Cmd::new("make").args(["-np", "deploy"]).cwd(&folder).env("KUSTOMIZE_DEPLOY_DIR", kustomize_dir.as_str());
        let output = clean(make).read().await.map_err(|error| match error {
            crate::process::Error::Failed { tail, .. } => no_checkout(given, tail),
            other => other.into(),
        })?;
        Self::read(folder, kustomize_dir, &output).await.map_err(|why| no_checkout(given, why))
    }

    /// A checkout by what `make -np` prints of it; why it is none.
    async fn read(folder: Utf8PathBuf, kustomize_dir: &Utf8Path, printed: &str) -> Result<Self, &'static str> {
        let rules = Database::parse(printed);
        if !rules.has("deploy") {
            return Err("its Makefile has no target deploy");
        }
        let manifest = applied(&folder.join(kustomize_dir)).await;
        Ok(Self { folder, kustomize_dir: kustomize_dir.to_owned(), rules, manifest })
    }

    /// Returns a digest of everything in the checkout that decides what is deployed: the Makefile and every file under
    /// `config`.
    ///
    /// # Errors
    /// Wrong use where a file cannot be read.
    pub(super) fn fingerprint(&self) -> Result<String, Failure> {
        let cannot = |error: std::io::Error| Failure::wrong_use("cannot read the operator's checkout").cause(&error);
        let mut digest = Sha256::new().chain_update(self.kustomize_dir.as_str());
        let mut files = vec![self.folder.join("Makefile")];
        collect(&self.folder.join("config"), &mut files).map_err(cannot)?;
        files.sort_unstable();
        for file in files {
            digest.update(file.strip_prefix(&self.folder).unwrap_or(&file).as_str());
            digest.update(fs_err::read(&file).map_err(cannot)?);
        }
        Ok(digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }

    /// `true` if we may write into it.
    pub(super) fn is_writable(&self) -> bool {
        let config = self.folder.join("config");
        rustix::fs::access(config.as_str(), rustix::fs::Access::WRITE_OK).is_ok()
    }
}

/// Returns the folder that is deployed where the lab file names none.
fn usual(folder: &Utf8Path) -> &'static Utf8Path {
    let usual = KUSTOMIZE_DIRS.map(Utf8Path::new);
    usual.into_iter().find(|dir| folder.join(dir).is_dir()).unwrap_or(usual[0])
}

fn no_checkout(folder: &Utf8Path, why: impl Into<String>) -> Failure {
    Failure::wrong_use(format!("{folder} is no checkout of the MetalLB Operator"))
        .because(why)
        .next("git clone https://github.com/metallb/metallb-operator, and --operator-dir DIR")
}

/// A command without what would lead make, or what it starts, to another Makefile or cluster.
pub(super) fn clean(cmd: Cmd) -> Cmd {
    ["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEFILES", "KUBECTL", "KUBECTL_CONTEXT", "KUBECONFIG"]
        .into_iter()
        .fold(cmd, Cmd::env_remove)
}

/// Returns what deploying a folder would apply: as kustomize builds it, or where it is no kustomization, the manifests
/// in it.
async fn applied(folder: &Utf8Path) -> Option<Manifest> {
    let kustomization = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let text = if kustomization.iter().any(|name| folder.join(name).is_file()) {
        Cmd::new("kubectl").args(["kustomize", folder.as_str()]).read().await.ok()
    } else {
        let mut files = Vec::new();
        collect(folder, &mut files).ok()?;
        files.retain(|file| matches!(file.extension(), Some("yaml" | "yml")));
        files.sort_unstable();
        files.iter().map(|file| Some(format!("{}\n---\n", fs_err::read_to_string(file).ok()?))).collect()
    };
    let manifest = Manifest::parse(&text?);
    manifest.inspect_err(|error| debug!(%error, %folder, "its images are not known beforehand")).ok()
}

/// All files below a folder.
fn collect(folder: &Utf8Path, files: &mut Vec<Utf8PathBuf>) -> std::io::Result<()> {
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => collect(entry.path(), files)?,
            kind if kind.is_file() => files.push(entry.into_path()),
            _ => {}
        }
    }
    Ok(())
}

/// The names of the folders in a folder.
fn folders(folder: &Utf8Path) -> Vec<String> {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter(|entry| entry.path().is_dir()).map(|entry| format!("config/{}", entry.file_name())).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkout(makefile: &str) -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        fs_err::write(path.join("Makefile"), makefile).unwrap();
        fs_err::create_dir_all(path.join("config/default")).unwrap();
        let deployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: m, namespace: n}, spec: {template: \
                          {spec: {containers: [{image: 'a/b:1'}]}}}}";
        fs_err::write(path.join("config/default/operator.yaml"), deployment).unwrap();
        (folder, path)
    }

    /// Looks at a checkout. Where make is not installed, that has to be said; its Makefile, which these are simple
    /// enough for, then stands for what make would print.
    async fn looked(path: &Utf8Path) -> Result<Checkout, Failure> {
        let seen = Checkout::look(path, None).await;
        if which::which("make").is_ok() {
            return seen;
        }
        let failure = seen.unwrap_err().to_json();
        let said = (failure["code"].as_u64(), failure["message"].as_str());
        assert_eq!(said, (Some(3), Some("make is not installed")), "{failure}");
        let printed = format!("# Files\n{}", fs_err::read_to_string(path.join("Makefile")).unwrap());
        let read = Checkout::read(path.to_owned(), "config/default".into(), &printed).await;
        read.map_err(|why| no_checkout(path, why))
    }

    async fn refused(path: &Utf8Path, kustomize_dir: &str) -> serde_json::Value {
        Checkout::look(path, Some(kustomize_dir.into())).await.unwrap_err().to_json()
    }

    #[tokio::test]
    async fn a_checkout_is_looked_at_without_running_it() {
        let (_folder, path) =
            checkout("deploy: manifests\n\ttouch ran\nmanifests:\n\ttouch ran\n.PHONY: deploy manifests\n");
        let seen = looked(&path).await.unwrap();
        assert!(seen.rules.leads_to("deploy", "manifests") && !path.join("ran").exists());
        assert_eq!(Vec::from_iter(seen.manifest.as_ref().unwrap().images()), ["a/b:1"]);
        let before = seen.fingerprint().unwrap();
        fs_err::write(path.join("config/default/more.yaml"), "").unwrap();
        assert_ne!(seen.fingerprint().unwrap(), before);
    }

    #[test]
    fn the_documented_folder_is_preferred() {
        let (_folder, path) = checkout("deploy:\n");
        assert_eq!(usual(&path), "config/default/");
        fs_err::create_dir_all(path.join("config/frr-on-ci")).unwrap();
        assert_eq!(usual(&path), "config/frr-on-ci/");
    }

    #[tokio::test]
    async fn what_is_no_checkout_is_named() {
        let (_folder, path) = checkout("all:\n\ttrue\n");
        let failure = looked(&path).await.unwrap_err().to_json();
        assert!(failure["causes"][0].as_str().unwrap().contains("deploy"), "{failure}");
        let failure = refused(&path, "config/frr-on-ci/").await;
        assert_eq!(
            (failure["code"].as_u64(), failure["causes"][0].as_str()),
            (Some(2), Some("there are: config/default"))
        );
        assert_eq!(refused(&path.join("nowhere"), "config/default").await["code"], 2);
    }
}
