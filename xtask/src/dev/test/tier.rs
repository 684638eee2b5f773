//! The tiers, and which of them run: no effects here.

use std::fmt;

use serde::Serialize;

/// A set of tests, by what they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tier {
    /// Needs nothing but Cargo
    Fast,
    /// Needs a Docker engine and the FRR images
    Engine,
    /// Needs kind too, with the node and MetalLB images
    Cluster,
}

impl Tier {
    /// What Cargo is told, once for each lane: lanes run at the same time. Tests of an engine share its two cores' worth of
    /// routers. A cluster waits more than it works, two are there at a time; tests that need the machine, or the engine, to
    /// themselves wait for the others of their own accord.
    pub(super) fn lanes(self) -> Vec<Vec<&'static str>> {
        let ignored = ["--", "--ignored", "--test-threads=2"];
        match self {
            Self::Fast => vec![vec!["test", "--workspace"]],
            Self::Engine => vec![[&["test", "--workspace", "--test", "engine_*"][..], &ignored].concat()],
            Self::Cluster => {
                let of = |targets: &&[&'static str]| targets.iter().flat_map(|target| ["--test", target]).collect();
                let lane = |targets: Vec<_>| [&["test", "--workspace"], &targets[..], &ignored].concat();
                CLUSTERS.iter().map(of).map(lane).collect()
            }
        }
    }
}

/// The targets with clusters, in lanes that take about as long as each other.
const CLUSTERS: [&[&str]; 2] = [&["cluster_faults", "cluster_guide"], &["cluster_metallb", "cluster_up"]];

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fast => "fast",
            Self::Engine => "engine",
            Self::Cluster => "cluster",
        })
    }
}

/// Whether a tier runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    Run,
    /// It does not, and that is right; why.
    Skip(String),
    /// It does not, and that is a failure; what is missing.
    Missing(String),
}

impl Choice {
    /// A tier whose environment is `missing` something is left out, unless it is `required` or was asked for by name.
    pub(super) fn of(tier: Tier, asked: &[Tier], required: bool, missing: &[String]) -> Self {
        let by_name = asked.contains(&tier);
        if !asked.is_empty() && !by_name {
            return Self::Skip("not asked for".to_owned());
        }
        match (missing.join("; "), required || by_name) {
            (missing, _) if missing.is_empty() => Self::Run,
            (missing, true) => Self::Missing(missing),
            (missing, false) => Self::Skip(missing),
        }
    }
}

/// How many tests ran, by the lines that libtest prints at each target's end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Count {
    /// Takes a line of output; any but `test result: …` changes nothing.
    pub(super) fn take(&mut self, line: &str) {
        let Some((_, figures)) = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". ")) else {
            return;
        };
        for figure in figures.split("; ") {
            match figure.split_once(' ').map(|(number, word)| (number.parse::<u64>(), word)) {
                Some((Ok(number), "passed")) => self.passed += number,
                Some((Ok(number), "failed")) => self.failed += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::all_there(&[], false, &[], Choice::Run)]
    #[case::left_out(&[], false, &["no engine"], Choice::Skip("no engine".into()))]
    #[case::required(&[], true, &["no engine", "no kind"], Choice::Missing("no engine; no kind".into()))]
    #[case::asked_for(&[Tier::Engine], false, &["no engine"], Choice::Missing("no engine".into()))]
    #[case::another_asked_for(&[Tier::Fast], true, &["no engine"], Choice::Skip("not asked for".into()))]
    fn a_missing_environment_is_never_silent(
        #[case] asked: &[Tier],
        #[case] required: bool,
        #[case] missing: &[&str],
        #[case] choice: Choice,
    ) {
        let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
        assert_eq!(Choice::of(Tier::Engine, asked, required, &missing), choice);
    }

    #[test]
    fn every_target_with_a_cluster_is_in_a_lane() {
        let workspace = crate::dev::workspace();
        let folders = ["xtask/tests", "crates/metallb/tests", "crates/netlab/tests", "crates/frrconf/tests"];
        let files = folders.iter().flat_map(|folder| workspace.join(folder).read_dir_utf8().unwrap());
        let names = files.filter_map(|file| file.unwrap().path().file_stem().map(str::to_owned));
        let mut there: Vec<String> = names.filter(|name| name.starts_with("cluster_")).collect();
        there.sort();
        let mut in_lanes = CLUSTERS.concat();
        in_lanes.sort_unstable();
        assert_eq!(in_lanes, there);
    }

    #[test]
    fn counts_add_up_over_targets() {
        let mut count = Count::default();
        count.take("running 3 tests");
        count.take("test result: ok. 14 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s");
        count.take("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s");
        assert_eq!(count, Count { passed: 15, failed: 2 });
    }
}
