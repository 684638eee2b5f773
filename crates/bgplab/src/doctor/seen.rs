//! Looking at the machine; nothing is judged here.

use camino::Utf8Path;
use netlab::preflight::Severity;
use netlab::{Docker, Engine, EngineError, EngineVersion};

use crate::bringup::guard;
use crate::failure::Failure;
use crate::images;
use crate::process::Cmd;
use labfile::compose;
use labfile::{Lab, Provider};

/// A look at the machine.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) engine: Result<EngineVersion, EngineError>,
    /// `true` if it is reached through a socket of this machine.
    pub(super) local: bool,
    /// `true` if `dockerd` is on PATH.
    pub(super) dockerd: bool,
    /// The version of kind (`v0.33.0`), where the program is there.
    pub(super) kind: Option<String>,
    pub(super) kubectl: bool,
    pub(super) make: bool,
    /// Images of the lab that the engine does not have.
    pub(super) absent: Vec<String>,
    /// Everything in the way of the lab's ranges.
    pub(super) conflicts: Vec<(Severity, String)>,
    /// Bytes free where the engine keeps its images.
    pub(super) disk: Option<u64>,
    /// Bytes of memory available.
    pub(super) memory: Option<u64>,
    /// The version of the control groups.
    pub(super) cgroup: u8,
    /// `true` if the kernel has IPv6.
    pub(super) ipv6: bool,
    pub(super) sysctls: Sysctls,
}

/// Kernel settings; `None` where the kernel does not have one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sysctls {
    pub(super) ip_forward: Option<u64>,
    pub(super) disable_ipv6: Option<u64>,
    pub(super) bridge_nf: Option<u64>,
    pub(super) max_user_watches: Option<u64>,
    pub(super) max_user_instances: Option<u64>,
}

impl Seen {
    /// Looks at everything; what cannot be seen is seen as missing.
    pub(super) async fn look(lab: &Lab) -> Self {
        let connected = Docker::connect().await;
        let (absent, conflicts, local) = match &connected {
            Ok(docker) => (absent(docker, lab).await, conflicts(docker, lab).await, docker.is_local()),
            Err(_) => (Vec::new(), Vec::new(), true),
        };
        let kind = match lab.cluster.provider {
            Provider::Kind => Cmd::new("kind").arg("version").read().await.ok(),
            _ => None,
        };
        let engine = match connected {
            Ok(docker) => docker.version().await,
            Err(error) => Err(error),
        };
        Self {
            engine,
            local,
            dockerd: which::which("dockerd").is_ok(),
            kind: kind.map(|said| said.split_whitespace().nth(1).unwrap_or(&said).to_owned()),
            kubectl: which::which("kubectl").is_ok(),
            make: which::which("make").is_ok(),
            absent,
            conflicts,
            disk: free(),
            memory: available_memory(),
            cgroup: if Utf8Path::new("/sys/fs/cgroup/cgroup.controllers").exists() { 2 } else { 1 },
            ipv6: Utf8Path::new("/proc/net/if_inet6").exists(),
            sysctls: Sysctls::read(),
        }
    }
}

async fn absent(docker: &Docker, lab: &Lab) -> Vec<String> {
    let needs = images::without_metallb(lab);
    let names: Vec<&str> = needs.iter().map(|need| need.image.as_str()).collect();
    let states = docker.image_states(&names).await.unwrap_or_default();
    states.into_iter().filter(|state| state.id.is_none()).map(|state| state.reference).collect()
}

async fn conflicts(docker: &Docker, lab: &Lab) -> Vec<(Severity, String)> {
    let compare = async || -> Result<_, Failure> {
        let topology = compose::docker_lab(lab, compose::known_nodes(lab))?;
        let observed = netlab::observe(docker, &topology).await?;
        Ok(guard::conflicts(lab, &topology, &observed, docker).await)
    };
    match compare().await {
        Ok(conflicts) => conflicts.iter().map(|conflict| (conflict.severity(), conflict.to_string())).collect(),
        Err(failure) => vec![(Severity::Warns, format!("they cannot be compared: {}", failure.message()))],
    }
}

/// Free bytes of the file system that holds, or would hold, the engine's data.
fn free() -> Option<u64> {
    let folder = ["/var/lib/docker", "/var/lib", "/"].into_iter().find(|folder| Utf8Path::new(folder).exists())?;
    let stat = rustix::fs::statvfs(folder).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

fn available_memory() -> Option<u64> {
    let text = fs_err::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

impl Sysctls {
    fn read() -> Self {
        let read = |name: &str| fs_err::read_to_string(path(name)).ok()?.trim().parse().ok();
        Self {
            ip_forward: read("net.ipv4.ip_forward"),
            disable_ipv6: read("net.ipv6.conf.all.disable_ipv6"),
            bridge_nf: read("net.bridge.bridge-nf-call-iptables"),
            max_user_watches: read("fs.inotify.max_user_watches"),
            max_user_instances: read("fs.inotify.max_user_instances"),
        }
    }
}

/// Returns the file in which the kernel shows a setting.
pub(super) fn path(sysctl: &str) -> String {
    format!("/proc/sys/{}", sysctl.replace('.', "/"))
}
