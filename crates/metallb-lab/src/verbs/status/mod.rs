//! `status`: what should be beside what is. It judges nothing: `verify` does.

mod data_path;
mod draw;
mod gather;
mod history;
mod looker;
mod screen;
mod show;
mod watch;

use serde::Serialize;

use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;

/// How long is looked.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// A live view until Ctrl-C or q: drawn anew on a terminal, changes only elsewhere; with --json one document a line
    #[arg(long)]
    watch: bool,
}

/// A lab, as it should be and as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct Status {
    lab: String,
    provider: &'static str,
    networks: Vec<Line>,
    containers: Vec<Line>,
    nodes: Vec<Line>,
    metallb: Vec<Line>,
    sessions: Vec<Session>,
    routes: Vec<Line>,
    data_path: Vec<Line>,
}

impl Status {
    /// The sections of plain lines, by name.
    fn sections(&self) -> [(&'static str, &[Line]); 6] {
        [
            ("networks", &self.networks),
            ("containers", &self.containers),
            ("nodes", &self.nodes),
            ("metallb", &self.metallb),
            ("routes", &self.routes),
            ("data path", &self.data_path),
        ]
    }
}

/// Something that should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Line {
    name: String,
    should: String,
    is: String,
    ok: bool,
}

impl Line {
    fn new(name: impl Into<String>, should: impl Into<String>, is: impl Into<String>) -> Self {
        let (name, should, is) = (name.into(), should.into(), is.into());
        let ok = should == is;
        Self { name, should, is, ok }
    }
}

/// A session that should be up, as its router sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Session {
    #[serde(flatten)]
    line: Line,
    /// Since it came up, or went down: whole seconds.
    seconds: Option<u64>,
    /// Prefixes received, both families.
    received: Option<u64>,
    /// Prefixes sent, both families.
    sent: Option<u64>,
}

/// Looks once, or until it is interrupted.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    if args.watch {
        return watch::watch(ctx).await;
    }
    let status = gather::status(ctx).await?;
    Answer::new(show::text(&status), &status)
}
