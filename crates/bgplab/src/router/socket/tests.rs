use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc;
use std::thread;

use frrconf::views::Family;

use super::*;

const QUESTIONS: [Question; 3] = [Question::BgpSummary, Question::BgpNeighbors, Question::BgpTable(Family::Ipv4)];

/// A file system with the socket of a bgpd.
fn bgpd() -> (tempfile::TempDir, UnixListener) {
    let root = tempfile::tempdir().unwrap();
    let socket = below(root.path(), Daemon::Bgpd.socket());
    fs_err::create_dir_all(socket.parent().unwrap()).unwrap();
    let listener = UnixListener::bind(socket).unwrap();
    (root, listener)
}

/// Answers the commands of a connection by their own words; `None` ends it.
fn serve(stream: UnixStream, answer: impl Fn(&str) -> Option<(String, u8)>) {
    let mut writer = stream.try_clone().unwrap();
    for command in BufReader::new(stream).split(0) {
        let Some((text, status)) = answer(&String::from_utf8(command.unwrap()).unwrap()) else { return };
        writer.write_all(&[text.as_bytes(), &[0, 0, 0, status]].concat()).unwrap();
    }
}

fn causes(answers: Vec<Result<String, Refused>>) -> Vec<String> {
    answers.into_iter().map(|answer| answer.unwrap_or_else(|refused| refused.cause.to_string())).collect()
}

/// A listener's queue that is full is no refusal: whoever waits in it may be taken soon.
#[tokio::test]
async fn a_busy_daemon_is_asked_again_until_it_takes_the_connection() {
    let (root, listener) = bgpd();
    rustix::net::listen(&listener, 0).unwrap();
    let waiting = UnixStream::connect(below(root.path(), Daemon::Bgpd.socket())).unwrap();
    let busy = ask_each(root.path(), &QUESTIONS[..1], Duration::from_millis(80)).await;
    assert_eq!(causes(busy), ["it is too busy to take a connection within 0.08 s"]);

    let (begin, begun) = mpsc::channel();
    let server = thread::spawn(move || {
        begun.recv().unwrap();
        drop(listener.accept().unwrap());
        serve(listener.accept().unwrap().0, |command| Some((command.to_owned(), 0)));
    });
    let asked = async { ask_each(root.path(), &QUESTIONS, BOUND).await };
    let late = async {
        tokio::task::yield_now().await;
        begin.send(()).unwrap();
    };
    let (answers, ()) = futures::join!(asked, late);
    assert_eq!(causes(answers), QUESTIONS.map(Question::command));
    drop(waiting);
    server.join().unwrap();
}

#[tokio::test]
async fn a_refused_command_holds_back_no_other() {
    let (root, listener) = bgpd();
    let server = thread::spawn(move || {
        let status = |command: &str| u8::from(command == Question::BgpNeighbors.command()) * 2;
        serve(listener.accept().unwrap().0, |command| Some((command.to_owned(), status(command))));
    });
    let answers = causes(ask_each(root.path(), &QUESTIONS, BOUND).await);
    let [one, two, three] = QUESTIONS.map(Question::command);
    assert_eq!(answers, [one.to_owned(), format!("{two} (status 2)"), three.to_owned()]);
    server.join().unwrap();
}

#[tokio::test]
async fn a_daemon_that_ends_or_is_silent_has_that_reason_for_every_question() {
    let (root, listener) = bgpd();
    let server = thread::spawn(move || {
        serve(listener.accept().unwrap().0, |command| (command == "enable").then(|| (String::new(), 0)));
        listener
    });
    assert_eq!(causes(ask_each(root.path(), &QUESTIONS, BOUND).await), ["it hung up"; 3]);
    // The system takes the connection, but nobody reads.
    let listener = server.join().unwrap();
    let silent = causes(ask_each(root.path(), &QUESTIONS, Duration::from_millis(20)).await);
    assert_eq!(silent, ["no answer within 0.02 s"; 3]);
    drop((listener, root));
}

#[tokio::test]
async fn a_missing_socket_is_named_by_the_system() {
    let (root, _listener) = bgpd();
    let answers = causes(ask_each(root.path(), &[Question::BfdPeers, Question::Routes(Family::Ipv4)], BOUND).await);
    assert!(answers.iter().all(|cause| cause.contains("No such file")), "{answers:?}");
}

/// A link in the container would lead into this machine.
#[test]
fn a_folder_behind_a_link_is_out_of_reach() {
    let process = tempfile::tempdir().unwrap();
    let run = process.path().join("root/run");
    fs_err::create_dir_all(run.join("frr")).unwrap();
    assert_eq!(root_of(process.path()), Some(process.path().join("root")));
    fs_err::rename(&run, process.path().join("root/other")).unwrap();
    fs_err::os::unix::fs::symlink("other", &run).unwrap();
    assert_eq!(root_of(process.path()), None);
}
