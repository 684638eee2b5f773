//! A lab as it should be beside what it is. It judges nothing: its lines are those of [`checks`](crate::checks).

mod data_path;
mod gather;
mod history;
mod judged;
mod looker;
mod moving;
mod still;

use serde::Serialize;

pub use self::gather::status;
pub use self::history::{Change, History};
pub use self::looker::looks;

/// A lab, as it should be and as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Status {
    /// The lab's name.
    pub lab: String,
    /// The provider of its nodes, as it is typed.
    pub provider: &'static str,
    /// Networks, by their ranges.
    pub networks: Vec<Line>,
    /// Containers, by their states and addresses.
    pub containers: Vec<Line>,
    /// The cluster's nodes.
    pub nodes: Vec<Line>,
    /// MetalLB's parts and resources.
    pub metallb: Vec<Line>,
    /// Sessions, as their routers see them.
    pub sessions: Vec<Session>,
    /// Prefixes in routers' tables, by their next hops.
    pub routes: Vec<Line>,
    /// Advertised addresses, by their answers to the routers.
    pub data_path: Vec<Line>,
}

impl Status {
    /// Returns the sections of plain lines, by name.
    #[must_use]
    pub fn sections(&self) -> [(&'static str, &[Line]); 6] {
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

/// Returns things in a line.
fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(" ")
}

/// Something that should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The name.
    pub name: String,
    /// The state that it should be in.
    pub should: String,
    /// The state that it is in.
    pub is: String,
    /// `true` if it is as it should be.
    pub ok: bool,
}

impl Line {
    /// Makes a line that is as it should be where both states are in the same words.
    #[must_use]
    pub fn new(name: impl Into<String>, should: impl Into<String>, is: impl Into<String>) -> Self {
        let (name, should, is) = (name.into(), should.into(), is.into());
        let ok = should == is;
        Self { name, should, is, ok }
    }
}

/// A session that should be up, as its router sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// The session and its states.
    #[serde(flatten)]
    pub line: Line,
    /// Whole seconds since it came up, or went down.
    pub seconds: Option<u64>,
    /// Prefixes received, both families.
    pub received: Option<u64>,
    /// Prefixes sent, both families.
    pub sent: Option<u64>,
}
