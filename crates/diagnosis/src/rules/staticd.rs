//! The program that sets static routes in the lab's containers.

use netlab::iproute::KernelRoute;
use netlab::{ContainerSpec, Route, RoutesBy};

use crate::check::Check;
use crate::evidence::{Evidence, Inside};
use crate::finding::{Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[Rule::proof("staticd-halted", Layer::Difference, halted)];

const STATICD: &str = "staticd";

/// Returns the reason why a container's static routes are not set any more.
pub(super) fn why(inside: &Inside) -> Option<&'static str> {
    // Where no program could be seen, none is missing.
    match inside.programs.get(STATICD) {
        _ if inside.programs.is_empty() => None,
        None => Some("staticd, which sets it, does not run"),
        Some(true) => Some("staticd, which sets it, is stopped by a signal"),
        Some(false) => None,
    }
}

/// The routes are there, and nothing keeps them: after the next change of a link they are gone.
fn halted(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let own = e.topology.containers().iter().filter(|spec| spec.routes_by == RoutesBy::Itself);
    own.filter_map(|spec| of(spec, e.inside.get(spec.name.as_str())?)).collect()
}

fn of(spec: &ContainerSpec, inside: &Inside) -> Option<Found> {
    let name = spec.name.as_str();
    let leads = |route: &KernelRoute, own: &Route| own.via().iter().all(|hop| route.via.contains(hop));
    let has = |own: &Route| inside.routes.iter().any(|route| route.dst == own.dst() && leads(route, own));
    // A route that is missing is a cause of its own, which says this, too.
    if !spec.routes.iter().all(has) {
        return None;
    }
    let socket = || inside.runs(STATICD) && !inside.run_frr.is_empty() && !inside.run_frr.contains("staticd.vty");
    let (cause, seen) = match inside.programs.get(STATICD) {
        _ if inside.programs.is_empty() => return None,
        None => (format!("staticd does not run in {name}"), format!("/proc in {name}: no process staticd")),
        Some(true) => (
            format!("staticd in {name} is stopped by a signal: it runs, and does nothing"),
            format!("/proc in {name}: staticd is in state T"),
        ),
        Some(false) if socket() => (
            format!("staticd in {name} cannot be asked or configured: its socket is missing"),
            format!("ls /run/frr in {name}: no staticd.vty"),
        ),
        Some(false) => return None,
    };
    let routes =
        if spec.routes.is_empty() { "the lab gives it no static routes" } else { "the static routes are still there" };
    let cause = format!("{cause}; {routes}");
    Some(Found::new(cause, []).seen(seen).remedy(format!("docker restart {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{broken, only};

    fn frr1(change: impl Fn(&mut Inside)) -> Evidence {
        broken(|e| change(e.inside.get_mut("frr1").unwrap()))
    }

    #[test]
    fn what_keeps_the_routes_is_named_while_they_are_there() {
        let dead = frr1(|inside| inside.programs.retain(|name, _| name != STATICD));
        only(&dead, "staticd-halted", &["staticd does not run in frr1; the static routes are still there"]);
        let stopped = frr1(|inside| inside.programs.extend([(STATICD.to_owned(), true)]));
        only(&stopped, "staticd-halted", &["staticd in frr1 is stopped by a signal"]);
        let idle = broken(|e| e.inside.get_mut("next-hop-router").unwrap().programs.retain(|name, _| name != STATICD));
        only(&idle, "staticd-halted", &["staticd does not run in next-hop-router; the lab gives it no static routes"]);
        let silent = frr1(|inside| inside.run_frr.retain(|name| name != "staticd.vty"));
        only(&silent, "staticd-halted", &["staticd in frr1 cannot be asked"]);
    }

    #[test]
    fn a_route_that_went_with_it_is_the_cause_and_says_so() {
        let e = frr1(|inside| {
            inside.programs.remove(STATICD);
            inside.routes.retain(|route| route.via.is_empty());
        });
        let diagnosis = crate::conclude::Diagnosis::of(&e);
        assert!(diagnosis.findings.iter().all(|finding| finding.rule == "route-missing"), "{}", diagnosis.text("⌘"));
        let cause = &diagnosis.findings[0].cause;
        assert!(cause.ends_with(": staticd, which sets it, does not run"), "{cause}");
    }
}
