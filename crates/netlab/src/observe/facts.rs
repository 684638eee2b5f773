//! Facts from inside a container.

use std::collections::{BTreeMap, BTreeSet};

use crate::fingerprint::Fingerprint;
use crate::model::{FileSpec, Route, RouteEntry};

/// Facts from inside a running container.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// The way they were read.
    pub source: Source,
    /// The routes of the container's main tables.
    pub routes: BTreeSet<RouteEntry>,
    /// Fingerprints of the contents of the lab's files; a missing file is absent.
    pub files: BTreeMap<String, Fingerprint>,
    /// Files that were uploaded, and not yet loaded by their reload or restart.
    pub pending: BTreeSet<String>,
}

impl Facts {
    /// Facts of a container in which nothing was found.
    pub const fn new(source: Source) -> Self {
        Self { source, routes: BTreeSet::new(), files: BTreeMap::new(), pending: BTreeSet::new() }
    }

    /// `true` if the kernel has a static route, as the best one to its destination.
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
#[non_exhaustive]
pub enum Source {
    /// From outside, through `/proc`: about a millisecond.
    Procfs,
    /// A command in the container, which takes about a tenth of a second.
    Exec,
}

/// Returns the routes that are not the best of their destination in the kernel, where the lowest metric wins.
pub(crate) fn missing_routes(wanted: &[Route], present: Option<&BTreeSet<RouteEntry>>) -> Vec<Route> {
    let held = |route: &&Route| {
        let same = present.into_iter().flatten().filter(|entry| entry.dst == route.dst().trunc());
        same.min_by_key(|entry| entry.metric).is_some_and(|best| route.is_via(&best.via))
    };
    wanted.iter().filter(|route| !held(route)).cloned().collect()
}
