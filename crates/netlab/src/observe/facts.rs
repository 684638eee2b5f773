//! What was seen inside a container.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use crate::engine::ExecOutput;
use crate::fingerprint::Fingerprint;
use crate::model::{FileSpec, Route};
use crate::plan::missing_routes;

/// What was seen inside a running container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// How it was seen.
    pub source: Source,
    /// The routes of its main tables.
    pub routes: BTreeSet<RouteEntry>,
    /// Fingerprints of the contents of the files that the lab has there; a missing file is missing here.
    pub files: BTreeMap<String, Fingerprint>,
    /// Files that were uploaded and not yet taken by their reload or restart.
    pub pending: BTreeSet<String>,
    /// The output of the caller's probe.
    pub probe: Option<ExecOutput>,
}

impl Facts {
    /// Whether the kernel goes by a static route.
    pub fn has_route(&self, route: &Route) -> bool {
        missing_routes(std::slice::from_ref(route), Some(&self.routes)).is_empty()
    }

    /// Whether a file has this content, and the container runs by it.
    pub fn has_file(&self, file: &FileSpec) -> bool {
        let content = self.files.get(&file.path) == Some(&Fingerprint::of_bytes(&file.contents));
        content && !self.pending.contains(&file.path)
    }
}

/// How facts were seen.
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
