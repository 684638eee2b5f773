//! Looks for conflicting ranges, on this machine and in Docker, before anything is changed.

use std::time::Duration;

use netlab::preflight::{self, BridgeNf, Conflict, HostNet, NamedRange, Severity};
use netlab::{Docker, Observed};
use settle::{Unsettled, Verdict, Wait};
use tracing::warn;

use crate::failure::Failure;
use crate::process::Cmd;
use labfile::{AddressRange, Lab, Provider};

/// Time that an engine may take to list a network that it is making, or to be done with one that it gives up.
const LISTED: Duration = Duration::from_secs(3);

/// Refuses a lab whose ranges something else has; returns what was observed, or the newer look that found them unused.
///
/// # Errors
/// A machine failure that names every conflict.
pub async fn preflight(
    lab: &Lab,
    topology: &netlab::Lab,
    observed: Observed,
    docker: &Docker,
) -> Result<Observed, Failure> {
    let mut found = blocking(lab, topology, &observed, docker).await;
    if found.is_empty() {
        return Ok(observed);
    }
    if found.iter().all(|conflict| !matches!(conflict, Conflict::Docker { .. })) {
        // An engine that is just making or removing a network, as after an interrupted run, has its bridge while the
        // network is not listed.
        let wait = Wait::new("the lab's ranges are free", LISTED);
        let look = wait.poll(async || match netlab::observe(docker, topology).await {
            Err(error) => Verdict::Failed(error),
            Ok(observed) => {
                found = blocking(lab, topology, &observed, docker).await;
                if found.is_empty() { Verdict::Ready(observed) } else { Verdict::NotYet("they are not".to_owned()) }
            }
        });
        match look.await {
            Ok(observed) => return Ok(observed),
            Err(Unsettled::Failed { error, .. }) => return Err(error.into()),
            Err(_) => {}
        }
    }
    let failure = Failure::machine("the lab's ranges are in use already; nothing was changed");
    Err(found.iter().fold(failure, |failure, conflict| failure.because(conflict.to_string())))
}

/// The conflicts with which a lab cannot work; the others are warned of.
async fn blocking(lab: &Lab, topology: &netlab::Lab, observed: &Observed, docker: &Docker) -> Vec<Conflict> {
    let conflicts = conflicts(lab, topology, observed, docker).await;
    let (fatal, others): (Vec<_>, Vec<_>) =
        conflicts.into_iter().partition(|conflict| conflict.severity() == Severity::Blocks);
    others.iter().for_each(|conflict| warn!("{conflict}"));
    fatal
}

/// Returns everything that is in the way of the lab's ranges.
pub async fn conflicts(lab: &Lab, topology: &netlab::Lab, observed: &Observed, docker: &Docker) -> Vec<Conflict> {
    // The kernel of another machine cannot be read from here.
    let host = docker.is_local().then(HostNet::read).and_then(Result::ok);
    let mut conflicts = preflight::check(topology, &named_ranges(lab), observed, host.as_ref());
    let there = |network: &netlab::NetworkSpec| observed.network_of(topology.name(), network.name.as_str()).is_some();
    // Rules that an engine left behind; networks that are there already have shown what comes of them.
    let bridge_nf = BridgeNf::read();
    if docker.is_local() && bridge_nf != BridgeNf::default() && !topology.networks().iter().all(there) {
        for program in ["iptables-save", "ip6tables-save"] {
            // Without the right to read them, the checks of forwarding still find their effect.
            let saved = Cmd::new(program).args(["-t", "nat"]).read().await.unwrap_or_default();
            conflicts.extend(preflight::stale_masquerades(&saved, bridge_nf, topology, observed));
        }
    }
    conflicts
}

/// Ranges that are no Docker network's: pools, and with Kubernetes pods and services.
fn named_ranges(lab: &Lab) -> Vec<NamedRange> {
    let mut named = Vec::new();
    if lab.cluster.provider == Provider::Kind {
        for (what, subnets) in [("pods", &lab.cluster.pods), ("services", &lab.cluster.services)] {
            named.extend(subnets.iter().map(|range| NamedRange::inside(what, range)));
        }
    }
    for pool in &lab.pools {
        for prefix in pool.ranges.iter().flat_map(AddressRange::subnets) {
            named.push(NamedRange::inside(format!("pool {}", pool.name), prefix));
        }
    }
    named
}
