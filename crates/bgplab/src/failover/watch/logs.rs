//! The logs of FRR's daemons: turned up, with microseconds, into files of our own, and read as they grow.
//!
//! A daemon stamps a line when it writes it, so it does not matter when the line is read here.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use frrconf::vty::Daemon;
use netlab::Docker;
use rustix::fs::OFlags;
use settle::{Verdict, Wait};

use super::super::event::Event;
use super::super::stamp::{Micros, Stamp};
use super::log::{Reader, stamp, zone};
use crate::failure::Failure;
use crate::router::{AskError, Routers};

/// The longest time until a killed daemon is back: watchfrr waits between two starts.
pub(crate) const BACK: Duration = Duration::from_secs(40);

/// The beginning of the line for our own log in a daemon's configuration.
pub(crate) const MARK: &str = "log file /run/frr/lab-failover-";

/// Returns the debug commands of a daemon, each with what `show debugging` prints once it is on.
const fn debugs(daemon: Daemon) -> &'static [(&'static str, &'static str)] {
    match daemon {
        Daemon::Bgpd => &[
            ("debug bgp neighbor-events", "neighbor-events debugging is on"),
            ("debug bgp zebra", "zebra debugging is on"),
        ],
        Daemon::Bfdd => &[("debug bfd peer", "Peer events debugging is on")],
        Daemon::Zebra => &[],
    }
}

/// Returns the log file's name; its folder is the daemon's own.
fn file(daemon: Daemon) -> String {
    format!("lab-failover-{daemon}.log")
}

/// Returns the commands that turn a daemon's log up.
pub(crate) fn louder(daemon: Daemon) -> Vec<String> {
    let file = format!("log file /run/frr/{} debugging", file(daemon));
    let log = ["configure terminal", "log timestamp precision 6", &file, "end"].map(str::to_owned);
    log.into_iter().chain(debugs(daemon).iter().map(|(on, _)| (*on).to_owned())).collect()
}

/// Returns the commands that restore a daemon's log, by its configuration and its debugging before.
pub(crate) fn as_before(daemon: Daemon, configuration: &str, debugging: &str) -> Vec<String> {
    // Debugging that is on beside a log of ours was turned on by a run that could not turn it off again.
    let debugging = if configuration.contains(MARK) { "" } else { debugging };
    let line = |start: &str| configuration.lines().find(|line| line.starts_with(start) && !line.starts_with(MARK));
    let off = debugs(daemon).iter().filter(|(_, said)| !debugging.contains(said)).map(|(on, _)| format!("no {on}"));
    let precision = line("log timestamp precision").unwrap_or("no log timestamp precision");
    let log = ["configure terminal", line("log file ").unwrap_or("no log file"), precision, "end"];
    off.chain(log.map(str::to_owned)).collect()
}

/// Reads a daemon's log settings, and returns the commands that restore them.
///
/// # Errors
/// If the daemon does not answer.
pub(crate) async fn before(routers: &Routers<'_>, container: &str, daemon: Daemon) -> Result<Vec<String>, AskError> {
    let show = ["show running-config", "show debugging"].map(str::to_owned);
    let answers = routers.tell(container, daemon, &show).await?;
    let [configuration, debugging] = answers.as_slice() else { return Ok(Vec::new()) };
    Ok(as_before(daemon, configuration, debugging))
}

