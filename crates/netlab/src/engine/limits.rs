//! The limits of a container's control group, and how often they held it back.

use std::time::Duration;

/// The limits of a container, as the kernel keeps them: an inspection also shows limits that were lifted since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The processor time; `None` without a limit.
    pub cpu: Option<CpuLimit>,
    /// The memory in bytes; `None` without a limit.
    pub memory: Option<u64>,
    /// The processes that the kernel ended for lack of memory.
    pub killed: u64,
}

/// A limit of processor time (kernel `Documentation/scheduler/sched-bwc.rst`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpuLimit {
    /// The processor time that a period allows, in microseconds.
    pub quota: u64,
    /// The period in microseconds.
    pub period: u64,
    /// The periods in which anything ran.
    pub periods: u64,
    /// The periods in which the container used up its time, and stood still for the rest.
    pub throttled: u64,
    /// The time that its processes stood still, all together.
    pub still: Duration,
}

impl CpuLimit {
    /// The limit in processors, such as 0.5.
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a period are few")]
    pub fn processors(&self) -> f64 {
        self.quota as f64 / self.period.max(1) as f64
    }

    /// Returns `true` if at least one of `among` periods was cut short.
    pub const fn is_throttled(&self, among: u64) -> bool {
        self.throttled > 0 && self.throttled.saturating_mul(among) >= self.periods
    }
}

/// More than any machine has: version 1 writes the greatest number of pages where there is no limit.
const UNLIMITED: u64 = 1 << 60;

impl Limits {
    /// The files that say it, below `/sys/fs/cgroup`: those of version 2, and those of version 1 below their controllers.
    pub const FILES: [&str; 9] = [
        "cpu.max",
        "cpu.stat",
        "memory.max",
        "memory.events",
        "cpu/cpu.cfs_quota_us",
        "cpu/cpu.cfs_period_us",
        "cpu/cpu.stat",
        "memory/memory.limit_in_bytes",
        "memory/memory.oom_control",
    ];

    /// Reads the contents of [`Limits::FILES`], of which a machine has those of its version.
    pub fn read(file: impl Fn(&str) -> Option<String>) -> Self {
        let first = |names: [&str; 2]| names.into_iter().find_map(&file).unwrap_or_default();
        let number = |name: &str| file(name)?.trim().parse::<u64>().ok();
        let stat = first(["cpu/cpu.stat", "cpu.stat"]);
        let count = |key: &str| value(&stat, key).unwrap_or_default();
        let still = match value(&stat, "throttled_time") {
            Some(nanoseconds) => Duration::from_nanos(nanoseconds),
            None => Duration::from_micros(count("throttled_usec")),
        };
        // Without a limit, version 1 has a quota of -1, and version 2 `max`.
        let one = || Some((number("cpu/cpu.cfs_quota_us")?, number("cpu/cpu.cfs_period_us")?));
        let two = || {
            let max = file("cpu.max")?;
            let (quota, period) = max.trim().split_once(' ')?;
            Some((quota.parse().ok()?, period.parse().ok()?))
        };
        let (periods, throttled) = (count("nr_periods"), count("nr_throttled"));
        let cpu = one().or_else(two).map(|(quota, period)| CpuLimit { quota, period, periods, throttled, still });
        let memory = number("memory/memory.limit_in_bytes").or_else(|| number("memory.max"));
        let events = first(["memory/memory.oom_control", "memory.events"]);
        let killed = value(&events, "oom_kill").unwrap_or_default();
        Self { cpu, memory: memory.filter(|bytes| *bytes < UNLIMITED), killed }
    }
}

/// The number in a line `KEY NUMBER`.
fn value(text: &str, key: &str) -> Option<u64> {
    let mut pairs = text.lines().filter_map(|line| line.split_once(' '));
    pairs.find(|(name, _)| *name == key)?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(files: &[(&str, &str)]) -> Limits {
        Limits::read(|name| files.iter().find(|(file, _)| *file == name).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn both_versions_say_the_same() {
        let one = limits(&[
            ("cpu/cpu.cfs_quota_us", "1000\n"),
            ("cpu/cpu.cfs_period_us", "100000\n"),
            ("cpu/cpu.stat", "nr_periods 25\nnr_throttled 24\nthrottled_time 2505403000\nnr_bursts 0\n"),
            ("memory/memory.limit_in_bytes", "20971520\n"),
            ("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"),
        ]);
        let still = Duration::from_micros(2_505_403);
        let cpu = CpuLimit { quota: 1000, period: 100_000, periods: 25, throttled: 24, still };
        assert_eq!(one, Limits { cpu: Some(cpu), memory: Some(20_971_520), killed: 1 });
        let two = limits(&[
            ("cpu.max", "1000 100000\n"),
            ("cpu.stat", "usage_usec 9\nnr_periods 25\nnr_throttled 24\nthrottled_usec 2505403\n"),
            ("memory.max", "20971520\n"),
            ("memory.events", "low 0\nmax 7\noom 1\noom_kill 1\noom_group_kill 0\n"),
        ]);
        assert_eq!(one, two);
        assert!((cpu.processors() - 0.01).abs() < 1e-9 && cpu.is_throttled(2));
        assert!(!CpuLimit { throttled: 2, ..cpu }.is_throttled(10));
    }

    #[test]
    fn without_limits_there_are_none() {
        let one = [
            ("cpu/cpu.cfs_quota_us", "-1\n"),
            ("cpu/cpu.cfs_period_us", "100000\n"),
            ("memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ];
        assert_eq!(limits(&one), Limits::default());
        assert_eq!(limits(&[("cpu.max", "max 100000\n"), ("memory.max", "max\n")]), Limits::default());
        assert_eq!(limits(&[]), Limits::default());
    }
}
