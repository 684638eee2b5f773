//! Applies MetalLB's objects to the cluster, in phases that overlap where they do not need each other.

use std::time::Duration;

use metallb::plan::Phase;
use metallb::{Bounds, Cluster, NamespacedName, Report};
use settle::{Unsettled, Verdict, Wait};

use super::images::{Imported, Wave, import_step, in_use, into_nodes};
use super::make::{Checkout, Make};
use super::observer::MetalLbObserver;
use super::{Deploy, Deployed, How, Target};
use crate::bringup::stages::{API, Gate};
use crate::failure::Failure;

/// The names of the steps that may be the last ones.
pub(super) const LAST: [&str; 4] =
    ["wait for MetalLB", "wait for the service", "wait for the controller", "nodes ready"];

/// From the operator on, everything is waited for at the same time: the last has to wait for all others.
const BOUND: Duration = Duration::from_secs(600);

/// Time between two looks at the controller's words about the application, and the looks in a row after which they count:
/// it gives addresses a second after its configuration has changed.
const LOOK: Duration = Duration::from_secs(1);
const LOOKS: u32 = 12;

/// Time between two looks for pods that miss images, while a deployment is replaced by another.
const FOLLOW: Duration = Duration::from_secs(5);

/// The number of times that phases are begun while pods miss images: pods back off one after the other.
const TRIES: u32 = 5;