/// Restores a daemon's log as soon as the daemon answers, and removes ours.
///
/// # Errors
/// If it does not come back.
pub(crate) async fn quiet(
    docker: &Docker,
    container: &str,
    daemon: Daemon,
    commands: &[String],
) -> Result<(), Failure> {
    let routers = Routers::new(docker);
    tell_soon(&routers, container, daemon, commands).await?;
    if let Some(folder) = routers.run_folder(container).await {
        match fs_err::remove_file(folder.join(file(daemon))) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Failure::step(format!("cannot remove a log in {container}")).cause(&error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Sends a daemon some commands as soon as it answers.
///
/// # Errors
/// If it does not come back.
pub(crate) async fn tell_soon(
    routers: &Routers<'_>,
    container: &str,
    daemon: Daemon,
    commands: &[String],
) -> Result<(), Failure> {
    let wait = Wait::new(format!("{daemon} of {container} answers"), BACK).every(Duration::from_millis(10));
    let told = wait.poll(async || match routers.tell(container, daemon, commands).await {
        Ok(_) => Verdict::Ready(()),
        Err(error) => Verdict::<(), Failure>::NotYet(error.to_string()),
    });
    Ok(told.await?)
}

/// A daemon's log, read as it grows.
#[derive(Debug)]
pub(crate) struct Tail {
    container: String,
    /// The daemon that writes it.
    pub daemon: Daemon,
    read: u64,
    rest: String,
    reader: Reader,
    zone: Option<Micros>,
}

impl Tail {
    /// Starts at the log's beginning.
    pub(crate) fn new(container: &str, daemon: Daemon) -> Self {
        let (reader, rest) = (Reader::default(), String::new());
        Self { container: container.to_owned(), daemon, read: 0, rest, reader, zone: None }
    }

    /// Returns the container in which it is written.
    pub(crate) fn container(&self) -> &str {
        &self.container
    }

    /// Returns the events since the last call; none while the log is not there, as when its container restarts.
    pub(crate) async fn take(&mut self, routers: &Routers<'_>) -> Vec<Event> {
        let Some(folder) = routers.run_folder(&self.container).await else { return Vec::new() };
        let Some((text, changed)) = grown(&folder.join(file(self.daemon)), &mut self.read) else {
            routers.forget(&self.container);
            return Vec::new();
        };
        self.rest.push_str(&text);
        let whole = self.rest.rfind('\n').map_or(0, |end| end + 1);
        let lines: String = self.rest.drain(..whole).collect();
        if self.zone.is_none() {
            self.zone = lines.lines().rev().find_map(stamp).map(|(last, _)| zone(last, changed));
        }
        let Some(zone) = self.zone else { return Vec::new() };
        let told = lines.lines().filter_map(|line| self.reader.take(line));
        told.map(|(at, what)| Event { at: at.plus(zone), place: self.container.clone(), what }).collect()
    }
}

/// Reads what was added to a file, and when it was changed; from its start again if the file has shrunk.
fn grown(path: &Path, read: &mut u64) -> Option<(String, Stamp)> {
    // A link would lead out of the container.
    let no_follow = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    let mut file = OpenOptions::new().read(true).custom_flags(no_follow).open(path).ok()?;
    let metadata = file.metadata().ok()?;
    if metadata.len() < *read {
        *read = 0;
    }
    file.seek(SeekFrom::Start(*read)).ok()?;
    let mut bytes = Vec::new();
    *read += u64::try_from(file.read_to_end(&mut bytes).ok()?).unwrap_or_default();
    Some((String::from_utf8_lossy(&bytes).into_owned(), Stamp::of(metadata.modified().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_becomes_what_it_was() {
        let ours = "log stdout informational\nlog timestamp precision 3\n";
        assert_eq!(
            as_before(Daemon::Bfdd, ours, "BFD debugging status:\n"),
            ["no debug bfd peer", "configure terminal", "no log file", "log timestamp precision 3", "end"]
        );
        let theirs = "log file /var/log/frr/frr.log debugging\n";
        let debugging = "BGP debugging status:\n  BGP neighbor-events debugging is on\n";
        assert_eq!(
            as_before(Daemon::Bgpd, theirs, debugging),
            [
                "no debug bgp zebra",
                "configure terminal",
                "log file /var/log/frr/frr.log debugging",
                "no log timestamp precision",
                "end"
            ]
        );
    }

    #[test]
    fn what_an_interrupted_run_left_is_not_taken_for_theirs() {
        let left = format!("{}\nlog timestamp precision 6\n", louder(Daemon::Bgpd)[2].replace(" debugging", ""));
        assert!(left.starts_with(MARK));
        let restored = as_before(Daemon::Bgpd, &left, "BGP zebra debugging is on, BGP neighbor-events debugging is on");
        assert_eq!(restored[..2], ["no debug bgp neighbor-events", "no debug bgp zebra"]);
        assert_eq!(restored[3], "no log file");
    }

    #[test]
    fn a_file_is_read_on_and_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut read = 0;
        let mut next = |text: &str| {
            fs_err::write(&path, text).unwrap();
            grown(&path, &mut read).unwrap().0
        };
        assert_eq!([next("one\n"), next("one\ntwo\n"), next("3\n")], ["one\n", "two\n", "3\n"]);
        assert!(grown(&folder.path().join("none"), &mut read).is_none());
    }
}
