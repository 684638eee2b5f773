use super::*;

/// Lines as ginkgo 2.22 prints them.
const RUN: &str = "\
Running Suite: E2E Suite - /src/e2etest
=======================================
Random Seed: 1764444444

Will run 3 of 250 specs
------------------------------
[BeforeSuite] 
/src/e2etest/e2etest_suite_test.go:101
[BeforeSuite] PASSED [10.111 seconds]
------------------------------
BGP BFD IPV4 - default [slow]
/src/e2etest/bgptests/bgp.go:10
  STEP: Clearing any previous configuration @ 11/29/26 19:28:01.123
  STEP: checking nodes are peered with the frr instance ebgp @ 11/29/26 19:28:03.1
• [12.500 seconds]
------------------------------
BGP BFD IPV4 - default again
/src/e2etest/bgptests/bgp.go:20
  STEP: Checking @ 11/29/26 19:29:01.123
  ------------------------------
  Progress Report
  ------------------------------
  [FAILED] in [It] - /src/e2etest/bgptests/bgp.go:25 @ 11/29/26 19:30:01.1
• [FAILED] [240.001 seconds]
BGP BFD [It] IPV4 - default again
/src/e2etest/bgptests/bgp.go:20

  [FAILED] Timed out after 240.000s.
  timed out waiting to validate service
  Expected success, but got an error:
      wget: not found
  In [It] at: /src/e2etest/bgptests/bgp.go:25 @ 11/29/26 19:30:01.1

  Full Stack Trace
    goroutine 1
------------------------------
S [SKIPPED] [0.010 seconds]
BGP nodes [It] three
";

fn heard(text: &str, specs: &[&str]) -> Vec<Heard> {
    let mut reader = Reader::new(specs.iter().map(|spec| (*spec).to_owned()).collect());
    let mut heard: Vec<Heard> = text.lines().filter_map(|line| reader.line(line)).collect();
    heard.extend(reader.end());
    heard
}

fn ended(spec: &str, end: End, seconds: f64, message: &str) -> Heard {
    Heard::Ended(Ended { spec: spec.into(), end, seconds, message: message.into() })
}

#[test]
fn specs_are_heard_as_they_run() {
    let heard = heard(RUN, &["BGP BFD IPV4 - default", "BGP BFD IPV4 - default again"]);
    let words = "Timed out after 240.000s.\ntimed out waiting to validate service\nExpected success, but got an \
                 error:\nwget: not found";
    assert_eq!(
        heard,
        [
            Heard::Began("[BeforeSuite]".into()),
            Heard::Began("BGP BFD IPV4 - default".into()),
            Heard::Step("Clearing any previous configuration".into()),
            Heard::Step("checking nodes are peered with the frr instance ebgp".into()),
            ended("BGP BFD IPV4 - default", End::Passed, 12.5, ""),
            Heard::Began("BGP BFD IPV4 - default again".into()),
            Heard::Step("Checking".into()),
            ended("BGP BFD IPV4 - default again", End::Failed, 240.001, words),
        ]
    );
}

#[test]
fn a_spec_that_leaves_itself_out_says_why() {
    let run = "------------------------------\nBGP nodes three\n/x.go:1\n  STEP: a @ 1\nS [SKIPPED] [0.500 seconds]\nBGP nodes [It] \
               three\n/x.go:1\n\n  [SKIPPED] not enough nodes\n  In [It] at: /x.go:2 @ 1\n------------------------------\n";
    let heard = heard(run, &["BGP nodes three"]);
    assert_eq!(heard.last().unwrap(), &ended("BGP nodes three", End::Skipped, 0.5, "not enough nodes"));
}

#[test]
fn a_suite_that_is_killed_leaves_its_spec_cut_off() {
    let run: String = RUN.lines().take(13).map(|line| format!("{line}\n")).collect();
    let heard = heard(&run, &["BGP BFD IPV4 - default"]);
    assert_eq!(heard.last().unwrap(), &ended("BGP BFD IPV4 - default", End::CutOff, 0.0, ""));
    assert!(!End::CutOff.is_verdict() && !End::CutOff.is_good());
}

#[test]
fn what_is_around_the_specs_may_fail() {
    let run = "------------------------------\n[BeforeSuite] \n/x.go:1\n[BeforeSuite] [FAILED] [1.000 seconds]\n[BeforeSuite] \
               \n/x.go:1\n\n  [FAILED] Unexpected error:\n      no such container\n  In [BeforeSuite] at: /x.go:2 @ 1\n------------------------------\n";
    let heard = heard(run, &[]);
    assert_eq!(
        heard.last().unwrap(),
        &Heard::Around("[BeforeSuite]".into(), "Unexpected error:\nno such container".into())
    );
}

#[test]
fn any_words_may_stand_in_a_specs_output() {
    for line in [
        "• [x seconds]",
        "[1.0 seconds]",
        "• [FAILED] seconds]",
        "------------------------------ ",
        "S [1 seconds",
        "•",
    ] {
        assert_eq!(header(line), None, "{line}");
    }
    assert_eq!(header("R [FLAKEY TEST - TOOK 2 ATTEMPTS TO PASS] [1.000 seconds]"), Some((End::Passed, 1.0)));
    assert_eq!(header("• [TIMEDOUT] [3.000 seconds]"), Some((End::TimedOut, 3.0)));
}
