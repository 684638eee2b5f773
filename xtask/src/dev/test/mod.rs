//! The tests, in tiers by what they need, and a table of which ran.

mod needs;
mod panics;
mod tier;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use super::{cargo, long, shortly};
use crate::dev::TestArgs;
use bgplab::Failure;
use metallb_lab::Ctx;
use metallb_lab::{Answer, Code, table};
use needs::Seen;
use panics::Panics;
pub(crate) use tier::Tier;
use tier::{Choice, Count};

/// Result of a tier.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Outcome {
    tier: Tier,
    ended: End,
    passed: u64,
    failed: u64,
    seconds: f64,
    note: String,
    /// The words with which tests failed.
    panics: Vec<String>,
}

/// The ways in which a tier ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum End {
    Passed,
    Failed,
    /// It did not run, and did not have to.
    Skipped,
    /// It did not run, and had to.
    Missing,
}

/// Runs the tiers that were asked for.
pub(crate) async fn run(ctx: &Ctx, args: &TestArgs) -> Result<Answer, Failure> {
    Ok(run_beside(ctx, args, async || ()).await?.0)
}

/// Runs the tiers that were asked for, and something else beside the last of them, whose clusters wait more than they
/// work.
pub(super) async fn run_beside<T>(
    ctx: &Ctx,
    args: &TestArgs,
    other: impl AsyncFnOnce() -> T,
) -> Result<(Answer, T), Failure> {
    let seen = Seen::look(ctx).await?;
    let mut outcomes = Vec::new();
    for tier in [Tier::Fast, Tier::Engine] {
        outcomes.push(outcome(ctx, args, &seen, tier).await);
    }
    let (clusters, other) = futures::join!(outcome(ctx, args, &seen, Tier::Cluster), other());
    outcomes.push(clusters);
    let any = |end| outcomes.iter().any(|outcome| outcome.ended == end);
    let code = match (any(End::Failed), any(End::Missing)) {
        (true, _) => Code::Failed,
        (false, true) => Code::Machine,
        (false, false) => Code::Ok,
    };
    Ok((Answer::new(text(&outcomes), &outcomes)?.with_code(code), other))
}

async fn outcome(ctx: &Ctx, args: &TestArgs, seen: &Seen, tier: Tier) -> Outcome {
    match Choice::of(tier, &args.tier, args.all, &seen.missing_for(tier)) {
        Choice::Run => run_tier(ctx, tier).await,
        Choice::Skip(note) => Outcome::not_run(tier, End::Skipped, note),
        Choice::Missing(note) => Outcome::not_run(tier, End::Missing, note),
    }
}

async fn run_tier(ctx: &Ctx, tier: Tier) -> Outcome {
    let name = format!("test-{tier}");
    let step = ctx.progress.step(&name);
    let count = Arc::new(Mutex::new(Count::default()));
    let mut panics: Vec<Arc<Mutex<Panics>>> = Vec::new();
    let began = ctx.progress.elapsed();
    let mut ended = Vec::new();
    // The first lane's log has the tier's name, which is all that most tiers need.
    let mut logs = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}-{n}")));
    for lanes in tier.shifts() {
        let runs = lanes.into_iter().zip(&mut logs).map(|(args, log)| {
            let (sink, cmd) = (Arc::clone(&count), cargo(&args));
            let words = Arc::<Mutex<Panics>>::default();
            panics.push(Arc::clone(&words));
            async move {
                let take = move |line: &str| {
                    sink.lock().unwrap_or_else(PoisonError::into_inner).take(line);
                    words.lock().unwrap_or_else(PoisonError::into_inner).take(line);
                };
                let ended = long(ctx, &log, cmd, take).await;
                (log, ended)
            }
        });
        // If one fails, the other's output is wanted all the same.
        ended.extend(futures::future::join_all(runs).await);
    }
    let elapsed = ctx.progress.elapsed().saturating_sub(began);
    let Count { passed, failed } = *count.lock().unwrap_or_else(PoisonError::into_inner);
    let panics = panics
        .iter()
        .flat_map(|words| std::mem::take(&mut *words.lock().unwrap_or_else(PoisonError::into_inner)).all());
    let panics = panics.collect();
    let failures: Vec<String> =
        ended.iter().filter_map(|(log, ended)| ended.as_ref().err().map(|error| shortly(error, log))).collect();
    let (end, note) = match (passed, failures.join(", ")) {
        (_, failures) if !failures.is_empty() => (End::Failed, failures),
        // A tier that ran nothing has shown nothing.
        (0, _) => (End::Failed, "no test ran".to_owned()),
        _ => (End::Passed, String::new()),
    };
    match end {
        End::Passed => step.done("passed"),
        _ => step.failed(&note),
    }
    Outcome { tier, ended: end, passed, failed, seconds: seconds(elapsed), note, panics }
}

fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10.0).round() / 10.0
}

impl Outcome {
    fn not_run(tier: Tier, ended: End, note: String) -> Self {
        Self { tier, ended, passed: 0, failed: 0, seconds: 0.0, note, panics: Vec::new() }
    }
}

fn text(outcomes: &[Outcome]) -> String {
    let row = |outcome: &Outcome| {
        let Outcome { tier, ended, passed, failed, seconds, note, .. } = outcome;
        let (ended, ran) = match ended {
            End::Passed => ("passed", true),
            End::Failed => ("FAILED", true),
            End::Skipped => ("not run", false),
            End::Missing => ("MISSING", false),
        };
        let figures = if ran {
            [format!("{passed}"), format!("{failed}"), format!("{seconds:.1} s")]
        } else {
            Default::default()
        };
        let [passed, failed, seconds] = figures;
        [tier.to_string(), ended.to_owned(), passed, failed, seconds, note.clone()]
    };
    let table = table(["tier", "result", "passed", "failed", "time", "note"], outcomes.iter().map(row));
    let panics = outcomes.iter().flat_map(|outcome| &outcome.panics).map(|panic| format!("\n{panic}\n"));
    panics.fold(table, |text, panic| text + &panic)
}
