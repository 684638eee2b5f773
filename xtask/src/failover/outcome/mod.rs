//! What one run came to: from events and a client's questions to times.

mod path;
mod periods;
mod rows;

use std::net::IpAddr;

use serde::Serialize;

use super::predict::{Prediction, Verdict};
use super::stamp::{Micros, Stamp};
use super::target::Way;
use crate::lab::Family;

pub(crate) use path::Path;
pub(crate) use rows::{Scope, rows};

/// One run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Run {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// The moment from which its times count.
    pub(crate) broken_at: Stamp,
    /// How exactly the moment of the break is known, in milliseconds.
    pub(crate) break_error: Micros,
    /// How late the threads that listen and ask came to it at worst, in milliseconds.
    pub(crate) lateness: Micros,
    /// How long it stayed broken, in milliseconds.
    pub(crate) broken_for: Micros,
    /// Which ways the clients' packets took before it was broken.
    pub(crate) ways: Vec<Way>,
    /// What each place saw.
    pub(crate) rows: Vec<Row>,
}

impl Run {
    /// Whether a client's packets passed a place before it was broken.
    pub(crate) fn passes(&self, from: &str, to: IpAddr, place: &str) -> bool {
        let own = |way: &&Way| way.from == from && way.to == to;
        self.ways.iter().find(own).is_some_and(|way| way.through.iter().any(|passed| passed == place))
    }

    /// Whether anything contradicts what was predicted.
    pub(crate) fn fails(&self) -> bool {
        self.rows.iter().any(|row| row.verdict.fails() || row.path_verdict.fails())
    }
}

/// What one place saw of one address family.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    /// The router or node.
    pub(crate) place: String,
    /// The family; a node that only has sessions has none of its own.
    pub(crate) family: Option<Family>,
    /// What was predicted of the session's loss.
    pub(crate) predicted: Option<Prediction>,
    /// Whether it came so.
    pub(crate) verdict: Verdict,
    /// The longest interruption of the data path that was predicted, in milliseconds.
    pub(crate) path_bound: Option<Micros>,
    /// Whether it came so.
    pub(crate) path_verdict: Verdict,
    /// From the break on.
    pub(crate) loss: Phase,
    /// From the moment on at which it was put back or, where it heals by itself, from the break on.
    pub(crate) recovery: Phase,
}

/// Times after a phase's beginning, in milliseconds.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Phase {
    /// The session was lost, or established again.
    pub(crate) session: Option<Seen>,
    /// bgpd's best path went without the target, or with it again.
    pub(crate) table: Option<Micros>,
    /// The kernel's route followed.
    pub(crate) kernel: Option<Micros>,
    /// What a client there saw.
    pub(crate) path: Option<Path>,
}

/// Something that was noticed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Seen {
    /// So many milliseconds after.
    pub(crate) after: Micros,
    /// By what.
    pub(crate) by: String,
}