impl Deploy<'_> {
    /// Installs MetalLB, configures it and brings the application.
    pub(super) async fn apply(&self, target: &Target, imported: &Imported) -> Result<Deployed, Failure> {
        let installed = Gate::default();
        let install = async {
            let observer = MetalLbObserver::after(&self.ctx.progress, [API.to_owned()]);
            let mut reports = vec![self.phases(target, &[Phase::Removal, Phase::Namespaces], &observer).await?];
            let made = match &self.how {
                How::Make(checkout) => self.make(checkout, target, imported, &observer).await?,
                How::Manifest(_) | How::Direct(_) => {
                    reports.push(self.phases(target, &[Phase::Definitions], &observer).await?);
                    imported.passed(Wave::Install).await;
                    observer.come_after(import_step(Wave::Install));
                    false
                }
            };
            reports.extend(self.configure(target, imported, observer).await?);
            installed.open(());
            Ok::<_, Failure>((made, reports))
        };
        let workload = async {
            imported.passed(Wave::Workload).await;
            let observer = MetalLbObserver::after(&self.ctx.progress, [API.to_owned(), import_step(Wave::Workload)]);
            self.phases(target, &[Phase::Workload], &observer).await
        };
        let hopeless = async {
            installed.passed().await;
            self.no_address(&target.cluster).await
        };
        let ((made, mut reports), workload) = tokio::select! {
            done = async { futures::try_join!(install, workload) } => done?,
            failure = hopeless => return Err(failure),
        };
        reports.push(workload);
        let repairs = reports.iter().flat_map(|report| &report.repairs).map(ToString::to_string).collect();
        let changed = reports.iter().map(|report| report.changed).sum::<usize>() + usize::from(made);
        Ok(Deployed { changed, repairs, ..Deployed::default() })
    }

    /// Waits until MetalLB, as it is configured now, keeps saying that it has no address for one of the applications.
    async fn no_address(&self, cluster: &Cluster) -> Failure {
        let all = self.installation.workloads.iter().map(|workload| {
            let service = NamespacedName { namespace: workload.namespace.as_str(), name: workload.name.as_str() };
            Box::pin(self.no_address_of(cluster, service))
        });
        let all: Vec<_> = all.collect();
        if all.is_empty() {
            return std::future::pending().await;
        }
        futures::future::select_all(all).await.0
    }

    async fn no_address_of(&self, cluster: &Cluster, service: NamespacedName<'_>) -> Failure {
        let wait = Wait::new("the controller's words", BOUND).every(LOOK).stable(LOOKS);
        let words = wait.poll(async || match cluster.allocation_failure(service).await {
            Ok(Some(words)) => Verdict::Ready(words),
            Ok(None) => Verdict::NotYet("none".to_owned()),
            // An API that does not answer is the others' to name.
            Err(error) => Verdict::<_, Failure>::NotYet(error.to_string()),
        });
        match words.await {
            Ok(words) => Failure::timed_out(format!("service {service} gets no address"))
                .because(words)
                .next("⌘ diagnose says who holds it"),
            Err(_) => std::future::pending().await,
        }
    }

    /// The operator by its checkout's Makefile. Whether make ran.
    async fn make(
        &self,
        checkout: &Checkout,
        target: &Target,
        imported: &Imported,
        observer: &MetalLbObserver<'_>,
    ) -> Result<bool, Failure> {
        let kubeconfig = target.kubeconfig(self.lab).await?;
        let make = Make { checkout, lab: self.lab, progress: &self.ctx.progress, kubeconfig: &kubeconfig };
        let (cluster, namespace) = (&target.cluster, &*self.installation.namespace);
        let is_done = make.is_done(cluster, namespace).await?;
        if !is_done {
            make.certificates(cluster, &self.installation.lab, &observer.last()).await?;
        }
        imported.passed(Wave::Install).await;
        observer.come_after(import_step(Wave::Install));
        if !is_done {
            make.deploy(cluster, namespace, &observer.last()).await?;
            observer.come_after("make-deploy".to_owned());
        }
        Ok(!is_done)
    }

    /// MetalLB's resource, as soon as the nodes have its images; and its configuration, as soon as the webhooks answer.
    async fn configure(
        &self,
        target: &Target,
        imported: &Imported,
        observer: MetalLbObserver<'_>,
    ) -> Result<[Report; 2], Failure> {
        let after = observer.last();
        let metallb = async {
            imported.passed(Wave::Metallb).await;
            let observer =
                MetalLbObserver::after(&self.ctx.progress, after.into_iter().chain([import_step(Wave::Metallb)]));
            self.phases(target, &[Phase::MetalLb], &observer).await
        };
        let configuration = self.phases(target, &[Phase::Install, Phase::Configuration], &observer);
        Ok(futures::try_join!(metallb, configuration)?.into())
    }

    /// Carries out phases. An operator may deploy images that nobody named beforehand: these follow once a pod misses one.
    async fn phases(
        &self,
        target: &Target,
        phases: &[Phase],
        observer: &MetalLbObserver<'_>,
    ) -> Result<Report, Failure> {
        let bounds = Bounds { metallb: BOUND, workload: BOUND, webhooks: BOUND / 2, ..Bounds::default() };
        let mut tries = TRIES;
        loop {
            tries -= 1;
            match target.cluster.deploy_phases(&self.installation, phases, bounds, observer).await {
                Err(metallb::Error::PodStuck(trouble))
                    if trouble.is_image() && tries > 0 && self.bring_images_in_use(target).await? => {}
                result => return Ok(result?),
            }
        }
    }

    /// Brings the images that new pods lack, for as long as it is polled.
    ///
    /// # Errors
    /// An image that is nowhere.
    pub(super) async fn images_follow(&self, target: &Target) -> Result<std::convert::Infallible, Failure> {
        let wait = Wait::new("images of new pods", BOUND).every(FOLLOW);
        let followed = wait.poll(async || match self.missed_images(target).await {
            Ok(()) => Verdict::<(), _>::NotYet(String::new()),
            Err(failure) => Verdict::Failed(failure),
        });
        match followed.await {
            Err(Unsettled::Failed { error, .. }) => Err(error),
            _ => std::future::pending().await,
        }
    }

    async fn missed_images(&self, target: &Target) -> Result<(), Failure> {
        let Ok(troubles) = target.cluster.pod_troubles(&self.installation.namespace).await else { return Ok(()) };
        if troubles.iter().any(|trouble| trouble.is_image()) {
            self.bring_images_in_use(target).await?;
        }
        Ok(())
    }

    /// Brings the images that the cluster's own objects name into the nodes that lack them, and has the pods start;
    /// `false` if none was ever lacking.
    async fn bring_images_in_use(&self, target: &Target) -> Result<bool, Failure> {
        let Some(docker) = self.docker else { return Ok(false) };
        let mut brought = self.in_use.lock().await;
        let namespace = &*self.installation.namespace;
        let images = target.cluster.images_in_use(namespace).await?;
        let nodes = super::nodes(self.lab, self.docker).await?;
        let imports = into_nodes(docker, &self.ctx.progress, in_use(images), &nodes).await?;
        *brought |= imports > 0;
        if *brought {
            target.cluster.restart_backed_off(namespace).await?;
        }
        Ok(*brought)
    }

    /// Returns what would be changed through the API, as the lines of a diff.
    ///
    /// # Errors
    /// An error of the API.
    pub async fn dry_run(&self) -> Result<Vec<String>, Failure> {
        let target = Target::now(self.ctx, self.lab, self.docker).await?;
        super::frr_there::refuse(&target.cluster).await?;
        let mut lines = Vec::new();
        if let How::Make(checkout) = &self.how {
            let make = Make { checkout, lab: self.lab, progress: &self.ctx.progress, kubeconfig: "" };
            lines.extend(make.planned(&target.cluster, &self.installation.namespace).await?);
        }
        let plan = target.cluster.plan(&self.installation).await?;
        plan.refuse_collisions()?;
        lines.extend(plan.steps.iter().map(ToString::to_string));
        Ok(lines)
    }
}
