//! The files that the lab puts into its containers.

use netlab::{Facts, FileSpec};

use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;

pub(super) const RULES: &[Rule] = &[Rule::proof("file-differs", Layer::Daemon, differs)];

/// A file that is not as the lab wrote it: what runs may still be right, until the container starts again.
fn differs(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let facts = |name: &str| e.docker.as_ref().filter(|_| e.is_running(name))?.facts.get(name);
    let own = e.topology.containers().iter().filter_map(|spec| Some((spec, facts(spec.name.as_str())?)));
    // A router's configuration names the nodes: without the address of one, the lab's own text is not known.
    let is_known = e.lab.knows_every_node(&e.nodes);
    let changed = own.flat_map(|(spec, facts)| {
        let known = spec.files.iter().filter(move |file| is_known || !file.path.ends_with("/frr.conf"));
        let files = known.filter(move |file| !facts.has_file(file));
        files.map(move |file| found(spec.name.as_str(), facts, file))
    });
    changed.collect()
}

fn found(name: &str, facts: &Facts, file: &FileSpec) -> Found {
    let path = &file.path;
    let (cause, seen) = if !facts.files.contains_key(path) {
        (format!("the file {path} is missing in {name}"), format!("ls {path} in {name}: no such file"))
    } else if facts.pending.contains(path) {
        (
            format!("{name} has not loaded the file {path} that the lab gave it"),
            format!("{path} in {name} is newer than what runs"),
        )
    } else {
        let cause = format!("the file {path} in {name} is not as the lab wrote it: somebody changed it");
        (cause, format!("sha256sum {path} in {name}: not that of the lab's text"))
    };
    let check = Break::Check(Topic::Containers, Subject::Container(name.to_owned()));
    Found::new(cause, [check]).seen(seen).remedy("⌘ lab-up writes it again, and loads it")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use netlab::{Fingerprint, Source};

    use super::*;
    use crate::evidence::tests::{fail, healthy_kind};
    use crate::rules::tests::{broken, only};

    /// The documented lab, of whose first router the files were read, and changed.
    fn with(change: impl FnOnce(&mut Facts)) -> Evidence {
        broken(|e| {
            let spec = e.topology.container("frr1").unwrap();
            let files = spec.files.iter().map(|file| (file.path.clone(), Fingerprint::of_bytes(&file.contents)));
            let mut facts = Facts::new(Source::Procfs);
            facts.files = files.collect();
            change(&mut facts);
            e.docker.as_mut().unwrap().facts = BTreeMap::from([("frr1".to_owned(), facts)]);
            fail(e, Topic::Containers, Subject::Container("frr1".into()));
        })
    }

    #[test]
    fn a_file_that_somebody_changed_is_named() {
        let conf = "/etc/frr/frr.conf";
        let removed = with(|facts| drop(facts.files.remove(conf)));
        only(&removed, "file-differs", &["the file /etc/frr/frr.conf is missing in frr1", "lab-up", "explains"]);
        let changed = with(|facts| drop(facts.files.insert(conf.into(), Fingerprint::of_bytes(b"!"))));
        only(&changed, "file-differs", &["the file /etc/frr/frr.conf in frr1 is not as the lab wrote it", "explains"]);
        let pending = with(|facts| facts.pending = BTreeSet::from([conf.to_owned()]));
        only(&pending, "file-differs", &["frr1 has not loaded the file /etc/frr/frr.conf"]);
    }

    /// The neighbors of a router are nodes' addresses: with a node that does not run, they are not known.
    #[test]
    fn a_text_that_is_not_known_differs_from_nothing() {
        let mut e = healthy_kind();
        let spec = e.topology.container("frr1").unwrap();
        let files = spec.files.iter().map(|file| (file.path.clone(), Fingerprint::of_bytes(b"!")));
        let mut facts = Facts::new(Source::Procfs);
        facts.files = files.collect();
        e.docker.as_mut().unwrap().facts = BTreeMap::from([("frr1".to_owned(), facts)]);
        let named = |e: &Evidence| differs(e, &[]).iter().map(|found| found.cause.clone()).collect::<Vec<_>>();
        let conf = |e: &Evidence| named(e).iter().any(|cause| cause.contains("/etc/frr/frr.conf"));
        assert!(conf(&e));
        e.nodes.pop();
        assert!(!conf(&e) && !named(&e).is_empty(), "the other files are known: {:?}", named(&e));
    }
}
