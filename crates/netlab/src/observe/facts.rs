//! Facts from inside a container.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use crate::engine::ExecOutput;
use crate::fingerprint::Fingerprint;
use crate::model::{FileSpec, Route};
use crate::plan::missing_routes;

/// Facts from inside a running container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The way they were read.
    pub source: Source,
    /// The routes of its main tables.
    pub routes: BTreeSet<RouteEntry>,
    /// Fingerprints of the contents of the lab's files; a missing file is absent.
    pub files: BTreeMap<String, Fingerprint>,
    /// Files that were uploaded, and not yet loaded by their reload or restart.
    pub pending: BTreeSet<String>,
    /// The output of the caller's [`Probe`](crate::Probe).
    pub probe: Option<ExecOutput>,
}

impl Facts {
    /// `true` if a static route is the best of its destination in the kernel.
    pub fn has_route(&self, route: &Route) -> bool {
        missing_routes(std::slice::from_ref(route), Some(&self.routes)).is_empty()
    }

    /// `true` if a file has this content, and the container has loaded it.
    pub fn has_file(&self, file: &FileSpec) -> bool {
        let content = self.files.get(&file.path) == Some(&Fingerprint::of_bytes(&file.contents));
        content && !self.pending.contains(&file.path)
    }
}

/// The way facts were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From outside, through `/proc`: about a millisecond.
    Peek,
    /// By a command in the container: about a tenth of a second.
    Exec,
}

/// A route of the kernel's main table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteEntry {
    /// The destination; a default route has prefix length 0.
    pub dst: IpNet,
    /// The next hops: none for a connected network, several for multipath.
    pub via: Vec<IpAddr>,
    /// The metric; the lowest wins.
    pub metric: u32,
}
