//! Looking at a standalone lab: the provider is found out, status shows it, and vtysh passes through what FRR says.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;
use support::{TestLab, docker};

fn all_ok(lines: &Value) -> bool {
    let lines = lines.as_array().unwrap();
    !lines.is_empty() && lines.iter().all(|line| line["ok"] == true)
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_is_there_is_found_out_and_shown() {
    let lab = TestLab::small("xlk");
    let asked = ["--provider", "standalone", "vtysh", "xlk-frr1", "--", "show", "version"];
    lab.run(&asked).refused(1, &["container xlk-frr1 is not there", "cargo xtask lab-up"]);
    assert_eq!(lab.run(&["--provider", "standalone", "undeploy-frr"]).stdout.trim(), "nothing to do");
    assert_eq!(support::left_of("xlk-lab"), "", "nothing was made");
    // The file says kind; what is there says otherwise.
    lab.edit("provider = \"standalone\"", "provider = \"kind\"");
    let up = lab.run(&["lab-up", "--provider", "standalone"]);
    assert_eq!(up.code, Some(0), "{up:?}");
    lab.verified();

    let status = lab.json(&["status"]);
    assert_eq!(status["provider"], "standalone");
    for section in ["networks", "containers", "sessions", "routes", "data_path"] {
        assert!(all_ok(&status[section]), "{section}: {status}");
    }

    let version = lab.run(&["vtysh", "xlk-k-worker", "--", "show", "version"]);
    assert!(version.code == Some(0) && version.stdout.contains("FRRouting"), "{version:?}");
    assert_eq!(lab.run(&["vtysh", "xlk-frr1", "--", "show", "nonsense"]).code, Some(1));
    lab.run(&["vtysh", "xlk-frr9"]).refused(2, &["no router or node `xlk-frr9`", "xlk-frr1"]);

    what_is_chosen_is_explained(&lab);
    a_live_view(&lab);

    docker(&["rm", "-f", "xlk-frr1"]);
    let status = lab.json(&["status"]);
    let missing = status["containers"].as_array().unwrap().iter().find(|line| line["name"] == "xlk-frr1").unwrap();
    assert_eq!((&missing["is"], &missing["ok"]), (&Value::from("not there"), &Value::from(false)));
    assert_eq!(lab.run(&["verify"]).code, Some(1), "verify judges");

    assert_eq!(lab.run(&["lab-down"]).code, Some(0));
    assert_eq!(support::left_of("xlk-lab"), "");
}

/// The routers' choices are those that are predicted, and one that is not is named.
fn what_is_chosen_is_explained(lab: &TestLab) {
    let explained = lab.json(&["explain", "203.0.113.200"]);
    assert_eq!((&explained["agrees"], &explained["prefix"]), (&true.into(), &"203.0.113.200/32".into()));
    assert_eq!(explained["announced_by"], serde_json::json!(["xlk-k-worker"]));
    let one = lab.run(&["explain", "fd01::/128", "--at", "xlk-nhr"]);
    assert!(one.code == Some(0) && one.stdout.contains("✓ xlk-nhr: the only route"), "{one:?}");
    assert!(!one.stdout.contains("xlk-frr1: "), "{one:?}");

    let words = ["no node of lab xlk-lab announces 198.51.100.1/32", "announced are 203.0.113.200/32, fd01::/128"];
    lab.run(&["explain", "198.51.100.1"]).refused(2, &words);
    lab.run(&["explain", "fd01::", "--at", "xlk-k-worker"]).refused(2, &["node xlk-k-worker announces", "xlk-frr1"]);

    let set = |line: &str| {
        let line = format!("{line} 10.{}.1.3 shutdown", support::ranges::octet("xlk"));
        docker(&["exec", "xlk-frr1", "vtysh", "-c", "configure terminal", "-c", "router bgp 64500", "-c", &line]);
    };
    set("neighbor");
    // bgpd clears a table in the background.
    let mut looks = (0..100).map(|_| lab.run(&["explain", "203.0.113.200"]));
    let differs = looks.find(|run| run.code != Some(0)).expect("a route that is gone makes a difference");
    assert_eq!(differs.code, Some(1), "{differs:?}");
    for line in ["✗ xlk-frr1", "✗ the route from xlk-k-worker is missing", "not every router has chosen as predicted"]
    {
        assert!(differs.stdout.contains(line), "{line:?} is not said: {}", differs.stdout);
    }
    set("no neighbor");
    lab.verified();
}

/// A terminal with somebody before it.
struct Terminal {
    keyboard: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Terminal {
    /// One of 30 lines in which a command runs.
    fn open(command: &Command) -> (Child, Self) {
        let words = [command.get_program()].into_iter().chain(command.get_args()).map(|word| word.to_str().unwrap());
        // A shell that stayed would get Ctrl-C, too, and may end by it whatever its child says.
        let line = format!("stty rows 30 cols 100; exec {}", words.collect::<Vec<_>>().join(" "));
        let mut script = Command::new("timeout");
        script.args(["90", "script", "-qec", &line, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut running = script.spawn().expect("script, of util-linux, is on PATH");
        let (keyboard, screen) = (running.stdin.take().unwrap(), running.stdout.take().unwrap());
        (running, Self { keyboard, screen, seen: String::new() })
    }

    /// Reads what is drawn until it holds a text; all of it in this time.
    fn wait(&mut self, text: &str) {
        let before = self.seen.len();
        let mut chunk = [0; 4096];
        while !self.seen[before..].contains(text) {
            let read = self.screen.read(&mut chunk).unwrap();
            assert!(read > 0, "{text:?} was never shown: {:?}", self.seen);
            self.seen.push_str(&String::from_utf8_lossy(&chunk[..read]));
        }
    }

    fn press(&mut self, key: u8) {
        self.keyboard.write_all(&[key]).unwrap();
        self.keyboard.flush().unwrap();
    }
}

/// It shows what happens, stays within its terminal, and gives the terminal back by a key and by Ctrl-C.
fn a_live_view(lab: &TestLab) {
    const CTRL_C: u8 = 3;
    for key in [b'q', CTRL_C] {
        let (mut running, mut terminal) = Terminal::open(&lab.command(&["status", "--watch"]));
        terminal.wait("all as it should be");
        if key != CTRL_C {
            docker(&["pause", "xlk-k-worker"]);
            terminal.wait("paused");
            terminal.wait("BFD down");
            terminal.wait("no answer");
            docker(&["unpause", "xlk-k-worker"]);
            terminal.wait("all as it should be");
        }
        terminal.press(key);
        terminal.wait("\x1b[?25h\x1b[?1049l");
        let end = running.wait().unwrap();
        assert!(
            end.success(),
            "{end:?} after key {key}: {:?}",
            &terminal.seen[terminal.seen.len().saturating_sub(500)..]
        );
        assert!(terminal.seen.trim_start().starts_with("\x1b[?1049h\x1b[?25l"), "{:?}", &terminal.seen[..40]);
        let frames = terminal.seen.split("\x1b[H").skip(1);
        assert!(frames.into_iter().all(|frame| frame.matches("\r\n").count() < 30), "{:?}", terminal.seen);
        lab.verified();
    }
}

/// An engine that takes calls and does not answer them, as one that is ending, holds no key up.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_look_that_hangs_is_left_by_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let _silent = UnixListener::bind(&socket).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["status", "--watch"]).env("DOCKER_HOST", format!("unix://{}", socket.display()));
    let (mut running, mut terminal) = Terminal::open(&command);
    terminal.wait("looking …");
    terminal.press(b'q');
    terminal.wait("\x1b[?25h\x1b[?1049l");
    assert!(running.wait().unwrap().success());
    assert!(!terminal.seen.contains("cannot look"), "{:?}", terminal.seen);
}
