//! The execution of an installation, phase by phase.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tracing::debug;

use super::apply::{Patience, apply_with_retries, delete_with_retries};
use super::observe::Objects;
use super::{Bounds, Event, Installation, Observer, Repair, Report, Source, step};
use crate::manifest::WEBHOOK_SERVER;
use crate::plan::{Change, Phase, Plan};
use crate::ready::{Condition, Waiting};
use crate::workload::Workload;
use crate::{Cluster, Error};

/// One run.
struct Run<'a> {
    cluster: &'a Cluster,
    installation: &'a Installation,
    bounds: Bounds,
    observer: &'a dyn Observer,
    report: Mutex<Report>,
}

impl Cluster {
    /// Carries out an installation: plans, applies phase by phase, and returns when everything runs.
    ///
    /// It can be interrupted anywhere and started again.
    ///
    /// ```no_run
    /// # async fn deploy(cluster: metallb::Cluster, installation: metallb::Installation) -> Result<(), metallb::Error> {
    /// use metallb::{Bounds, Event};
    ///
    /// let observer = |event: &Event<'_>| {
    ///     if let Event::Waiting { name, missing } = event {
    ///         println!("{name}: {missing}");
    ///     }
    /// };
    /// let report = cluster.deploy(&installation, Bounds::default(), &observer).await?;
    /// println!("{} objects changed", report.changed);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`Cluster::plan`]; [`Error::Collides`] and [`Error::WebhookRefused`] at once; [`Error::PodStuck`], [`Error::Degraded`];
    /// [`Error::TimedOut`] with what is missing; [`Error::Stopped`] by the observer.
    pub async fn deploy(
        &self,
        installation: &Installation,
        bounds: Bounds,
        observer: &dyn Observer,
    ) -> Result<Report, Error> {
        self.deploy_phases(installation, &Phase::ALL, bounds, observer).await
    }

