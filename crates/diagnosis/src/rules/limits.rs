//! The limits of a container: processor time, memory.

use netlab::{CpuLimit, Limits};

use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("cpu-limit", Layer::Container, starved),
    Rule::proof("memory-limit", Layer::Container, memory),
    Rule::inference("cpu-throttled", Layer::Container, throttled),
];

fn limited(e: &Evidence) -> impl Iterator<Item = (&str, &Limits)> {
    e.places().filter(|place| e.is_running(place)).filter_map(|place| Some((place, e.limits.get(place)?)))
}

fn cpu(place: &str, limit: CpuLimit, how: &str) -> Found {
    let CpuLimit { quota, period, periods, throttled, still } = limit;
    let processors = format!("{:.3}", limit.processors());
    let processors = processors.trim_end_matches('0').trim_end_matches('.');
    Found::new(
        format!("container {place} may use {processors} of a processor at most, {how}"),
        [Break::Place(place.to_owned())],
    )
    .seen(format!("its control group: {quota} of every {period} µs; throttled in {throttled} of {periods} periods, for {:.1} s in all", still.as_secs_f64()))
    .remedy(format!("docker update --cpu-quota -1 {place}\n--cpus 0 does not lift the limit"))
}

/// FRR alone needs a few hundredths of a processor, each command in its container more.
fn starved(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let little = |limit: &CpuLimit| limit.quota.saturating_mul(10) < limit.period && limit.is_throttled(4);
    let found = |(place, limits): (&str, &Limits)| {
        let limit = limits.cpu.filter(little)?;
        Some(cpu(place, limit, "which is too little for FRR: it is throttled, and its timers run out"))
    };
    limited(e).filter_map(found).collect()
}

/// A larger share may be meant, and suffice: it is a cause only where something fails that nothing else explains.
fn throttled(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let found = |(place, limits): (&str, &Limits)| {
        let limit = limits.cpu.filter(|limit| limit.is_throttled(10))?;
        open.iter().any(|check| check.subject.concerns(place)).then(|| cpu(place, limit, "and is throttled"))
    };
    limited(e).filter_map(found).collect()
}

fn memory(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(place, limits): (&str, &Limits)| {
        let (bytes, killed) = (limits.memory?, limits.killed);
        (killed > 0).then(|| {
            let size = bytes / (1 << 20);
            Found::new(
                format!("container {place} may use {size} MiB of memory at most, and the kernel killed processes in it for lack of memory"),
                [Break::Place(place.to_owned())],
            )
            .seen(format!("its control group: a limit of {bytes} bytes; oom_kill {killed}"))
            .remedy(format!("docker update --memory 1g --memory-swap -1 {place}, then docker restart {place}"))
        })
    };
    limited(e).filter_map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Topic;
    use crate::evidence::tests::fail;
    use crate::rules::tests::{broken, only};
    use crate::subject::Subject;

    /// The healthy lab with limits for frr1; its session fails or not.
    fn limited(change: impl FnOnce(&mut Limits), fails: bool) -> Evidence {
        broken(|e| {
            change(e.limits.entry("frr1".into()).or_default());
            if fails {
                fail(e, Topic::Bgp, Subject::session("frr1", "kind-worker"));
            }
        })
    }

    fn cpu(quota: u64, throttled: u64) -> Option<CpuLimit> {
        let still = std::time::Duration::from_millis(2500);
        Some(CpuLimit { quota, period: 100_000, periods: 25, throttled, still })
    }

    #[test]
    fn too_little_processor_time() {
        let words = [
            "container frr1 may use 0.01 of a processor at most",
            "throttled in 24 of 25 periods, for 2.5 s in all",
            "docker update --cpu-quota -1 frr1",
            "explains",
        ];
        only(&limited(|limits| limits.cpu = cpu(1000, 24), true), "cpu-limit", &words);
    }

    #[test]
    fn a_limit_that_suffices_is_no_cause() {
        for (quota, throttled) in [(200_000, 24), (1000, 0)] {
            let e = limited(|limits| limits.cpu = cpu(quota, throttled), false);
            assert!(crate::conclude::Diagnosis::of(&e).is_healthy(), "{quota} {throttled}");
        }
        let e = limited(|limits| limits.cpu = cpu(50_000, 12), true);
        only(&e, "cpu-throttled", &["0.5 of a processor at most, and is throttled", "12 of 25 periods"]);
        let e = limited(|limits| limits.cpu = cpu(50_000, 1), true);
        assert_eq!(crate::conclude::Diagnosis::of(&e).findings, [], "once is no reason");
    }

    #[test]
    fn too_little_memory() {
        let e = limited(|limits| (limits.memory, limits.killed) = (Some(20 << 20), 1), false);
        only(&e, "memory-limit", &["20 MiB of memory at most", "oom_kill 1", "docker update --memory 1g"]);
        let e = limited(|limits| limits.memory = Some(20 << 20), false);
        assert!(crate::conclude::Diagnosis::of(&e).is_healthy(), "a limit that kills nothing");
    }
}
