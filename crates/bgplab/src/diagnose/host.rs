//! A look at the engine's machine.

use diagnosis::evidence::{Host, procfs};
use labfile::Family;
use netlab::preflight::{self, BridgeNf, HostNet, Severity};
use netlab::{Docker, Observed};

use crate::process::Cmd;
use crate::scene::Scene;

/// The limits that kind's documentation asks for.
const LIMITS: [(&str, u64); 2] = [("fs.inotify.max_user_watches", 524_288), ("fs.inotify.max_user_instances", 512)];

/// The bridges of the lab's networks.
fn bridges(scene: &Scene, observed: &Observed) -> impl Iterator<Item = String> {
    let lab = scene.topology.name();
    let own = scene.topology.networks().iter().filter_map(move |spec| observed.network_of(lab, spec.name.as_str()));
    own.filter_map(netlab::NetworkState::bridge)
}

/// Returns `true` if a link of the machine is there, and turned off: the lowest bit of its flags (`linux/if.h`).
fn is_down(link: &str) -> bool {
    let flags = fs_err::read_to_string(format!("/sys/class/net/{link}/flags")).ok();
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim().trim_start_matches("0x"), 16).ok());
    flags.is_some_and(|flags| flags & 1 == 0)
}

/// Looks at the machine; without the right to read rules, none are seen.
pub(super) async fn look(docker: &Docker, scene: &Scene, observed: &Observed) -> Host {
    if !docker.is_local() {
        return Host::default();
    }
    let bridge_nf = BridgeNf::read();
    let [four, six] = ["iptables-save", "ip6tables-save"].map(Cmd::new);
    let (four, six) = futures::join!(four.read(), six.read());
    let saved = [four.unwrap_or_default(), six.unwrap_or_default()];
    let mut conflicts = preflight::check(&scene.topology, &[], observed, HostNet::read().ok().as_ref());
    conflicts.retain(|conflict| conflict.severity() == Severity::Blocks);
    for text in &saved {
        conflicts.extend(preflight::stale_masquerades(text, bridge_nf, &scene.topology, observed));
    }
    let low = |(name, should): (&'static str, u64)| {
        let text = fs_err::read_to_string(format!("/proc/sys/{}", name.replace('.', "/"))).ok()?;
        let is = text.trim().parse().ok()?;
        (is < should).then_some((name, is, should))
    };
    let low_limits = LIMITS.into_iter().filter_map(low).collect();
    let of_families = saved.iter().zip(Family::ALL);
    let filters = of_families.flat_map(|(text, family)| procfs::filters(text, family)).collect();
    let bridges_down = bridges(scene, observed).filter(|bridge| is_down(bridge)).collect();
    Host { bridge_nf, conflicts, bridges_down, filters, low_limits }
}
