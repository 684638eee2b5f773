use std::os::unix::fs::PermissionsExt;

use camino::{Utf8Path, Utf8PathBuf};

use super::super::ginkgo::End;
use super::*;

/// A stand-in of the suite: two specs, of which the second waits for `go` in its folder and fails. On SIGINT it ends the spec
/// as ginkgo does.
const SUITE: &str = r#"#!/usr/bin/env bash
line=------------------------------
trap 'printf "• [INTERRUPTED] [1.000 seconds]\nBGP [It] two\n/x.go:3\n\n  [INTERRUPTED] Interrupted by User\n  In [It] at: /x.go:3 @ 1\n%s\n" $line; exit 1' INT
printf "%s\n[BeforeSuite] \n/x.go:1\n[BeforeSuite] PASSED [0.100 seconds]\n%s\nBGP one\n/x.go:2\n• [0.500 seconds]\n" $line $line
printf "%s\nBGP two\n/x.go:3\n  STEP: checking peers @ 11/29/26 19:28:01.123\n" $line
: > "$PLACE/second"
until [ -e "$PLACE/go" ]; do read -r -t 0.1 _ < "$PLACE/tick" || :; done
[ "$(cat "$PLACE/go")" != die ] || kill -KILL $$
printf "• [FAILED] [2.500 seconds]\nBGP [It] two\n/x.go:3\n\n  [FAILED] Timed out after 2.500s.\n  In [It] at: /x.go:3 @ 1\n%s\n" $line
exit 1
"#;

struct Bed {
    _folder: tempfile::TempDir,
    at: Utf8PathBuf,
    tick: std::fs::File,
    specs: Vec<String>,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = Utf8Path::from_path(folder.path()).unwrap().to_owned();
        fs_err::write(at.join("suite"), SUITE).unwrap();
        fs_err::set_permissions(at.join("suite"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let tick = at.join("tick");
        rustix::fs::mknodat(rustix::fs::CWD, tick.as_str(), rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0)
            .unwrap();
        // Held open for both: what is written stays until the suite reads it.
        let tick = std::fs::File::options().read(true).write(true).open(tick).unwrap();
        Self { _folder: folder, at, tick, specs: ["BGP one", "BGP two"].map(str::to_owned).into() }
    }

    /// Says how the second spec goes on.
    fn go(&self, word: &str) {
        fs_err::write(self.at.join("go"), word).unwrap();
        std::io::Write::write_all(&mut &self.tick, b"\n").unwrap();
    }

    async fn second_spec(&self) {
        let wait = settle::Wait::new("the second spec", Duration::from_secs(20)).every(Duration::from_millis(10));
        let there = async || match self.at.join("second").exists() {
            true => settle::Verdict::<(), std::convert::Infallible>::Ready(()),
            false => settle::Verdict::NotYet("not there".to_owned()),
        };
        wait.poll(there).await.unwrap();
    }

    async fn run(
        &self,
        results: &mut Results,
        look: impl AsyncFn() -> Vec<String>,
        signal: impl Future<Output = &'static str>,
    ) -> Ending {
        let cmd =
            Cmd::new(self.at.join("suite").as_str()).env("PLACE", self.at.as_str()).within(Duration::from_secs(60));
        let (none, soon) = (Duration::ZERO, Duration::from_millis(20));
        let times = Times { stuck: none, look_every: soon, grace: Duration::from_secs(20) };
        let log = self.at.join("suite.log");
        let subject = (self.specs.as_slice(), results);
        run(&Progress::silent(), (cmd, &log), subject, look, signal, times).await.unwrap()
    }

    fn results(&self, resume: bool) -> Results {
        Results::open(&self.at.join("results"), "v1".to_owned(), resume).unwrap()
    }
}

#[tokio::test]
async fn a_stuck_spec_is_explained_before_it_fails() {
    let bed = Bed::new();
    let mut results = bed.results(false);
    let looks = std::cell::Cell::new(0);
    let look = async || {
        looks.set(looks.get() + 1);
        if looks.get() == 3 {
            bed.go("on");
        }
        vec!["kind-worker cannot reach ibgp-single-hop".to_owned(), format!("only in look {}", looks.get())]
    };
    let ending = bed.run(&mut results, look, std::future::pending()).await;
    assert!(matches!(ending.over, Over::Itself), "{ending:?}");
    let rows = results.rows();
    let [one, two] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((one.spec.as_str(), one.end, one.seconds), ("BGP one", End::Passed, 0.5));
    assert_eq!((two.end, two.message.as_str()), (End::Failed, "Timed out after 2.500s."));
    assert_eq!(two.reasons, ["kind-worker cannot reach ibgp-single-hop"], "what one look alone saw is not printed");
    assert!(results.left(&bed.specs).is_empty());
    let log = fs_err::read_to_string(bed.at.join("suite.log")).unwrap();
    assert!(log.contains("STEP: checking peers"));
}

#[tokio::test]
async fn a_signal_ends_the_suite_and_a_resumed_run_has_what_is_left() {
    let bed = Bed::new();
    let mut results = bed.results(false);
    let signal = async {
        bed.second_spec().await;
        "Ctrl-C"
    };
    let ending = bed.run(&mut results, async || Vec::new(), signal).await;
    assert!(matches!(ending.over, Over::Signal("Ctrl-C")), "{ending:?}");
    assert_eq!(results.rows()[1].end, End::Interrupted);
    let again = bed.results(true);
    assert_eq!(again.left(&bed.specs), ["BGP two"]);
}

#[tokio::test]
async fn a_suite_that_is_killed_leaves_a_spec_that_runs_again() {
    let bed = Bed::new();
    let mut results = bed.results(false);
    bed.go("die");
    let ending = bed.run(&mut results, async || Vec::new(), std::future::pending()).await;
    let Over::Broken(failure) = &ending.over else { panic!("{ending:?}") };
    assert!(failure.message().contains("failed (exit status: 137)"), "{failure:?}");
    assert_eq!(results.rows()[1].end, End::CutOff);
    assert_eq!(results.left(&bed.specs), ["BGP two"]);
}
