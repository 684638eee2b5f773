//! `status`: what should be beside what is. It judges nothing: `verify` does.

mod draw;
mod screen;
mod show;
mod watch;

use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::{Failure, status};

/// The options of `status`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// A live view until Ctrl-C or q: drawn anew on a terminal, changes only elsewhere; with --json one document a line
    #[arg(long)]
    watch: bool,
}

/// Looks once, or until it is interrupted.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    if args.watch {
        return watch::watch(ctx).await;
    }
    let seen = status::status(ctx).await?;
    Answer::new(show::text(&seen), &seen)
}
