//! `failover`: breaks one thing on purpose, measures what comes of it, and puts it back.

use camino::Utf8PathBuf;
use frrconf::vty::Daemon;

use super::write;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::failover::{Asked, Scenario, measure};

use super::failover_report as report;
use crate::names;

const TIMELINE: &str = "timeline";

/// Options of `failover`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Thing to break
    #[arg(long, value_parser = names::scenarios(), default_value = "pause")]
    scenario: Scenario,
    /// Node or router to break [default: the node that the client's packets go through, or the first router]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Daemon to kill, with scenario daemon
    #[arg(long, value_enum, default_value = "bgpd")]
    daemon: Killed,
    /// Number of runs
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Repeat without this, and show both side by side
    #[arg(long, value_enum, value_name = "WHAT")]
    compare: Option<Compared>,
    /// Also write the judgements as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<Utf8PathBuf>,
    /// Also draw the run in the middle as a timeline
    #[arg(long, value_name = "FILE")]
    svg: Option<Utf8PathBuf>,
}

/// A daemon that is killed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Killed {
    /// BGP's
    Bgpd,
    /// BFD's
    Bfdd,
}

/// Features that a run is compared without.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Compared {
    /// The sessions with BFD, and without
    Bfd,
}

/// Runs `failover`.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let daemon = match args.daemon {
        Killed::Bgpd => Daemon::Bgpd,
        Killed::Bfdd => Daemon::Bfdd,
    };
    let without_bfd = matches!(args.compare, Some(Compared::Bfd));
    let asked = Asked { scenario: args.scenario, target: args.target.clone(), daemon, runs: args.runs, without_bfd };
    write::possible(args.junit.as_ref(), write::JUNIT)?;
    write::possible(args.svg.as_ref(), TIMELINE)?;
    let findings = measure(ctx, &asked).await?;
    if let Some(file) = &args.junit {
        write::report(file, write::JUNIT, &report::junit(&findings, ctx.progress.elapsed()))?;
    }
    if let Some(file) = &args.svg {
        write::report(file, TIMELINE, &report::svg(&findings))?;
    }
    Ok(Answer::new(report::text(&findings), &findings)?.failed_if(!findings.passed))
}
