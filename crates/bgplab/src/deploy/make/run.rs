//! Runs the checkout's Makefile against our cluster and no other.

use std::io::Write;
use std::time::Duration;

use metallb::{Cluster, InNamespace};

use super::Checkout;
use super::checkout::{KUSTOMIZE_DIRS, clean};
use crate::failure::Failure;
use crate::process::{Cmd, Stream};
use crate::progress::Progress;
use labfile::{Lab, Provider};

/// Building the operator may fetch a Go toolchain and hundreds of modules.
const BOUND: Duration = Duration::from_secs(20 * 60);

/// cert-manager's namespace and API group.
pub const CERT_MANAGER: (&str, &str) = ("cert-manager", "cert-manager.io");

const CERTIFICATES: &str = "deploy-cert-manager";
const DEPLOY: &str = "deploy";

/// Runs make in a checkout.
#[derive(Debug)]
pub(crate) struct Make<'a> {
    pub checkout: &'a Checkout,
    pub lab: &'a Lab,
    pub progress: &'a Progress,
    /// A kubeconfig with our cluster in it and no other.
    pub kubeconfig: &'a str,
}

impl Make<'_> {
    /// `true` if the operator that is there is the one that this checkout would bring, with all that came with it.
    ///
    /// # Errors
    /// An error of the API; wrong use where the checkout cannot be read.
    pub(crate) async fn is_done(&self, cluster: &Cluster, namespace: &str) -> Result<bool, Failure> {
        let mark = cluster.operator_mark(namespace).await?;
        Ok(mark.is_some() && mark == Some(self.mark(cluster).await?))
    }

    /// Deploys cert-manager, where the checkout still has it; fails as [`Make::deploy`] does.
    pub(crate) async fn certificates(
        &self,
        cluster: &Cluster,
        lab: &metallb::value::Name,
        after: &[String],
    ) -> Result<(), Failure> {
        self.warnings()?.iter().for_each(|line| self.progress.say(line));
        if !self.checkout.rules.has(CERTIFICATES) {
            return Ok(());
        }
        // Objects made in a namespace of ours are removed with it.
        cluster.claim_namespace(CERT_MANAGER.0, lab).await?;
        self.run(CERTIFICATES, after).await
    }

    /// Deploys the operator.
    ///
    /// # Errors
    /// Wrong use where make would have to write into a read-only checkout; make's failure, with the end of its output.
    pub(crate) async fn deploy(&self, cluster: &Cluster, namespace: &str, after: &[String]) -> Result<(), Failure> {
        self.run(DEPLOY, after).await?;
        if let Some(manifest) = self.checkout.manifest.as_ref().filter(|_| self.lab.metallb.images.is_some()) {
            cluster.set_operand_images(namespace, &manifest.operand_images()).await?;
        }
        // Only now: make itself may have changed the checkout.
        Ok(cluster.mark_operator(InNamespace(namespace), &self.mark(cluster).await?).await?)
    }

    /// Returns what would be run, as lines.
    ///
    /// # Errors
    /// As [`Make::deploy`].
    pub(crate) async fn planned(&self, cluster: &Cluster, namespace: &str) -> Result<Vec<String>, Failure> {
        if self.is_done(cluster, namespace).await? {
            return Ok(Vec::new());
        }
        let mut lines = self.warnings()?;
        let targets = [CERTIFICATES, DEPLOY].into_iter().filter(|target| self.checkout.rules.has(target));
        lines.extend(targets.map(|target| format!("+ {}", self.command(target))));
        Ok(lines)
    }

    /// Runs one target.
    async fn run(&self, target: &str, after: &[String]) -> Result<(), Failure> {
        let name = format!("make-{target}");
        let kubeconfig = self.write_kubeconfig()?;
        let mut step = self.progress.step(&name);
        after.iter().for_each(|after| step.after(after));
        let cmd = self.command(target).env("KUBECONFIG", kubeconfig.path().to_string_lossy());
        self.progress.say(&cmd.to_string());
        let progress = self.progress.clone();
        let stream = Stream::new(cmd).log(format!("logs/{name}.log"));
        if let Err(error) = step.follow(stream, move |line| progress.pass(line)).await {
            step.failed(error.to_string());
            return Err(Failure::from(error).place(format!("logs/{name}.log")));
        }
        step.done("done");
        Ok(())
    }

    /// As documented; without the targets that would make a cluster of their own, or fill another one.
    fn command(&self, target: &str) -> Cmd {
        let mut cmd = clean(Cmd::new("make"))
            .cwd(&self.checkout.folder)
            .env("KUSTOMIZE_DEPLOY_DIR", self.checkout.kustomize_dir.as_str())
            .env("ENABLE_OPERATOR_WEBHOOK", "true")
            // kind takes this where it is not given a name.
            .env("KIND_CLUSTER_NAME", self.lab.cluster.name.as_str())
            .within(BOUND)
            .remedy("`apt-get install make`, or another method in [metallb.install] of the lab file");
        for skipped in self.skipped(target) {
            cmd = cmd.args(["-o", skipped]);
        }
        if self.is_loading(target) && which::which("kind").is_ok() {
            // The Makefile's own kind is fetched by a target that is skipped.
            cmd = cmd.arg("KIND=kind");
        }
        cmd.arg(target)
    }

    /// Targets that are taken as made.
    fn skipped(&self, target: &str) -> Vec<&'static str> {
        let kind = self.lab.cluster.provider == Provider::Kind;
        let leads_to = |other: &&str| self.checkout.rules.leads_to(target, other);
        let others: &[&'static str] = if kind { &["kind-cluster"] } else { &["kind-cluster", "load-on-kind"] };
        others.iter().copied().filter(leads_to).collect()
    }

    fn is_loading(&self, target: &str) -> bool {
        self.checkout.rules.leads_to(target, "load-on-kind") && !self.skipped(target).contains(&"load-on-kind")
    }

    /// Warns of what make will do to the checkout and to Docker, beside deploying.
    fn warnings(&self) -> Result<Vec<String>, Failure> {
        let folder = &self.checkout.folder;
        let mut lines = Vec::new();
        if self.checkout.kustomize_dir != KUSTOMIZE_DIRS[0] {
            lines.push(format!("make deploy will apply {} of {folder}", self.checkout.kustomize_dir));
        }
        if self.checkout.rules.leads_to("deploy", "manifests") || self.checkout.rules.leads_to("deploy", "kustomize") {
            if !self.checkout.is_writable() {
                return Err(Failure::wrong_use("make deploy writes into the operator's checkout, which is read-only")
                    .because("its targets `manifests` and `kustomize edit` change files under config/")
                    .place(folder.as_str())
                    .next("make a copy that you may write to, and name that: --operator-dir DIR"));
            }
            lines.push(format!("make deploy will change files of {folder}: it generates manifests and sets images (git diff shows them)"));
        }
        for skipped in self.skipped("deploy") {
            lines.push(format!("make deploy goes without its target {skipped}: the cluster is ours"));
        }
        if self.is_loading("deploy") {
            lines.push(format!(
                "make deploy will build the operator's image with Docker and load it into cluster {}",
                self.lab.cluster.name
            ));
        }
        Ok(lines)
    }

    /// Returns the mark of an operator that this checkout brought as it is now. It names the manifest's objects that
    /// are not there right after make: make does not bring them, and only what is missing later calls for another run.
    async fn mark(&self, cluster: &Cluster) -> Result<String, Failure> {
        let fingerprint = self.checkout.fingerprint()?;
        // With other images it is another one: make names the checkout's own again.
        let tag = self.lab.metallb.images.as_ref().map(|tag| format!(" with images {tag}"));
        let fingerprint = fingerprint + tag.as_deref().unwrap_or_default();
        let Some(manifest) = &self.checkout.manifest else { return Ok(fingerprint) };
        let missing: Vec<String> = cluster.missing(manifest).await?.iter().map(ToString::to_string).collect();
        Ok(if missing.is_empty() { fingerprint } else { format!("{fingerprint} without {}", missing.join(", ")) })
    }

    fn write_kubeconfig(&self) -> Result<tempfile::NamedTempFile, Failure> {
        let cannot = |error: &std::io::Error| Failure::machine("cannot write a kubeconfig for make").cause(error);
        // Only its owner may read it: it holds a key.
        let mut file = tempfile::Builder::new().prefix("kubeconfig-").tempfile().map_err(|e| cannot(&e))?;
        file.write_all(self.kubeconfig.as_bytes()).map_err(|e| cannot(&e))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::super::database::Database;
    use super::*;
    use labfile::{Overrides, ProviderName};

    const TODAY: &str =
        "# Files\ndeploy: manifests kustomize kind-cluster load-on-kind\nload-on-kind: docker-build kind-cluster\n";
    const IN_2022: &str = "# Files\ndeploy:\n";

    fn seen(rules: &str, provider: ProviderName, test: impl FnOnce(&Make<'_>)) {
        let lab = Lab::documented(&Overrides { provider: Some(provider), ..Overrides::default() }).unwrap();
        let checkout = Checkout {
            folder: std::env::temp_dir().try_into().unwrap(),
            kustomize_dir: "config/frr-on-ci/".into(),
            rules: Database::parse(rules),
            manifest: None,
        };
        let progress = Progress::silent();
        test(&Make { checkout: &checkout, lab: &lab, progress: &progress, kubeconfig: "" });
    }

    #[test]
    fn no_cluster_is_made_beside_ours() {
        seen(TODAY, ProviderName::Kind, |make| {
            let command = make.command("deploy").to_string();
            assert!(command.contains("-o kind-cluster ") && !command.contains("-o load-on-kind"), "{command}");
            assert!(command.contains("KIND_CLUSTER_NAME=kind "), "{command}");
        });
        let skipped = ["kind-cluster", "load-on-kind"];
        seen(TODAY, ProviderName::Existing, |make| assert_eq!(make.skipped("deploy"), skipped));
    }

    #[test]
    fn the_documented_makefile_is_run_as_documented() {
        seen(IN_2022, ProviderName::Kind, |make| {
            let command = make.command("deploy").to_string();
            assert!(command.ends_with(" make deploy"), "{command}");
            let documented = "KUSTOMIZE_DEPLOY_DIR=config/frr-on-ci/ ENABLE_OPERATOR_WEBHOOK=true";
            assert!(command.contains(documented), "{command}");
            assert_eq!(make.warnings().unwrap(), [""; 0]);
        });
    }

    #[test]
    fn another_cluster_is_out_of_reach() {
        seen(IN_2022, ProviderName::Kind, |make| {
            let command = make.command("deploy").to_string();
            assert!(command.contains("-u KUBECONFIG") && command.contains("-u KUBECTL"), "{command}");
        });
    }
}
