//! The names of what MetalLB's suite makes, by which it is recognized afterwards.

/// The suite's routers.
pub(super) const CONTAINERS: [&str; 8] = [
    "ibgp-single-hop",
    "ibgp-multi-hop",
    "ebgp-single-hop",
    "ebgp-multi-hop",
    "ibgp-vrf-single-hop",
    "ibgp-vrf-multi-hop",
    "ebgp-vrf-single-hop",
    "ebgp-vrf-multi-hop",
];

/// The suite's networks.
pub(super) const NETWORKS: [&str; 3] = ["kind-multihop", "vrf-net", "vrf-multihop"];

/// The beginnings of the names of its namespaces.
const NAMESPACES: [&str; 10] = [
    "assignement-",
    "bgp-",
    "bgpsvcsel-",
    "l2-",
    "l2interface-",
    "l2sel-",
    "l2spk-",
    "l2svcsel-",
    "lbclass-",
    "test-netpol-",
];

/// The namespace beside MetalLB's.
const OTHER: &str = "metallb-system-other";

/// The beginning of the names of routers on a link of their own with a node.
const UNNUMBERED: &str = "unnumbered-p2p-";

/// Returns `true` if a container is the suite's by its name.
#[must_use]
pub(super) fn is_container(name: &str) -> bool {
    CONTAINERS.contains(&name) || name.starts_with(UNNUMBERED)
}

/// Returns the namespaces that the suite made: those of its names that were not there before.
#[must_use]
pub(super) fn namespaces(now: &[String], before: &[String]) -> Vec<String> {
    let named = |name: &&String| *name == OTHER || NAMESPACES.iter().any(|of| name.starts_with(of));
    now.iter().filter(named).filter(|name| !before.contains(name)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_is_not_the_suites() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let now = names(&["default", "bgp-1a2b", "bgp-mine", "metallb-system", "metallb-system-other", "l2-9"]);
        assert_eq!(namespaces(&now, &names(&["default", "bgp-mine"])), ["bgp-1a2b", "metallb-system-other", "l2-9"]);
        assert!(is_container("unnumbered-p2p-kind-worker-net0") && !is_container("frr1"));
    }
}
