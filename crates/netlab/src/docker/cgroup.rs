//! Reading a container's limits: from outside, where the engine is on this machine, else by a command in the container.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::Docker;
use crate::engine::{EngineError, Limits};

const ROOT: &str = "/sys/fs/cgroup";

impl Docker {
    /// Reads the limits of a running container. From outside that takes a millisecond, however slow the limits make
    /// the container itself.
    ///
    /// # Errors
    /// [`EngineError`] where a command in the container is needed, and cannot run.
    pub async fn limits(&self, container: &str) -> Result<Limits, EngineError> {
        if let Some((id, process)) = self.local(container).await
            && let Ok(groups) = fs::read_to_string(process.join("cgroup"))
        {
            return Ok(Limits::read(|file| fs::read_to_string(path(&groups, &id, file)?).ok()));
        }
        let script = format!("cd {ROOT} && grep -H '' {}", Limits::FILES.join(" "));
        let printed = self.exec_in(container, &["sh", "-c", &script]).await?.stdout;
        let mut files: BTreeMap<&str, String> = BTreeMap::new();
        for (file, line) in printed.lines().filter_map(|line| line.split_once(':')) {
            let text = files.entry(file).or_default();
            text.push_str(line);
            text.push('\n');
        }
        Ok(Limits::read(|file| files.get(file).cloned()))
    }
}

/// The place of a file of a container's group: its controller's hierarchy in version 1, the only one in version 2. The
/// group is that of the container as a whole, which the name of its id ends; processes may be in groups below.
fn path(groups: &str, id: &str, file: &str) -> Option<PathBuf> {
    let controller = file.split_once('/').map_or("", |(controller, _)| controller);
    let below = groups.lines().find_map(|line| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, below) = rest.split_once(':')?;
        controllers.split(',').any(|name| name == controller).then_some(below)
    })?;
    let end = below.find(id)? + id.len();
    let end = below[end..].find('/').map_or(below.len(), |more| end + more);
    let group = below[..end].trim_start_matches('/');
    let name = file.rsplit('/').next()?;
    Some(PathBuf::from(ROOT).join(controller).join(group).join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_is_that_of_the_whole_container() {
        let at = |groups: &str, file: &str| path(groups, "495e", file).map(|path| path.display().to_string());
        let one = "4:memory:/docker/495e\n1:cpu,cpuacct:/docker/495e/init\n0::/docker/495e\n";
        assert_eq!(at(one, "cpu/cpu.stat").as_deref(), Some("/sys/fs/cgroup/cpu/docker/495e/cpu.stat"));
        assert_eq!(
            at(one, "memory/memory.oom_control").as_deref(),
            Some("/sys/fs/cgroup/memory/docker/495e/memory.oom_control")
        );
        let two = "0::/system.slice/docker-495e.scope/init.scope\n";
        assert_eq!(at(two, "cpu.max").as_deref(), Some("/sys/fs/cgroup/system.slice/docker-495e.scope/cpu.max"));
        assert_eq!(at(two, "cpu/cpu.stat"), None);
        assert_eq!(at("0::/\n", "cpu.max"), None, "not the container's own");
    }
}
