//! Faults as a person would make them: shell lines that break a lab, the rule that has to name it first, the words that
//! have to come out, and the lines that repair it again.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "each test target uses its part; helpers of tests fail the test"
)]

pub(crate) mod cluster;
pub(crate) mod engine;
pub(crate) mod lines;
pub(crate) mod routing;
pub(crate) mod without_metallb;

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use settle::{Verdict, Wait};

use crate::support::TestLab;
use crate::support::ranges::octet;

/// Time that a fault may take until it shows.
const SHOWS: Duration = Duration::from_secs(20);
const SHOWS_IN_CLUSTER: Duration = Duration::from_secs(90);
/// Time that the lab may take to be whole again: BGP tries again each second, and holds back a peer that flapped.
const WHOLE: Duration = Duration::from_secs(60);
const WHOLE_IN_CLUSTER: Duration = Duration::from_secs(120);

/// Time between two diagnoses: a diagnosis keeps a core busy, and other labs are being tested beside this one.
const EVERY: Duration = Duration::from_millis(400);

/// Functions and variables of the lines: `$P` and `$O` are the lab's prefix and octet.
const PRELUDE: &str = r#"
set -e
# conf PLACE LINE…: types lines into a router's configuration.
conf() { place=$1; shift; { echo 'configure terminal'; printf '%s\n' "$@" | sed "s/\$O/$O/g"; } | docker exec -i "$P-$place" vtysh >/dev/null; }
# bgp PLACE LINE…: the same, to the BGP instance; nodes are in AS 64500.
bgp() { place=$1; shift; case $place in k-*) asn=64500 ;; *) asn=$A ;; esac; conf "$place" "router bgp $asn" "$@"; }
reload() { docker exec "$P-$1" /usr/lib/frr/frr-reload.py --reload /etc/frr/frr.conf >/dev/null 2>&1; }
# inside PLACE COMMAND…: a program of the machine, in a container's network.
inside() { place=$1; shift; nsenter -t "$(docker inspect -f '{{.State.Pid}}' "$P-$place")" -n "$@" >/dev/null; }
run() { place=$1; shift; docker exec "$P-$place" "$@" >/dev/null; }
k() { kubectl -n metallb-system "$@" >/dev/null; }
app() { kubectl -n default "$@" >/dev/null; }
# taken WHERE KIND NAME, back WHERE KIND NAME: an object deleted, and made again.
taken() { kubectl -n "$(space "$1")" get "$2" "$3" -o yaml | grep -v 'resourceVersion:' >"$T/$3.yaml"; $1 delete "$2" "$3"; }
back() { $1 create -f "$T/$3.yaml"; }
space() { case $1 in k) echo metallb-system ;; app) echo default ;; esac; }
connect() { docker network connect --ip "10.$O.$3" --ip6 "fd$O:0:0:$4" "$P-$1" "$P-$2"; }
"#;

/// A fault.
pub(crate) struct Fault {
    /// The rule that has to come first.
    pub(crate) rule: &'static str,
    /// Lines that break the lab.
    pub(crate) inject: &'static str,
    /// Words that the diagnosis has to contain.
    pub(crate) words: &'static [&'static str],
    /// Lines that repair it; `lab-up` brings it up.
    pub(crate) repair: &'static str,
}

/// A fault in a line.
pub(crate) const fn fault(
    rule: &'static str,
    inject: &'static str,
    words: &'static [&'static str],
    repair: &'static str,
) -> Fault {
    Fault { rule, inject, words, repair }
}

/// A lab that faults are made in.
pub(crate) struct Bed<'a> {
    pub(crate) lab: &'a TestLab,
    pub(crate) octet: u8,
    /// The routers' AS.
    pub(crate) asn: u32,
    shows: Duration,
    whole: Duration,
    /// After how many faults it is looked whether nothing of them is left.
    at_a_time: usize,
    folder: tempfile::TempDir,
}

