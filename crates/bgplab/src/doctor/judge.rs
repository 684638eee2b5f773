//! Judging a machine by a look at it; no effects here.

use netlab::preflight::Severity;
use netlab::{EngineError, Unreachable};

use super::seen::Seen;
use super::{Fix, Prerequisite};
use labfile::{Install, Lab, Provider};

const GB: u64 = 1 << 30;

/// The limits that kind's documentation asks for, so that several nodes can run.
const WATCHES: u64 = 524_288;
const INSTANCES: u64 = 512;

/// Judges a machine for a lab.
pub(super) fn judge(seen: &Seen, lab: &Lab) -> Vec<Prerequisite> {
    let kind = lab.cluster.provider == Provider::Kind;
    let mut checks = vec![engine(seen)];
    if kind {
        checks.push(kind_program(seen.kind.as_deref()));
    }
    if !matches!(lab.cluster.provider, Provider::Standalone { .. }) {
        let needed = matches!(lab.metallb.install, Install::Make { .. });
        checks.push(kubectl(seen.kubectl, needed));
        checks.push(make(seen.make, needed));
    }
    checks.push(images(&seen.absent, seen.engine.is_ok()));
    checks.push(ranges(&seen.conflicts, seen.engine.is_ok()));
    if seen.local {
        checks.extend(disk(seen.disk));
        checks.push(ipv6(seen));
        checks.push(forwarding(seen.sysctls.ip_forward));
        checks.push(bridge_filter(seen));
        if kind {
            checks.extend(memory(seen.memory));
            checks.push(cgroup(seen.cgroup));
            let sysctls = &seen.sysctls;
            checks.push(inotify("fs.inotify.max_user_watches", sysctls.max_user_watches, WATCHES));
            checks.push(inotify("fs.inotify.max_user_instances", sysctls.max_user_instances, INSTANCES));
        }
    }
    checks
}

fn engine(seen: &Seen) -> Prerequisite {
    let version = match &seen.engine {
        Ok(version) => version,
        Err(error) => {
            let check = Prerequisite::bad("engine", error.to_string(), "a Docker engine is needed, 20.10 or later");
            return match engine_fix(error, seen.dockerd) {
                Some(fix) => check.fixed_by(fix),
                None => check,
            };
        }
    };
    let netlab::EngineVersion { server, api, kernel, arch } = version;
    Prerequisite::good("engine", format!("Docker {server}, API {api}, {arch}, kernel {kernel}"))
}

/// Only the engine at the usual place can be put there by us.
fn engine_fix(error: &EngineError, installed: bool) -> Option<Fix> {
    match error {
        EngineError::NoEngine { host, cause: Unreachable::NoSocket | Unreachable::NotListening }
            if ["unix:///var/run/docker.sock", "unix:///run/docker.sock"].contains(&host.as_str()) =>
        {
            Some(if installed { Fix::StartEngine } else { Fix::InstallEngine })
        }
        _ => None,
    }
}

fn kind_program(version: Option<&str>) -> Prerequisite {
    const REMEDY: &str = "install kind v0.31 or later: https://kind.sigs.k8s.io";
    match version {
        None => Prerequisite::bad("kind", "not installed", REMEDY).fixed_by(Fix::Kind),
        Some(version) if older(version, (0, 31)) => {
            Prerequisite::doubtful("kind", format!("{version}: older than the node image"), REMEDY).fixed_by(Fix::Kind)
        }
        Some(version) => Prerequisite::good("kind", version),
    }
}

/// Returns `true` if a version `v0.30.1` is older than a release; one that cannot be read is not.
fn older(version: &str, than: (u32, u32)) -> bool {
    let mut numbers = version.trim_start_matches('v').split(['.', '-']).map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < than,
        _ => false,
    }
}

/// The lab itself talks to the API without it.
fn kubectl(there: bool, needed: bool) -> Prerequisite {
    const REMEDY: &str = "install kubectl: https://kubernetes.io/docs/tasks/tools";
    match (there, needed) {
        (true, _) => Prerequisite::good("kubectl", "installed"),
        (false, true) => Prerequisite::bad("kubectl", "not installed: the operator's `make deploy` runs it", REMEDY),
        (false, false) => {
            Prerequisite::doubtful("kubectl", "not installed: only what you look at with it needs it", REMEDY)
        }
    }
}

fn make(there: bool, needed: bool) -> Prerequisite {
    const SEEN: &str = "not installed: `deploy-metallb` runs it in the operator's checkout, where one is named";
    let missing = match (there, needed) {
        (true, _) => return Prerequisite::good("make", "installed"),
        (false, true) => Prerequisite::bad("make", SEEN, "install make"),
        (false, false) => Prerequisite::doubtful("make", SEEN, "install make"),
    };
    missing.fixed_by(Fix::Packages(&["make"]))
}

