//! Runs an act of the library, and kills its own process after a named step, as an interruption at the worst moment would.
//! A program of its own, for tests: nothing that is shipped can do this.

use std::sync::Arc;

use bgplab::labfile::{Image, Overrides};
use bgplab::progress::{Ended, Event};
use bgplab::{Context, Failure, LabSource, acts};
use camino::Utf8PathBuf;
use clap::{Parser, ValueEnum};
use rustix::process::{Signal, getpid, kill_process};

/// The command line, which is that of `cargo xtask` as far as the tests need it.
#[derive(Debug, Parser)]
struct Line {
    /// The step after which the process ends
    #[arg(long)]
    after: String,
    /// The lab file
    #[arg(long)]
    lab: Utf8PathBuf,
    /// The routers' image
    #[arg(long)]
    frr_image: Option<Image>,
    /// A checkout of the MetalLB Operator
    #[arg(long)]
    operator_dir: Option<Utf8PathBuf>,
    /// Print nothing: there is nothing to print
    #[arg(long)]
    quiet: bool,
    /// The act
    act: Act,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Act {
    LabUp,
    Up,
    DeployMetallb,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let Line { after, lab, frr_image, operator_dir, act, .. } = Line::parse();
    let overrides = Overrides { frr_image, operator_dir, ..Overrides::default() };
    let kill_after = move |event: &Event<'_>| {
        if matches!(event, Event::Ended { name, ended: Ended::Done, .. } if *name == after) {
            // SIGKILL, not an exit: nothing of ours may run any more.
            let _ = kill_process(getpid(), Signal::KILL);
        }
    };
    let ctx = Context::new(LabSource { file: Some(lab), overrides }, Arc::new(kill_after));
    match act {
        Act::LabUp => acts::lab_up(&ctx).await.map(drop),
        Act::Up => acts::up(&ctx).await.map(drop),
        Act::DeployMetallb => acts::deploy_metallb(&ctx).await.map(drop),
    }
}
