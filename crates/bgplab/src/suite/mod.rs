//! MetalLB's own end-to-end suite, on the lab: checked beforehand, compiled, prepared, run, explained, cleaned up.
//!
//! The suite is a Go module in MetalLB's repository, whose checkout the user gives. It brings its own routers, asks for them by
//! the engine's command line, and wipes the evidence of a failure when a spec ends.

mod begin;
mod checkout;
mod clean;
mod compile;
pub mod explain;
mod gather;
pub mod ginkgo;
mod image;
mod leftovers;
mod mark;
mod prepare;
pub mod ranges;
pub mod refuse;
pub mod results;
pub mod run;
pub mod select;

use camino::Utf8PathBuf;
use serde::Serialize;

use self::begin::Prepared;
pub use self::checkout::Checkout;
use self::gather::{Places, look};
use self::prepare::Ready;
use self::results::{Ran, Results};
use self::run::{Over, Times};
use self::select::Lack;
use crate::context::Context;
use crate::failure::Failure;

/// The name of the log of the suite in the folder of results.
const LOG: &str = "suite.log";

/// The request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The checkout of MetalLB.
    pub checkout: Utf8PathBuf,
    /// A regular expression of the specs to run.
    pub focus: Option<String>,
    /// A regular expression of the specs to leave out, beside those that upstream's CI leaves out.
    pub skip: Option<String>,
    /// `true` to run the specs that an earlier run did not come to.
    pub resume: bool,
    /// The folder of results.
    pub results: Utf8PathBuf,
    /// The image of the suite's routers, where it is not the suite's own choice.
    pub frr_image: Option<String>,
}

/// A suite that ran.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Tested {
    /// The lab.
    pub lab: String,
    /// The subject: release, backend, families.
    pub of: String,
    /// The specs that ran, in this run or in those that it resumed.
    pub specs: Vec<Ran>,
    /// The specs that were to run and have no verdict.
    pub left: Vec<String>,
    /// The number of specs that focus and skip leave out.
    pub left_out: usize,
    /// The things for which specs were left out.
    pub lacks: Vec<Lack>,
    /// The failures of what is around all specs.
    pub around: Vec<String>,
    /// The folder of results.
    pub results: Utf8PathBuf,
}

impl Tested {
    /// `true` if every spec that was to run has a verdict, and none failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.left.is_empty() && self.around.is_empty() && self.specs.iter().all(|ran| ran.end.is_good())
    }
}

/// Runs MetalLB's suite on the lab, and leaves the lab as it was. `signal` ends the suite, not the clean-up.
///
/// # Errors
/// Everything that keeps it from running, named at once and before anything is changed; a suite that breaks off; a signal; a lab
/// that does not come back. A spec that fails is no error.
pub async fn test(ctx: &Context, asked: &Asked, signal: impl AsyncFnOnce() -> &'static str) -> Result<Tested, Failure> {
    let Ready { lab, docker, cluster, nodes, checkout, program, plan, of, lacks, backend, arguments, cleaning } =
        prepare::ready(ctx, asked).await?;
    let mut results = Results::open(&asked.results, of.clone(), asked.resume)?;
    let left = results.left(&plan.specs);
    let done = |results: &Results, around: Vec<String>| Tested {
        lab: lab.name.to_string(),
        of: of.clone(),
        specs: results.rows().into_iter().cloned().collect(),
        left: results.left(&plan.specs),
        left_out: plan.left_out,
        lacks: lacks.clone(),
        around,
        results: asked.results.clone(),
    };
    if left.is_empty() {
        return Ok(done(&results, Vec::new()));
    }
    results.report(&plan.specs)?;
    let image = begin::images(ctx, &cleaning, &checkout, &arguments).await?;
    let (part, way) = (std::sync::Arc::new(ctx.part(ctx.source.clone())), cleaning.clone());
    let clean = ctx.restores.keep("the lab as it was before MetalLB's suite", move || {
        let (part, way) = (std::sync::Arc::clone(&part), way.clone());
        async move { way.everything(&part).await }
    });
    let Prepared { cmd, _folder } =
        begin::make_room(ctx, &cleaning, &checkout, (&program, &image, &arguments), (&plan, &left), results.folder())
            .await?;
    let places = Places { docker: &docker, cluster: &cluster, nodes: &nodes, backend };
    let log = asked.results.join(LOG);
    let looks = async || look(&places).await;
    let ran =
        run::run(&ctx.progress, (cmd, &log), (&plan.specs, &mut results), looks, signal(), Times::default()).await;
    let cleaned = clean.now().await;
    let ending = match (ran, cleaned) {
        (Ok(ending), Ok(())) => ending,
        (Ok(_), Err(failure)) => return Err(failure),
        (Err(failure), cleaned) => {
            return Err(cleaned.err().into_iter().fold(failure, |failure, left| failure.because(left.message())));
        }
    };
    let resume = "the same with --resume: it goes on with the specs that did not run";
    match ending.over {
        Over::Itself => Ok(done(&results, ending.around)),
        Over::Signal(name) => Err(Failure::interrupted(name).next(resume)),
        Over::Broken(failure) => Err(failure.place(log.as_str()).next(resume)),
    }
}