    /// [`Cluster::deploy`] for some phases only, so that other work can go on between them.
    ///
    /// # Errors
    /// As [`Cluster::deploy`].
    pub async fn deploy_phases(
        &self,
        installation: &Installation,
        phases: &[Phase],
        bounds: Bounds,
        observer: &dyn Observer,
    ) -> Result<Report, Error> {
        let wanted = installation.wanted()?;
        // Boxed, here and below: the caller's stack may be small.
        let steps = Box::pin(self.finish_deletions(&wanted, phases, bounds.install, observer)).await?;
        let (plan, objects) = Box::pin(self.planned(installation, &wanted)).await?;
        plan.refuse_collisions()?;
        let report = Mutex::new(Report { steps, ..Report::default() });
        let run = Run { cluster: self, installation, bounds, observer, report };
        // The phase that brings the speakers.
        let speakers = if installation.has_operator() { Phase::MetalLb } else { Phase::Install };
        let key = async {
            if phases.contains(&speakers)
                && let Err(error) = self.make_member_key(&installation.namespace).await
            {
                debug!(%error, "the speakers' key is left to the controller");
            }
            std::future::pending().await
        };
        tokio::select! {
            done = Box::pin(run.phases(phases, &plan, &objects)) => done?,
            () = key => {}
        }
        Ok(run.report.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Run<'_> {
    fn report(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn phases(&self, phases: &[Phase], plan: &Plan, objects: &Objects) -> Result<(), Error> {
        for phase in phases {
            self.phase(*phase, plan, objects).await?;
        }
        // The last waits come after all changes: pods start, sessions come up and addresses are given at the same time.
        let installation = self.installation;
        if phases.contains(&Phase::MetalLb) {
            let namespace = installation.namespace.as_str();
            self.wait("wait for MetalLB", namespace, &installation.conditions(), self.bounds.metallb).await?;
        }
        if phases.contains(&Phase::Workload) && !installation.workloads.is_empty() {
            self.workloads(&installation.workloads).await?;
        }
        Ok(())
    }

    /// Waits until every application has its addresses and endpoints.
    async fn workloads(&self, workloads: &[Workload]) -> Result<(), Error> {
        const NAME: &str = "wait for the service";
        let mut by_namespace: BTreeMap<&str, Vec<Condition>> = BTreeMap::new();
        for workload in workloads {
            let name = workload.name.to_string();
            let addresses = if workload.one_address { Condition::Address } else { Condition::Addresses };
            let conditions = [Condition::Deployment(name.clone()), addresses(name.clone()), Condition::Endpoints(name)];
            by_namespace.entry(workload.namespace.as_str()).or_default().extend(conditions);
        }
        let all = by_namespace
            .iter()
            .map(|(namespace, conditions)| self.until(NAME, namespace, conditions, self.bounds.workload));
        let all = async { futures::future::try_join_all(all).await.map(drop) };
        self.step(NAME, all).await
    }

    async fn phase(&self, phase: Phase, plan: &Plan, objects: &Objects) -> Result<(), Error> {
        if phase == Phase::Configuration {
            self.webhooks().await?;
        }
        let mut patience = Patience::within(self.bounds.webhooks);
        for step in plan.steps.iter().filter(|step| step.phase == phase) {
            let (cluster, observer) = (self.cluster, self.observer);
            let report = |missing: &str| observer.event(&Event::Waiting { name: &step.name, missing });
            let work = async {
                match (&step.change, objects.get(&step.object)) {
                    (Change::Delete, _) => delete_with_retries(cluster, &step.object, patience, &report).await,
                    (_, Some(wanted)) => apply_with_retries(cluster, wanted, patience, &report).await,
                    (_, None) => Ok(()),
                }
            };
            self.step(&step.name, work).await?;
            if step.change == Change::Delete {
                patience = patience.after_a_removal();
            }
            self.report().changed += 1;
        }
        let namespace = self.installation.namespace.as_str();
        match phase {
            Phase::Definitions => {
                self.wait("wait for definitions", namespace, &self.installation.gate(phase), self.bounds.definitions)
                    .await
            }
            Phase::Install => self.install(namespace).await,
            _ => Ok(()),
        }
    }

    /// Waits until the operator runs, and makes its webhooks validate for the backend in use.
    async fn install(&self, namespace: &str) -> Result<(), Error> {
        if self.installation.source == Source::OperatorInstalled {
            self.cluster.find_operator(namespace).await?;
        }
        let mut repairs = self.cluster.repair_never_pulled(namespace).await?;
        repairs.extend(self.cluster.repair_scaled_down(namespace).await?);
        repairs.extend(self.cluster.replace_backed_off(namespace).await?);
        self.repaired(repairs);
        if !self.installation.has_operator() {
            return self.runs("wait for the controller", namespace).await;
        }
        // A server that has once answered for the wrong backend is asked again by the API until its pod is forgotten.
        let runs = Notify::new();
        let operator = async {
            let ran = self.runs("wait for the operator", namespace).await;
            runs.notify_one();
            ran
        };
        let validates = self.step("set the webhooks' backend", async {
            let (cluster, backend) = (self.cluster, self.installation.backend);
            tokio::select! {
                there = cluster.webhook_server_is_there(namespace) => there?,
                // An operator that runs without one never gets one.
                () = runs.notified() => {}
            }
            cluster.validate_for(namespace, backend).await
        });
        let ((), before) = futures::try_join!(operator, validates)?;
        self.report().changed += usize::from(before.is_some());
        Ok(())
    }

    /// Waits until the workloads of the installation's source run.
    async fn runs(&self, name: &str, namespace: &str) -> Result<(), Error> {
        let gate = self.installation.gate(Phase::Install);
        match self.wait(name, namespace, &gate, self.bounds.install).await {
            // Seen only once the kubelet had looked for the image.
            Err(Error::PodStuck(trouble)) if trouble.is_pull_policy() => {
                let repairs = self.cluster.repair_never_pulled(namespace).await?;
                self.repaired(repairs);
                self.wait(name, namespace, &gate, self.bounds.install).await
            }
            other => other,
        }
    }

    /// The webhooks' rollout is waited for as late as possible: MetalLB's own pods start meanwhile.
    async fn webhooks(&self) -> Result<(), Error> {
        if !self.installation.has_operator() {
            return Ok(());
        }
        let (cluster, namespace) = (self.cluster, self.installation.namespace.as_str());
        if !cluster.has_webhook_server(namespace).await? {
            return Ok(());
        }
        let server = [Condition::Deployment(WEBHOOK_SERVER.to_owned())];
        self.wait("wait for the webhooks", namespace, &server, self.bounds.webhooks).await
    }

    fn repaired(&self, repairs: Vec<Repair>) {
        repairs.iter().for_each(|repair| self.observer.event(&Event::Repaired(repair)));
        self.report().repairs.extend(repairs);
    }

    async fn wait(&self, name: &str, namespace: &str, conditions: &[Condition], bound: Duration) -> Result<(), Error> {
        if conditions.is_empty() {
            return Ok(());
        }
        self.step(name, self.until(name, namespace, conditions, bound)).await
    }

    async fn until(&self, name: &str, namespace: &str, conditions: &[Condition], bound: Duration) -> Result<(), Error> {
        let (cluster, observer) = (self.cluster, self.observer);
        let report = |missing: &str| observer.event(&Event::Waiting { name, missing });
        Waiting { cluster, namespace, name, bound, report: &report }.until(conditions).await
    }

    /// Does one step, reported before and after.
    async fn step<T>(&self, name: &str, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let (done, report) = step(self.observer, name, work).await?;
        self.report().steps.push(report);
        Ok(done)
    }
}
