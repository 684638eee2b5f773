//! Kernel settings that the lab gives a container, and that nothing needs there.

use super::pair::enter;
use crate::check::Check;
use crate::evidence::Evidence;
use crate::evidence::inside::{FORWARD4, FORWARD6};
use crate::finding::{Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[Rule::proof("sysctl-differs", Layer::Difference, differs)];

/// Forwarding in a container that no route of the lab leads through. Where one does, it breaks the way, which is another
/// rule's to say.
fn differs(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let gateways = || e.lab.routes.iter().flat_map(|route| &route.gateways);
    let passes = |name: &str| gateways().any(|gateway| gateway.router.as_str() == name);
    let mut all = Vec::new();
    for spec in e.topology.containers().iter().filter(|spec| !passes(spec.name.as_str())) {
        let name = spec.name.as_str();
        let Some(inside) = e.inside.get(name) else { continue };
        let settings = e.topology.sysctls(spec).into_iter();
        for (key, meant) in settings.filter(|(key, _)| [FORWARD4, FORWARD6].contains(&key.as_str())) {
            let Some(is) = inside.sysctls.get(&key).filter(|is| !is.is_empty() && **is != meant) else { continue };
            let cause = format!(
                "{name} has another setting than the lab gives it: {key} is {is}, not {meant}; no route of the lab leads through it"
            );
            let set = format!("docker restart {name}, or as root: {} sysctl -w {key}={meant}", enter(name));
            all.push(Found::new(cause, []).seen(format!("sysctl in {name}: {key} is {is}")).remedy(set));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{broken, only};

    #[test]
    fn a_setting_that_nothing_needs_is_named_as_a_difference() {
        let off =
            |name: &str| broken(|e| drop(e.inside.get_mut(name).unwrap().sysctls.insert(FORWARD4.into(), "0".into())));
        only(&off("frr1"), "sysctl-differs", &["net.ipv4.ip_forward is 0, not 1", "docker restart frr1"]);
        only(&off("next-hop-router"), "forwarding-off", &["next-hop-router does not pass on IPv4"]);
    }
}
