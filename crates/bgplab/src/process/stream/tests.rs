//! Tests of what a stream does for its caller, and to the processes that it starts.

use super::super::witness::{alive, folder, has_ended, line_of};
use super::*;

fn sh(script: &str) -> Cmd {
    Cmd::new("sh").args(["-c", script])
}

#[tokio::test]
async fn lines_come_one_by_one_and_into_the_log() {
    let (_folder, path) = folder();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let log = path.join("new/make.log");
    Stream::new(sh("echo one; echo two >&2; printf three"))
        .log(&log)
        .on_line(move |line| sink.lock().unwrap().push(line.to_owned()))
        .run()
        .await
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), ["one", "two", "three"]);
    assert_eq!(fs_err::read_to_string(log).unwrap(), "one\ntwo\nthree\n");
}

#[tokio::test]
async fn a_failure_keeps_the_last_lines() {
    let error = Stream::new(sh("seq 100; exit 7")).run().await.unwrap_err();
    let Error::Failed { status, tail, .. } = error else { panic!("{error:?}") };
    assert_eq!(status, "exit status: 7");
    assert_eq!((tail.lines().count(), tail.lines().next(), tail.lines().last()), (KEPT, Some("81"), Some("100")));
}

#[tokio::test]
async fn dropped_it_ends_what_it_started_and_what_that_started() {
    let (_folder, path) = folder();
    let file = path.join("pid");
    let run = Stream::new(sh("sleep 60 & echo $! > pid; wait").cwd(&path)).run();
    let running = async { alive(&line_of(&file).await) };
    tokio::select! {
        end = run => panic!("ended by itself: {end:?}"),
        running = running => assert!(running),
    }
    has_ended(&line_of(&file).await).await;
}

#[tokio::test]
async fn the_bound_ends_even_who_ignores_sigterm() {
    let (_folder, path) = folder();
    let cmd = sh("trap '' TERM; echo $$ > pid; echo begun; while :; do sleep 1; done").cwd(&path);
    let error = Stream::new(cmd.within(Duration::from_millis(500))).run().await.unwrap_err();
    assert!(matches!(&error, Error::TimedOut { tail, .. } if tail == "begun"), "{error:?}");
    has_ended(&line_of(&path.join("pid")).await).await;
}

/// The kernel closes the pipe when this process is killed.
#[tokio::test]
async fn a_closed_pipe_kills_the_whole_group() {
    let (_folder, path) = folder();
    let (stdin, held_open) = io::pipe().unwrap();
    let script = "sleep 60 & echo $! > pid; wait";
    let mut child = std::process::Command::new("sh")
        .args(["-c", WATCHED, "sh", "sh", "-c", script])
        .current_dir(&path)
        .stdin(stdin)
        .process_group(0)
        .spawn()
        .unwrap();
    let pid = line_of(&path.join("pid")).await;
    drop(held_open);
    has_ended(&pid).await;
    assert!(!child.wait().unwrap().success());
}
