//! The outcome of one run: times, from events and clients' questions.

mod path;
mod periods;
mod rows;

use std::net::IpAddr;

use serde::Serialize;

use super::predict::{Prediction, Verdict};
use super::stamp::{Micros, Stamp};
use super::target::{Target, Way};
use labfile::Family;

pub use path::Path;
pub(crate) use rows::{Scope, rows};

/// The lateness that is aimed at, and kept where the machine has time for the threads.
pub const AIM: Micros = Micros(20_000);

/// One run.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// The number, from 1.
    pub number: u32,
    /// The moment from which its times count.
    pub broken_at: Stamp,
    /// The error of the moment of the break, in milliseconds.
    pub break_error: Micros,
    /// The longest delay with which a listening or asking thread came to its turn, in milliseconds.
    pub lateness: Micros,
    /// `true` if that is more than [`AIM`]: measured on a busy machine.
    pub busy: bool,
    /// The time that it stayed broken, in milliseconds.
    pub broken_for: Micros,
    /// The ways of the clients' packets before the break.
    pub ways: Vec<Way>,
    /// The observations, one row per place and address family.
    pub rows: Vec<Row>,
}

impl Run {
    /// `true` if a client's packets passed a target before the break.
    pub fn passes(&self, from: &str, to: IpAddr, target: &Target) -> bool {
        let own = |way: &&Way| way.from == from && way.to == to;
        self.ways.iter().find(own).is_some_and(|way| way.through.iter().any(|passed| target.is(passed)))
    }

    /// `true` if anything contradicts the prediction.
    pub fn fails(&self) -> bool {
        self.rows.iter().any(|row| row.verdict.fails() || row.path_verdict.fails())
    }
}

/// The observations of one place for one address family.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The router or node.
    pub place: String,
    /// The address family; `None` for a node, which only has sessions.
    pub family: Option<Family>,
    /// The prediction for the session's loss.
    pub predicted: Option<Prediction>,
    /// The verdict on that prediction.
    pub verdict: Verdict,
    /// The longest interruption of the data path that was predicted, in milliseconds.
    pub path_bound: Option<Micros>,
    /// The verdict on that bound.
    pub path_verdict: Verdict,
    /// The times from the break on.
    pub loss: Phase,
    /// The times from the moment at which it was put back or, if it heals by itself, from the break.
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
    /// The data path, as a client there saw it.
    pub path: Option<Path>,
}

/// Something that was noticed.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// The time since the phase's beginning, in milliseconds.
    pub after: Micros,
    /// The protocol that noticed it, with its reason.
    pub by: String,
}