fn images(absent: &[String], engine: bool) -> Prerequisite {
    if !engine {
        return Prerequisite::doubtful("images", "not known", "an engine is needed first");
    }
    if absent.is_empty() {
        return Prerequisite::good("images", "all there");
    }
    let remedy = "they will be pulled; without a registry: `⌘ images load FILE`, or `images build` for FRR's";
    Prerequisite::doubtful("images", format!("not there: {}", absent.join(", ")), remedy)
}

fn ranges(conflicts: &[(Severity, String)], engine: bool) -> Prerequisite {
    let all: Vec<&str> = conflicts.iter().map(|(_, conflict)| conflict.as_str()).collect();
    let remedy = "choose other ranges in a lab file (`⌘ init`), or remove what is in the way";
    match conflicts.iter().map(|(severity, _)| *severity).max() {
        None if !engine => Prerequisite::doubtful("ranges", "not known", "an engine is needed first"),
        None => Prerequisite::good("ranges", "free"),
        Some(Severity::Warns) => Prerequisite::doubtful("ranges", all.join("\n"), remedy),
        Some(Severity::Blocks) => Prerequisite::bad("ranges", all.join("\n"), remedy),
    }
}

fn disk(free: Option<u64>) -> Option<Prerequisite> {
    let seen = |free: u64| format!("{} GB free", free / GB);
    Some(match free? {
        free if free < 2 * GB => Prerequisite::bad("disk", seen(free), "images and nodes need some 5 GB: make room"),
        free if free < 5 * GB => {
            Prerequisite::doubtful("disk", seen(free), "images and nodes need some 5 GB: make room")
        }
        free => Prerequisite::good("disk", seen(free)),
    })
}

fn memory(available: Option<u64>) -> Option<Prerequisite> {
    let seen = |available: u64| format!("{:.1} GB available", available as f64 / GB as f64);
    Some(match available? {
        available if available < 3 * GB => Prerequisite::doubtful(
            "memory",
            seen(available),
            "three nodes need some 3 GB; `--provider standalone` needs 0.3",
        ),
        available => Prerequisite::good("memory", seen(available)),
    })
}

fn ipv6(seen: &Seen) -> Prerequisite {
    match (seen.ipv6, seen.sysctls.disable_ipv6) {
        (true, Some(0)) => Prerequisite::good("ipv6", "on"),
        (_, Some(_)) => Prerequisite::bad("ipv6", "switched off", "the lab's networks have both families")
            .fixed_by(Fix::Sysctl("net.ipv6.conf.all.disable_ipv6", 0)),
        (_, None) => Prerequisite::bad("ipv6", "the kernel has none", "boot without ipv6.disable=1"),
    }
}

fn forwarding(value: Option<u64>) -> Prerequisite {
    match value {
        Some(0) => {
            Prerequisite::doubtful("net.ipv4.ip_forward", "0", "Docker sets it when it starts; something set it back")
                .fixed_by(Fix::Sysctl("net.ipv4.ip_forward", 1))
        }
        _ => Prerequisite::good("net.ipv4.ip_forward", "1"),
    }
}

/// Frames between containers of one bridge go through the host's packet filter where this is 1. Docker 28 and later drop
/// what enters from another bridge for a container's address, and the next-hop-router's frames look like that.
fn bridge_filter(seen: &Seen) -> Prerequisite {
    const NAME: &str = "net.bridge.bridge-nf-call-iptables";
    let server = seen.engine.as_ref().map(|version| version.server.as_str()).unwrap_or_default();
    match seen.sysctls.bridge_nf {
        Some(1) if !server.is_empty() && !older(server, (28, 0)) => Prerequisite::doubtful(
            NAME,
            format!("1, with Docker {server}: the host's packet filter may drop what the routers forward"),
            "if forwarding fails: `sysctl -w net.bridge.bridge-nf-call-iptables=0`, unless other software wants it",
        ),
        Some(value) => Prerequisite::good(NAME, value.to_string()),
        None => Prerequisite::good(NAME, "not loaded"),
    }
}

/// A kubelet of 1.35 and later refuses version 1 unless a setting allows it.
fn cgroup(version: u8) -> Prerequisite {
    if version == 2 {
        return Prerequisite::good("cgroup", "version 2");
    }
    Prerequisite::doubtful("cgroup", "version 1: Kubernetes 1.35 refuses it unless its node image says otherwise", {
        "boot with systemd.unified_cgroup_hierarchy=1, or use `--provider standalone`"
    })
}

fn inotify(name: &'static str, value: Option<u64>, least: u64) -> Prerequisite {
    match value {
        Some(value) if value < least => Prerequisite::doubtful(
            name,
            format!("{value}"),
            format!("several nodes want {least}: `sysctl -w {name}={least}`"),
        )
        .fixed_by(Fix::Sysctl(name, least)),
        Some(value) => Prerequisite::good(name, value.to_string()),
        None => Prerequisite::doubtful(name, "not known", "is this Linux?"),
    }
}

#[cfg(test)]
mod tests;
