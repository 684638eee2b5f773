//! The project's own work: what a contributor and the CI type.

pub(crate) mod bench;
pub(crate) mod ci;
pub(crate) mod faults;
pub(crate) mod test;
pub(crate) mod tidy;

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use bgplab::Failure;
use bgplab::process::{Cmd, Error, Stream};
use metallb_lab::{Answer, Ctx};

/// The project's own tasks.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Task {
    /// Run the tests, in tiers: without an engine, with one, with a cluster
    Test(TestArgs),
    /// Run all that the CI runs: formatting, lints, documentation, house rules, dependencies, tests
    Ci(TestArgs),
    /// Measure how long it takes, beside the same by hand
    Bench(bench::Args),
    /// Delete and change every object of a lab, one at a time, and judge what `diagnose` says
    Faults(faults::Args),
    /// Check the project's house rules
    Tidy,
}

/// Options of `test`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TestArgs {
    /// Only this tier; may be given again
    #[arg(long, value_name = "NAME")]
    pub(crate) tier: Vec<test::Tier>,
    /// Fail where a tier's environment is missing, instead of leaving it out
    #[arg(long, env = "CI", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) all: bool,
}

/// Runs a task.
pub(crate) async fn run(ctx: &Ctx, task: Task) -> Result<Answer, Failure> {
    match task {
        Task::Test(args) => test::run(ctx, &args).await,
        Task::Ci(args) => ci::run(ctx, &args).await,
        Task::Bench(args) => bench::run(ctx, &args).await,
        Task::Faults(args) => faults::run(ctx, &args).await,
        Task::Tidy => tidy::run().await,
    }
}

/// The workspace's folder: of the checkout that `cargo xtask` runs in, else of the one that this was built in.
fn workspace() -> Utf8PathBuf {
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Utf8Path::new(&package).parent().unwrap_or(Utf8Path::new(".")).to_owned()
}

/// `cargo` with the toolchain that runs us, in the workspace's folder.
///
/// The variables by which `cargo run` describes our own package are taken away: build scripts watch them (ring's does),
/// and everything above would be compiled anew each time that Cargo runs below us, and again when it does not.
fn cargo(args: &[&str]) -> Cmd {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let own = std::env::vars().map(|(name, _)| name).filter(|name| describes_a_package(name));
    own.fold(Cmd::new(cargo).args(args.iter().copied()).cwd(workspace()), Cmd::env_remove)
}

fn describes_a_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

/// Bound of a command that hangs: more than twice what all clusters take.
const BOUND: Duration = Duration::from_secs(50 * 60);

/// Runs a long command of ours: its lines go to stderr, and into a log under `logs/`.
async fn long(ctx: &Ctx, name: &str, cmd: Cmd, on_line: impl FnMut(&str) + Send + 'static) -> Result<(), Error> {
    let (progress, mut on_line) = (ctx.progress.clone(), on_line);
    Stream::new(cmd.within(BOUND))
        .log(workspace().join("logs").join(format!("{name}.log")))
        .on_line(move |line| {
            progress.pass(line);
            on_line(line);
        })
        .run()
        .await
}

/// Explains in a few words for a table why a command of ours did not end well. In any case, all else goes on.
fn shortly(error: &Error, log: &str) -> String {
    match error {
        Error::Failed { .. } => format!("see logs/{log}.log"),
        Error::TimedOut { bound, .. } => format!("no end within {} s: see logs/{log}.log", bound.as_secs()),
        _ => error.to_string(),
    }
}

/// The files that Git tracks or would: what is read is what is handed on.
async fn files() -> Result<Vec<Utf8PathBuf>, Failure> {
    let list = Cmd::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).cwd(workspace());
    let folder = workspace();
    // A file that was removed and not yet committed is still listed.
    Ok(list.read().await?.split('\0').map(Utf8PathBuf::from).filter(|path| folder.join(path).is_file()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_ends_a_command_is_a_note() {
        let (cmd, tail) = ("cargo doc".to_owned(), String::new());
        let bound = Duration::from_secs(60);
        assert_eq!(shortly(&Error::TimedOut { cmd, bound, tail }, "doc"), "no end within 60 s: see logs/doc.log");
        let missing = Error::Missing { program: "cargo".into(), remedy: None };
        assert_eq!(shortly(&missing, "doc"), "cargo is not installed");
    }
}
