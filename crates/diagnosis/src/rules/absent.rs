//! A lab of which nothing is there: one cause, not one for each of its containers and networks.

use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[Rule::proof("lab-missing", Layer::Container, missing)];

/// Returns `true` if the engine has nothing that has the name of one of the lab's containers or networks.
pub(super) fn is_absent(e: &Evidence) -> bool {
    let Some(docker) = &e.docker else { return false };
    let no_network = |name: &str| docker.networks.iter().all(|network| network.name != name);
    e.lost_nodes().is_empty()
        && e.places().all(|name| e.container(name).is_none())
        && e.topology.networks().iter().all(|network| no_network(network.name.as_str()))
}

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    if !is_absent(e) {
        return Vec::new();
    }
    let places = e.places().map(|name| Break::Place(name.to_owned()));
    let networks = e.topology.networks().iter().map(|network| Break::Network(network.name.to_string()));
    let name = e.topology.name();
    let found = Found::new(
        format!("nothing of lab {name} is there: it was removed, or never made"),
        places.chain(networks).collect::<Vec<_>>(),
    );
    let seen = format!(
        "docker ps -a, docker network ls: none of its {} names",
        e.places().count() + e.topology.networks().len()
    );
    vec![found.seen(seen).remedy("⌘ lab-up")]
}

#[cfg(test)]
mod tests {
    use netlab::preflight::{Conflict, NamedRange};

    use super::*;
    use crate::Diagnosis;
    use crate::rules::tests::{broken, only};

    fn absent(change: impl FnOnce(&mut Evidence)) -> Evidence {
        broken(|e| {
            let docker = e.docker.as_mut().unwrap();
            docker.containers.clear();
            docker.networks.clear();
            (e.inside, e.frr) = Default::default();
            change(e);
        })
    }

    #[test]
    fn nothing_is_one_cause() {
        only(&absent(|_| {}), "lab-missing", &["nothing of lab documented is there", "lab-up"]);
    }

    #[test]
    fn what_keeps_it_from_being_made_comes_first() {
        let range = || NamedRange::inside("network kind", "10.0.1.0/24".parse().unwrap());
        let route = |e: &mut Evidence| {
            let route = "10.0.1.0/24".parse().unwrap();
            e.host.conflicts = vec![Conflict::HostRoute { ours: range(), dev: "tun0".into(), route }];
        };
        let rules: Vec<&str> = Diagnosis::of(&absent(route)).findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["host-range", "lab-missing"]);
    }
}
