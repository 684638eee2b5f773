//! `e2e`: MetalLB's own end-to-end suite on the lab.

use std::fmt::Write;

use bgplab::Failure;
use bgplab::suite::ginkgo::End;
use bgplab::suite::results::Ran;
use bgplab::suite::{Asked, Tested, test};
use camino::Utf8PathBuf;
use labfile::Image;

use crate::ctx::Ctx;
use crate::exit::{Answer, table};
use crate::interrupt;

/// Options of `e2e`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Checkout of MetalLB, at the tag of the release that the lab has
    #[arg(long, value_name = "DIR")]
    metallb_dir: Utf8PathBuf,
    /// Run the specs whose names match
    #[arg(long, value_name = "RE")]
    focus: Option<String>,
    /// Leave out the specs whose names match, beside those that upstream's CI leaves out
    #[arg(long, value_name = "RE")]
    skip: Option<String>,
    /// Go on with the specs that an interrupted run did not come to
    #[arg(long)]
    resume: bool,
    /// Folder of the results: e2e.jsonl and junit.xml, written as specs end; the suite's log and reports
    #[arg(long, value_name = "DIR", default_value = "e2e-results")]
    results: Utf8PathBuf,
    /// Image of the suite's routers [default: the one that the suite names]
    #[arg(long, value_name = "IMAGE")]
    suite_frr_image: Option<Image>,
}

/// Runs `e2e`.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let asked = Asked {
        checkout: args.metallb_dir.clone(),
        focus: args.focus.clone(),
        skip: args.skip.clone(),
        resume: args.resume,
        results: args.results.clone(),
        frr_image: args.suite_frr_image.as_ref().map(ToString::to_string),
    };
    let found = test(ctx, &asked, async || interrupt::take().signal().await).await?;
    Ok(Answer::new(text(&found), &found)?.failed_if(!found.passed()))
}

/// Returns the report: each spec that did not pass with its reasons, then the sums.
fn text(found: &Tested) -> String {
    let mut text = String::new();
    let bad: Vec<&Ran> = found.specs.iter().filter(|ran| ran.end != End::Passed).collect();
    if !bad.is_empty() {
        let row = |ran: &&Ran| [ran.end.as_str().to_owned(), format!("{:.0} s", ran.seconds), ran.spec.clone()];
        text.push_str(&table(["END", "AFTER", "SPEC"], bad.iter().map(row)));
    }
    for ran in bad.iter().filter(|ran| !ran.end.is_good()) {
        let _ = writeln!(text, "\n{}", ran.spec);
        if !ran.message.is_empty() {
            let _ = writeln!(text, "  says  {}", ran.message.replace('\n', "\n        "));
        }
        ran.reasons.iter().for_each(|reason| {
            let _ = writeln!(text, "  seen  {reason}");
        });
    }
    found.around.iter().for_each(|around| {
        let _ = writeln!(text, "\n{around}");
    });
    found.lacks.iter().for_each(|lack| {
        let _ = writeln!(text, "{lack}");
    });
    let count = |is: fn(&Ran) -> bool| found.specs.iter().filter(|ran| is(ran)).count();
    let (passed, good) = (count(|ran| ran.end == End::Passed), count(|ran| ran.end.is_good()));
    let seconds: f64 = found.specs.iter().map(|ran| ran.seconds).sum();
    let _ = writeln!(
        text,
        "\n{}: {passed} passed, {} failed, {} skipped, {} did not run, {} left out; {seconds:.0} s\nresults in {}",
        found.of,
        found.specs.len() - good,
        good - passed,
        found.left.len(),
        found.left_out,
        found.results
    );
    text
}
