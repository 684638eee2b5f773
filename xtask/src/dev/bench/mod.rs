//! `bench`: what the documents claim, measured: this program beside what a person would do by hand, in one run.

mod measured;
mod suites;
mod up;

use std::time::{Duration, Instant};

use netlab::{Docker, Engine};

use super::workspace;
use bgplab::Failure;
use bgplab::process::Cmd;
use measured::Measured;
use metallb_lab::Ctx;
use metallb_lab::{Answer, table};
use suites::Suite;

/// Time that one command may take.
const BOUND: Duration = Duration::from_secs(600);

/// Options of `bench`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Only this; may be given again
    #[arg(long, value_name = "NAME")]
    only: Vec<Suite>,
    /// Number of runs; the median counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,
}

/// Measures, and prints the medians, their spread, and the ratios. A figure that is not as wanted fails the run.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    need_free_place().await?;
    let bench = Bench { ctx };
    let mut measured = Measured::default();
    for suite in [Suite::Standalone, Suite::Scale, Suite::Kind, Suite::Up] {
        if args.only.is_empty() || args.only.contains(&suite) {
            suite.run(&bench, args.runs, &mut measured).await?;
        }
    }
    let figures = measured.figures();
    let missed = figures.iter().any(|figure| !figure.met());
    let text = table(["measured", "median", "least", "most", "wanted", ""], figures.iter().map(measured::Figure::row));
    Ok(Answer::new(text, &figures)?.failed_if(missed))
}

/// The bench makes and removes the documented lab: what has its place must not be there.
async fn need_free_place() -> Result<(), Failure> {
    let networks = Docker::connect().await?.networks().await?;
    match networks.iter().find(|network| ["kind", "kind2"].contains(&network.name.as_str())) {
        None => Ok(()),
        Some(network) => Err(Failure::machine(format!("network {} is there: the bench needs its place", network.name))
            .next(
                "`cargo xtask lab-down` where it is the lab's; where a bench was interrupted, \
                   `bench/sequential.sh down; docker network rm kind`",
            )),
    }
}

/// Runs commands and times them.
struct Bench<'a> {
    ctx: &'a Ctx,
}

impl Bench<'_> {
    /// Returns the seconds that a command takes, as a whole process.
    async fn time(&self, name: &str, cmd: Cmd) -> Result<f64, Failure> {
        self.run(name, cmd).await.map(|(seconds, _)| seconds)
    }

    /// Does the same, and returns the command's stdout too.
    async fn run(&self, name: &str, cmd: Cmd) -> Result<(f64, String), Failure> {
        let step = self.ctx.progress.step(name);
        let began = Instant::now();
        let output = cmd.cwd(workspace()).within(BOUND).read().await?;
        let took = began.elapsed();
        step.done("measured");
        Ok((took.as_secs_f64(), output))
    }

    /// This program, as a separate process.
    fn xtask(&self, args: &[&str]) -> Result<Cmd, Failure> {
        let cannot = |error: std::io::Error| Failure::machine("cannot find this program").cause(&error);
        let program = std::env::current_exe().map_err(cannot)?;
        Ok(Cmd::new(program.to_string_lossy()).arg("--quiet").args(args.iter().copied()))
    }
}
