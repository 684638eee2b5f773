//! What one run came to: from events and a client's questions to times.

mod path;
mod periods;
mod rows;

use std::net::IpAddr;

use serde::Serialize;

use super::predict::{Prediction, Verdict};
use super::stamp::{Micros, Stamp};
use super::target::Way;
use labfile::Family;

pub use path::Path;
pub(crate) use rows::{Scope, rows};

/// One run.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// Its number, from 1.
    pub number: u32,
    /// The moment from which its times count.
    pub broken_at: Stamp,
    /// How exactly the moment of the break is known, in milliseconds.
    pub break_error: Micros,
    /// How late the threads that listen and ask came to it at worst, in milliseconds.
    pub lateness: Micros,
    /// How long it stayed broken, in milliseconds.
    pub broken_for: Micros,
    /// Which ways the clients' packets took before it was broken.
    pub ways: Vec<Way>,
    /// What each place saw.
    pub rows: Vec<Row>,
}

impl Run {
    /// Whether a client's packets passed a place before it was broken.
    pub fn passes(&self, from: &str, to: IpAddr, place: &str) -> bool {
        let own = |way: &&Way| way.from == from && way.to == to;
        self.ways.iter().find(own).is_some_and(|way| way.through.iter().any(|passed| passed == place))
    }

    /// Whether anything contradicts what was predicted.
    pub fn fails(&self) -> bool {
        self.rows.iter().any(|row| row.verdict.fails() || row.path_verdict.fails())
    }
}

/// What one place saw of one address family.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The router or node.
    pub place: String,
    /// The family; a node that only has sessions has none of its own.
    pub family: Option<Family>,
    /// What was predicted of the session's loss.
    pub predicted: Option<Prediction>,
    /// Whether it came so.
    pub verdict: Verdict,
    /// The longest interruption of the data path that was predicted, in milliseconds.
    pub path_bound: Option<Micros>,
    /// Whether it came so.
    pub path_verdict: Verdict,
    /// From the break on.
    pub loss: Phase,
    /// From the moment on at which it was put back or, where it heals by itself, from the break on.
    pub recovery: Phase,
}

/// Times after a phase's beginning, in milliseconds.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Phase {
    /// The session was lost, or established again.
    pub session: Option<Seen>,
    /// bgpd's best path went without the target, or with it again.
    pub table: Option<Micros>,
    /// The kernel's route followed.
    pub kernel: Option<Micros>,
    /// What a client there saw.
    pub path: Option<Path>,
}

/// Something that was noticed.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// So many milliseconds after.
    pub after: Micros,
    /// By what.
    pub by: String,
}
