//! Names that must be unique, and names that must refer to something.

use std::collections::BTreeSet;

use super::{
    super::{
        At, Name, RawLab,
        model::Cluster,
        problem::{Problem, What},
    },
    Finds,
    routers::Entry,
};

/// Finds each name that is taken already.
pub(super) fn unique<'a>(finds: &mut Finds, what: What, names: impl IntoIterator<Item = &'a At<Name>>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.as_str()) {
            finds.add(name.place(), Problem::Duplicate { what, name: name.to_string() });
        }
    }
}

/// Returns the item of this name, or adds a find that lists the known names.
pub(super) fn find<'a, T>(
    finds: &mut Finds,
    what: What,
    name: &At<Name>,
    all: &'a [T],
    name_of: impl Fn(&T) -> &Name,
) -> Option<&'a T> {
    let found = all.iter().find(|item| name_of(item) == &**name);
    if found.is_none() {
        finds.add(name.place(), unknown(what, name.as_str(), all.iter().map(|item| name_of(item).to_string())));
    }
    found
}

/// Describes an unknown name; a long list of known names is cut.
pub(super) fn unknown(what: What, name: &str, known: impl Iterator<Item = String>) -> Problem {
    const SHOWN: usize = 8;
    let mut known: Vec<String> = known.collect();
    if known.len() > SHOWN {
        let more = known.len() - SHOWN;
        known.truncate(SHOWN);
        known.push(format!("{more} more"));
    }
    Problem::Unknown { what, name: name.to_owned(), known }
}

/// Finds equal names of routers and nodes, which are containers of one engine.
pub(super) fn containers(finds: &mut Finds, raw: &RawLab, routers: &[Entry], cluster: &Cluster) {
    let nodes: BTreeSet<String> = cluster.node_names().map(|(name, _)| name).collect();
    let (mut seen, mut reported) = (BTreeSet::new(), None);
    for entry in routers {
        let name = entry.router.name.as_str();
        // A counted entry is reported once.
        if (nodes.contains(name) || !seen.insert(name)) && reported != Some(entry.source) {
            reported = Some(entry.source);
            let place = raw.routers.get(entry.source).map_or(0..0, |router| router.name.place());
            finds.add(place, Problem::Duplicate { what: What::Container, name: name.to_owned() });
        }
    }
}
