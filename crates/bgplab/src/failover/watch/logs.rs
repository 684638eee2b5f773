//! The logs of FRR's daemons: turned up, with microseconds, into files of our own, and read as they grow.
//!
//! A daemon stamps a line when it writes it, so it does not matter when the line is read here.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use frrconf::change::{Commands, DebugLog};
use frrconf::log::{LogReader, LogTime};
use frrconf::values::Name;
use frrconf::vty::Daemon;
use netlab::Docker;
use rustix::fs::OFlags;
use settle::{Verdict, Wait};

use super::super::event::{Event, What};
use super::super::stamp::{Micros, Stamp};
use crate::failure::Failure;
use crate::router::{AskError, Routers};

/// The longest time until a killed daemon is back: watchfrr waits between two starts.
pub(crate) const BACK: Duration = Duration::from_secs(40);

/// Returns our own log of a daemon.
fn log(daemon: Daemon) -> Result<DebugLog, Failure> {
    let prefix = Name::new("lab-failover-").map_err(|error| Failure::step(error.to_string()))?;
    Ok(DebugLog::new(daemon, &prefix))
}

/// Returns the commands that turn a daemon's log up.
///
/// # Errors
/// If our log's name is none that FRR takes.
pub(crate) fn louder(daemon: Daemon) -> Result<Commands, Failure> {
    Ok(log(daemon)?.raise())
}

/// Reads a daemon's log settings, and returns the commands that restore them.
///
/// # Errors
/// If the daemon does not answer.
pub(crate) async fn before(routers: &Routers<'_>, container: &str, daemon: Daemon) -> Result<Commands, Failure> {
    let answers =
        routers.execute(container, daemon, &DebugLog::BEFORE.map(str::to_owned)).await.map_err(not_executed)?;
    let [configuration, debugging] = answers.as_slice() else { return Ok(Commands::default()) };
    Ok(log(daemon)?.restore([configuration, debugging]))
}

/// Returns the failure for a daemon that did not take a command.
pub(super) fn not_executed(error: AskError) -> Failure {
    Failure::step("a daemon's log cannot be turned up").cause(&error)
}

/// Restores a daemon's log as soon as the daemon answers, and removes ours.
///
/// # Errors
/// If it does not come back.
pub(crate) async fn quiet(
    docker: &Docker,
    container: &str,
    daemon: Daemon,
    commands: &Commands,
) -> Result<(), Failure> {
    let routers = Routers::new(docker);
    execute_once_up(&routers, container, daemon, commands.lines()).await?;
    if let Some(folder) = routers.run_folder(container).await {
        match fs_err::remove_file(folder.join(log(daemon)?.file())) {
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
pub(crate) async fn execute_once_up(
    routers: &Routers<'_>,
    container: &str,
    daemon: Daemon,
    commands: &[String],
) -> Result<(), Failure> {
    let wait = Wait::new(format!("{daemon} of {container} answers"), BACK).every(Duration::from_millis(10));
    let executed = wait.poll(async || match routers.execute(container, daemon, commands).await {
        Ok(_) => Verdict::Ready(()),
        Err(error) => Verdict::<(), Failure>::NotYet(error.to_string()),
    });
    Ok(executed.await?)
}

/// A daemon's log, read as it grows.
#[derive(Debug)]
pub(crate) struct Tail {
    container: String,
    /// The daemon that writes it.
    pub daemon: Daemon,
    file: String,
    read: u64,
    rest: String,
    reader: LogReader,
    zone: Option<Micros>,
}

impl Tail {
    /// Starts at the log's beginning.
    ///
    /// # Errors
    /// If our log's name is none that FRR takes.
    pub(crate) fn new(container: &str, daemon: Daemon) -> Result<Self, Failure> {
        let (file, container) = (log(daemon)?.file(), container.to_owned());
        Ok(Self { container, daemon, file, read: 0, rest: String::new(), reader: LogReader::default(), zone: None })
    }

    /// Returns the container in which it is written.
    pub(crate) fn container(&self) -> &str {
        &self.container
    }

    /// Returns the events since the last call; none while the log is not there, as when its container restarts.
    pub(crate) async fn take(&mut self, routers: &Routers<'_>) -> Vec<Event> {
        let Some(folder) = routers.run_folder(&self.container).await else { return Vec::new() };
        let Some((text, changed)) = grown(&folder.join(&self.file), &mut self.read) else {
            routers.forget(&self.container);
            return Vec::new();
        };
        self.rest.push_str(&text);
        let whole = self.rest.rfind('\n').map_or(0, |end| end + 1);
        let lines: String = self.rest.drain(..whole).collect();
        if self.zone.is_none() {
            self.zone = lines.lines().rev().find_map(LogTime::split).map(|(last, _)| zone(stamp(last), changed));
        }
        let Some(zone) = self.zone else { return Vec::new() };
        let read = lines.lines().filter_map(|line| self.reader.take(line));
        let event = |(at, event)| {
            let (at, place) = (stamp(at).plus(zone), self.container.clone());
            Event { at, place, what: What::Logged(event) }
        };
        read.map(event).collect()
    }
}

/// Converts a log's time, as if it were UTC.
const fn stamp(time: LogTime) -> Stamp {
    Stamp::from_micros(time.micros())
}

/// Returns the offset of a container's local time from the kernel's, in whole quarters of an hour, as time zones are. A
/// log's last line is written at once, so that the file's modification time shows the offset.
fn zone(last_line: Stamp, changed: Stamp) -> Micros {
    const QUARTER: i64 = 900_000_000;
    let Micros(apart) = changed - last_line;
    Micros((apart + QUARTER / 2).div_euclid(QUARTER) * QUARTER)
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
    fn a_time_zone_is_whole_quarters_of_an_hour() {
        let hour = 3_600_000_000;
        let zone = |stamped: i64, changed| zone(Stamp::from_micros(stamped), Stamp::from_micros(changed)).0;
        assert_eq!(zone(10 * hour, 10 * hour + 3_000), 0);
        assert_eq!(zone(10 * hour, 10 * hour - 900), 0, "a file's time is a clock tick behind");
        assert_eq!(zone(12 * hour, 10 * hour + 3_000), -2 * hour);
        assert_eq!(zone(0, 5 * hour + hour / 2 + 10), 5 * hour + hour / 2);
    }

    #[test]
    fn our_log_has_a_name_that_frr_takes() {
        assert_eq!(log(Daemon::Bfdd).unwrap().file(), "lab-failover-bfdd.log");
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