impl<'a> Bed<'a> {
    /// A lab without Kubernetes.
    pub(crate) fn of(lab: &'a TestLab, asn: u32) -> Self {
        Self {
            lab,
            octet: octet(lab.prefix),
            asn,
            shows: SHOWS,
            whole: WHOLE,
            at_a_time: 1,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A lab with a cluster.
    pub(crate) fn of_cluster(lab: &'a TestLab, asn: u32) -> Self {
        Self { shows: SHOWS_IN_CLUSTER, whole: WHOLE_IN_CLUSTER, at_a_time: 6, ..Self::of(lab, asn) }
    }

    fn sh(&self, script: &str) -> Result<(), String> {
        let mut command = Command::new("timeout");
        command.args(["60", "bash", "-c", &format!("{PRELUDE}{script}")]);
        command.env("P", self.lab.prefix).env("O", self.octet.to_string()).env("A", self.asn.to_string());
        command.env("IMAGE", self.lab.image).env("T", self.folder.path());
        command.envs(self.lab.env.iter().map(|(name, value)| (name, value)));
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.success() { Ok(()) } else { Err(format!("`{script}` failed: {said}")) }
    }

    fn said(&self, text: &str) -> String {
        text.replace("$P", self.lab.prefix).replace("$O", &self.octet.to_string())
    }

    fn repair(&self, script: &str) -> Result<(), String> {
        script.split('\n').try_for_each(|line| match line {
            "lab-up" => self.verb(&["lab-up"]),
            "undeploy" => self.verb(&["undeploy-metallb"]),
            "deploy" => {
                let operator = crate::support::given("METALLB_LAB_TEST_OPERATOR_DIR");
                self.verb(&["deploy-metallb", "--operator-dir", &operator])
            }
            line => self.sh(line),
        })
    }

    fn verb(&self, args: &[&str]) -> Result<(), String> {
        let run = self.lab.run(args);
        if run.code == Some(0) { Ok(()) } else { Err(format!("{args:?}: {run:?}")) }
    }

    /// Runs `diagnose`; returns its exit code and its document.
    pub(crate) fn diagnose(&self) -> (i32, Value) {
        let run = self.lab.run(&["--json", "diagnose"]);
        let document = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        (run.code.unwrap(), document)
    }

    /// Diagnoses until a diagnosis is as wanted; the last one, where it never is.
    fn until(&self, bound: Duration, wanted: impl Fn(i32, &Value) -> bool) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let wait = Wait::new("a diagnosis", bound).every(EVERY);
        let look = wait.poll(async || {
            let (code, document) = self.diagnose();
            if wanted(code, &document) {
                Verdict::<_, String>::Ready(())
            } else {
                Verdict::NotYet(format!("{document:#}"))
            }
        });
        runtime.block_on(look).map_err(|error| error.to_string())
    }

    /// Waits until nothing is wrong.
    pub(crate) fn healthy(&self) -> Result<(), String> {
        self.until(self.whole, |code, _| code == 0).map_err(|why| format!("not whole again: {why}"))
    }

    /// Breaks the lab, waits for the right words, and repairs it.
    fn one(&self, fault: &Fault) -> Result<(), String> {
        let started = Instant::now();
        let injected = self.sh(fault.inject);
        let named = injected.and_then(|()| self.named(fault));
        let named_after = started.elapsed();
        let repaired = self.repair(fault.repair);
        let (named_after, after) = (named_after.as_secs_f64(), started.elapsed().as_secs_f64());
        println!("{:<24} named after {named_after:.1} s, repaired after {after:.1} s", fault.rule);
        named.and(repaired).map_err(|why| format!("{} by `{}`: {why}", fault.rule, fault.inject))
    }

    fn named(&self, fault: &Fault) -> Result<(), String> {
        let words: Vec<String> = fault.words.iter().map(|word| self.said(word)).collect();
        let named = |code: i32, document: &Value| {
            let first = &document["findings"][0];
            let [cause, seen, remedy, follows] = ["cause", "evidence", "remedy", "follows"].map(|key| &first[key]);
            // A quotation mark is escaped in a document's text.
            let text = format!("{cause} {seen} {remedy} {follows}").replace("\\\"", "\"");
            first["rule"] == fault.rule && code == 1 && words.iter().all(|word| text.contains(word.as_str()))
        };
        self.until(self.shows, named).map_err(|why| format!("not named with {words:?}: {why}"))
    }

    /// Runs all faults, one after the other, and reports every one that goes wrong. In groups, the next is made while
    /// the lab still recovers: it has to be named first even so.
    pub(crate) fn all(&self, faults: &[Fault]) {
        self.healthy().unwrap();
        let only = std::env::var("METALLB_LAB_TEST_FAULT").ok();
        let is_wanted =
            |fault: &&Fault| only.as_ref().is_none_or(|only| only.split(',').any(|rule| rule == fault.rule));
        let chosen: Vec<&Fault> = faults.iter().filter(is_wanted).collect();
        let mut failed = Vec::new();
        for some in chosen.chunks(self.at_a_time) {
            failed.extend(some.iter().filter_map(|fault| self.one(fault).err()));
            let started = Instant::now();
            if let Err(why) = self.healthy() {
                let rules: Vec<&str> = some.iter().map(|fault| fault.rule).collect();
                failed.push(format!("after {}: {why}", rules.join(", ")));
            }
            println!("{:<24} whole after another {:.1} s", "", started.elapsed().as_secs_f64());
        }
        assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    }
}
