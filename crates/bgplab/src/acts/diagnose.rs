//! Diagnosing a lab, also where a wait for it ended badly.

use std::time::Duration;

use settle::{Verdict, Wait};

use crate::bringup::existing;
use crate::bringup::running::Running;
use crate::context::Context;
use crate::diagnose::{Diagnosis, gather, gather_from_cluster};
use crate::failure::{Failure, Kind};
use crate::scene::Scene;
use labfile::{Lab, Overrides, ProviderName};

/// Time between two looks: BFD that a burst of load took down is up again within a second, and BGP soon after.
const BETWEEN: Duration = Duration::from_secs(2);

/// Bound on two looks. A look has bounds of its own.
const TWO_LOOKS: Duration = Duration::from_secs(120);

/// Bound on a diagnosis that nobody asked for.
const BOUND: Duration = Duration::from_secs(20);

/// Looks at everything, and names the causes of what is wrong. Nothing is changed; the lab may be made by anything.
///
/// # Errors
/// If the engine, or an existing cluster's API, does not answer.
pub async fn diagnose(ctx: &Context) -> Result<Diagnosis, Failure> {
    Ok(look(ctx).await?.1)
}

/// Returns a lab as it stands, and its diagnosis. Where that infers a cause, the lab is looked at once more: what was on its
/// way to pass, as after a burst of load, has no cause.
pub(crate) async fn look(ctx: &Context) -> Result<(Scene, Diagnosis), Failure> {
    let running = Running::find(ctx).await?;
    let mut first: Option<Diagnosis> = None;
    let look = async |first: &mut Option<Diagnosis>| {
        let scene = Scene::set(ctx, running.clone()).await?;
        let evidence = gather(&scene).await?;
        let diagnosis = match first.take() {
            Some(first) => return Ok(Verdict::Ready((scene, first.again(&evidence)))),
            None => Diagnosis::of(&evidence),
        };
        if !diagnosis.infers() {
            return Ok(Verdict::Ready((scene, diagnosis)));
        }
        *first = Some(diagnosis);
        Ok::<_, Failure>(Verdict::NotYet("a cause is inferred that a second look has to confirm".to_owned()))
    };
    let wait = Wait::new("two looks at the lab", TWO_LOOKS).every(BETWEEN).steady();
    Ok(wait.poll(async || look(&mut first).await.unwrap_or_else(Verdict::Failed)).await?)
}

/// Looks at a cluster with MetalLB that no lab file describes, and at those of its peers that are containers of the engine
/// here. What should be is read from MetalLB's resources; what cannot be looked at is said. Nothing is changed.
///
/// # Errors
/// Wrong use where a lab file is named, the cluster is not, or it has no MetalLB; an error of the API.
pub async fn diagnose_cluster(ctx: &Context) -> Result<Diagnosis, Failure> {
    if let Some(file) = &ctx.source.file {
        return Err(Failure::wrong_use("a cluster is diagnosed without a lab file")
            .place(file.as_str())
            .next("leave --lab out, or --from-cluster"));
    }
    let overrides = Overrides {
        provider: Some(ProviderName::Existing),
        kubeconfig: ctx.source.overrides.kubeconfig.clone(),
        context: ctx.source.overrides.context.clone(),
        ..Overrides::default()
    };
    let named = Lab::documented(&overrides)?;
    let mut first: Option<Diagnosis> = None;
    let look = async |first: &mut Option<Diagnosis>| {
        let (evidence, unseen) = gather_from_cluster(existing::cluster(&named).await?).await?;
        let diagnosis = match first.take() {
            Some(first) => return Ok(Verdict::Ready(first.again(&evidence).with_unseen(unseen))),
            None => Diagnosis::of(&evidence),
        };
        if !diagnosis.infers() {
            return Ok(Verdict::Ready(diagnosis.with_unseen(unseen)));
        }
        *first = Some(diagnosis);
        Ok::<_, Failure>(Verdict::NotYet("a cause is inferred that a second look has to confirm".to_owned()))
    };
    let wait = Wait::new("two looks at the cluster", TWO_LOOKS).every(BETWEEN).steady();
    Ok(wait.poll(async || look(&mut first).await.unwrap_or_else(Verdict::Failed)).await?)
}

/// Returns the end of an act; a failure whose wait ran out with a diagnosis, where one can be made soon.
///
/// # Errors
/// The failure of the act.
pub async fn explained<T>(ctx: &Context, end: Result<T, Failure>) -> Result<T, Failure> {
    let failure = match end {
        Err(failure) if failure.kind() == Kind::TimedOut => failure,
        other => return other,
    };
    let step = ctx.progress.step("diagnose");
    // What keeps the lab from working may keep the look from ending.
    match tokio::time::timeout(BOUND, diagnose(ctx)).await {
        Ok(Ok(diagnosis)) => {
            step.done(format!("{} found", diagnosis.findings.len()));
            Err(failure.explained(diagnosis))
        }
        Ok(Err(other)) => {
            step.failed(other.message());
            Err(failure)
        }
        Err(_) => {
            step.failed(format!("no end within {} s", BOUND.as_secs()));
            Err(failure)
        }
    }
}
