//! A look at the engine's machine.

use diagnosis::evidence::{Host, procfs};
use labfile::Family;
use netlab::preflight::{self, BridgeNf, HostNet, Severity};
use netlab::{Docker, Observed};

use crate::process::Cmd;
use crate::scene::Scene;

/// The limits that kind's documentation asks for.
const LIMITS: [(&str, u64); 2] = [("fs.inotify.max_user_watches", 524_288), ("fs.inotify.max_user_instances", 512)];

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
    Host { bridge_nf, conflicts, filters, low_limits }
}
