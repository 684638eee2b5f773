//! The suite's program: compiled once for each commit, and kept.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::checkout::Checkout;
use super::ginkgo::Plan;
use crate::failure::Failure;
use crate::process::{Cmd, Stream};
use crate::progress::Progress;

/// With all modules to fetch and nothing compiled, it takes six minutes on two cores.
const COMPILE_BOUND: Duration = Duration::from_secs(45 * 60);
/// A dry run runs nothing.
const LIST_BOUND: Duration = Duration::from_secs(120);

/// Compiles the suite, unless its program is there.
///
/// # Errors
/// The compiler's own.
pub(super) async fn compile(
    progress: &Progress,
    checkout: &Checkout,
    cache: &Utf8Path,
) -> Result<Utf8PathBuf, Failure> {
    let commit = git(checkout, &["rev-parse", "--short=12", "HEAD"]).await?;
    let changed = !git(checkout, &["status", "--porcelain", "--untracked-files=no"]).await?.is_empty();
    let program = cache.join(format!("e2e-{}-{commit}.test", checkout.at));
    let mut step = progress.step(format!("compile MetalLB's suite {}", checkout.at));
    // Another tree under the same commit: only the compiler knows whether it is another program.
    if program.is_file() && !changed {
        step.done("compiled before");
        return Ok(program);
    }
    let cannot = |error: std::io::Error| Failure::machine("cannot write the suite's program").cause(&error);
    fs_err::create_dir_all(cache).map_err(cannot)?;
    let unfinished = program.with_extension("unfinished");
    let cmd =
        Cmd::new("go").args(["test", "-c", "-o", unfinished.as_str(), "."]).cwd(checkout.suite()).within(COMPILE_BOUND);
    if let Err(error) = step.follow(Stream::new(cmd), |_| {}).await {
        step.failed(error.to_string());
        return Err(error.into());
    }
    fs_err::rename(&unfinished, &program).map_err(cannot)?;
    step.done("compiled");
    Ok(program)
}

async fn git(checkout: &Checkout, args: &[&str]) -> Result<String, Failure> {
    Ok(Cmd::new("git").args(["-C", checkout.folder.as_str()]).args(args.iter().copied()).read().await?)
}

/// Lists the specs that a program would run with a focus and a skip.
///
/// # Errors
/// A regular expression that is none; a program that lists nothing.
pub(super) async fn list(program: &Utf8Path, checkout: &Checkout, selection: &[String]) -> Result<Plan, Failure> {
    let file = tempfile::Builder::new().suffix(".json").tempfile();
    let file = file.map_err(|error| Failure::machine("cannot make a temporary file").cause(&error))?;
    let cmd = Cmd::new(program.as_str())
        .args(["-ginkgo.dry-run", "-ginkgo.no-color"])
        .arg(format!("-ginkgo.json-report={}", file.path().display()))
        .args(selection.iter().cloned())
        .cwd(checkout.suite())
        .within(LIST_BOUND);
    cmd.read()
        .await
        .map_err(|error| Failure::from(error).next("see whether --focus and --skip are regular expressions of Go"))?;
    let text = fs_err::read_to_string(file.path());
    let text = text.map_err(|error| Failure::step("the suite does not list its specs").cause(&error))?;
    let plan = Plan::read(&text);
    plan.map_err(|error| Failure::step("the suite does not list its specs").cause(&error))
}
