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
    /// Returns the arguments of Cargo: shifts, one after the other, of lanes, which run at the same time. Labs wait
    /// more than they work, so that two lanes of them fill two cores; measurements come when the others are done. Tests
    /// that need the machine, or the engine, to themselves in a lane beside others wait for these of their own accord.
    pub(super) fn shifts(self) -> Vec<Vec<Vec<&'static str>>> {
        let lane = |targets: &&[&'static str]| {
            let named = targets.iter().flat_map(|target| ["--test", target]);
            let args = ["test", "--workspace", "--no-fail-fast"].into_iter().chain(named);
            args.chain(["--", "--ignored", "--test-threads=2", "--show-output"]).collect()
        };
        let shift = |lanes: &&[&[&'static str]]| lanes.iter().map(lane).collect();
        match self {
            Self::Fast => vec![vec![vec!["test", "--workspace", "--no-fail-fast"]]],
            Self::Engine => ENGINE.iter().map(shift).collect(),
            Self::Cluster => CLUSTERS.iter().map(shift).collect(),
        }
    }
}

/// The targets with a lab, in lanes that take about as long as each other; then those that measure.
const ENGINE: [&[&[&str]]; 2] = [
    &[
        &["engine_diagnose", "engine_fabrics", "engine_variants"],
        &[
            "engine_action",
            "engine_examples",
            "engine_faults",
            "engine_foreign",
            "engine_frozen",
            "engine_gateways",
            "engine_image",
            "engine_lab",
            "engine_look",
            "engine_refusals",
            "engine_render",
            "engine_repair",
            "engine_tap",
            "engine_twice",
            "engine_views",
            "engine_vtysh",
        ],
    ],
    &[&["engine_capture", "engine_failover", "engine_speed"]],
];

/// The targets with clusters, in lanes that take about as long as each other until something is measured. Cargo runs a
/// lane's packages and targets in the order of their names.
const CLUSTERS: [&[&[&str]]; 1] =
    [&[&["cluster_metallb", "cluster_faults", "cluster_guide"], &["cluster_e2e", "cluster_up"]]];

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fast => "fast",
            Self::Engine => "engine",
            Self::Cluster => "cluster",
        })
    }
}

/// The choice to run a tier or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    Run,
    /// It does not, and that is right, for this reason.
    Skip(String),
    /// It does not, and that is a failure: this is missing.
    Missing(String),
}

impl Choice {
    /// Leaves out a tier whose environment lacks something (`missing`), unless it is `required` or was asked for by
    /// name.
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

/// Number of tests that ran, by the lines that libtest prints at each target's end.
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
    fn every_target_is_in_a_lane() {
        let workspace = crate::dev::workspace();
        let crates = ["bgplab", "bgptap", "frrconf", "metallb", "metallb-lab", "netlab"]
            .map(|name| format!("crates/{name}/tests"));
        let folders = [&["xtask/tests".to_owned()], &crates[..]].concat();
        let files = folders.iter().flat_map(|folder| workspace.join(folder).read_dir_utf8().unwrap());
        let names = files.filter_map(|file| file.unwrap().path().file_stem().map(str::to_owned));
        let mut there: Vec<String> =
            names.filter(|name| name.starts_with("engine_") || name.starts_with("cluster_")).collect();
        there.sort();
        // Two crates may call one alike.
        there.dedup();
        let mut in_lanes = [ENGINE.concat(), CLUSTERS.concat()].concat().concat();
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
