//! Long commands, whose lines are passed on while they come.
//!
//! A command runs as its own process group under a small shell that reads from a pipe that only this process holds
//! open. However this process ends, by SIGKILL too, the pipe closes, and the shell kills the whole group: `make` with
//! all that its recipes started. (`PR_SET_PDEATHSIG` would reach the first child only.)

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use camino::Utf8PathBuf;
use rustix::process::{Pid, Signal, kill_process_group};
use tracing::debug;

use super::{Cmd, Error};

/// Runs `"$@"`, and kills the group when stdin ends.
/// SIGINT is the command's alone: the shell outlives it, for the command's status.
const WATCHED: &str = r#"exec 3<&0 0</dev/null
{ trap '' INT; read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 &
trap : INT
"$@" 3<&-
status=$?
kill $! 2>/dev/null
exit $status"#;

/// The number of lines that are kept for the error.
const KEPT: usize = 20;

/// The time that a group has between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_secs(2);

type OnLine = Box<dyn FnMut(&str) + Send>;

/// A long command.
pub struct Stream {
    cmd: Cmd,
    log: Option<Utf8PathBuf>,
    on_line: OnLine,
    shared: Arc<Mutex<Shared>>,
}

/// A handle on a running command, to interrupt it as Ctrl-C at a terminal of its own would.
#[derive(Debug, Clone)]
pub struct Interrupter(Arc<Mutex<Shared>>);

impl Interrupter {
    /// Sends SIGINT to the command and all that it started. One that does not run is left alone.
    pub fn interrupt(&self) {
        // It may have ended by itself meanwhile.
        let _ = lock(&self.0).group.map(|group| kill_process_group(group, Signal::INT));
    }
}

impl Stream {
    /// Makes a stream of a command; set [`Cmd::within`] to what it may really take.
    pub fn new(cmd: Cmd) -> Self {
        Self { cmd, log: None, on_line: Box::new(|_| {}), shared: Arc::default() }
    }

    /// Returns a handle to interrupt it.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(Arc::clone(&self.shared))
    }

    /// Also writes every line into a new file, whose folder is made if needed.
    #[must_use]
    pub fn log(mut self, path: impl Into<Utf8PathBuf>) -> Self {
        self.log = Some(path.into());
        self
    }

    /// Calls `on_line` with each line of stdout and stderr as it comes, on another thread.
    #[must_use]
    pub fn on_line(mut self, on_line: impl FnMut(&str) + Send + 'static) -> Self {
        self.on_line = Box::new(on_line);
        self
    }

    /// Runs it to its end. Dropped before, it ends the command and all that this started.
    pub async fn run(self) -> Result<(), Error> {
        self.cmd.find()?;
        let log = self.log.as_ref().map(open).transpose()?;
        let (cmd, bound, started) = (self.cmd.to_string(), self.cmd.bound, Instant::now());
        debug!(%cmd, "starting");

        let shared = Arc::clone(&self.shared);
        let (ended, end) = tokio::sync::oneshot::channel();
        let (alive, finished) = mpsc::channel::<()>();
        let guard = Guard { shared: Arc::clone(&shared), finished };
        // A separate thread, not the runtime's pool: it lives as long as the command.
        std::thread::spawn(move || {
            let _alive = alive;
            let _ = ended.send(self.follow(log, &shared));
        });

        let waited = tokio::time::timeout(bound, end).await;
        let tail = guard.tail();
        drop(guard);
        let elapsed = started.elapsed();
        debug!(%cmd, ?elapsed, "ended");
        match waited {
            Err(_) => Err(Error::TimedOut { cmd, bound, tail }),
            Ok(Ok(Ok(status))) if status.success() => Ok(()),
            Ok(Ok(Ok(status))) => Err(Error::Failed { cmd, status: status.to_string(), elapsed, tail }),
            Ok(Ok(Err(source))) => Err(Error::Run { cmd, source }),
            Ok(Err(_)) => Err(Error::Run { cmd, source: io::Error::other("the thread that followed it panicked") }),
        }
    }

    /// Starts the command and reads its lines to the end, on a separate thread.
    fn follow(mut self, mut log: Option<fs_err::File>, shared: &Mutex<Shared>) -> io::Result<std::process::ExitStatus> {
        let (stdin, _held_open) = io::pipe()?;
        let watched = ["-c", WATCHED, "sh", &self.cmd.program].map(str::to_owned);
        let mut expression = duct::cmd("sh", watched.iter().chain(&self.cmd.args))
            .stdin_file(stdin)
            .stderr_to_stdout()
            .unchecked()
            .before_spawn(|command| {
                command.process_group(0);
                Ok(())
            });
        if let Some(folder) = &self.cmd.cwd {
            expression = expression.dir(folder);
        }
        for (name, value) in &self.cmd.env {
            expression = match value {
                Some(value) => expression.env(name, value),
                None => expression.env_remove(name),
            };
        }
        let reader = lock(shared).start(|| expression.reader())?;
        let mut lines = BufReader::new(&reader);
        let mut bytes = Vec::new();
        while lines.read_until(b'\n', &mut bytes)? > 0 {
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end();
            // A full disk shall not end the command.
            let _ = log.as_mut().map(|log| writeln!(log, "{line}"));
            lock(shared).keep(line);
            (self.on_line)(line);
            bytes.clear();
        }
        lock(shared).group = None;
        match reader.try_wait()? {
            Some(output) => Ok(output.status),
            None => Err(io::Error::other("its output ended before it did")),
        }
    }
}

fn open(path: &Utf8PathBuf) -> Result<fs_err::File, Error> {
    let error = |source| Error::Log { path: path.to_string(), source };
    path.parent().map_or(Ok(()), fs_err::create_dir_all).map_err(error)?;
    fs_err::File::create(path).map_err(error)
}

/// The state that the thread and the waiting future share.
#[derive(Debug, Default)]
struct Shared {
    group: Option<Pid>,
    cancelled: bool,
    tail: VecDeque<String>,
}

impl Shared {
    fn start(&mut self, start: impl FnOnce() -> io::Result<duct::ReaderHandle>) -> io::Result<duct::ReaderHandle> {
        if self.cancelled {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let reader = start()?;
        let pid = reader.pids().first().and_then(|pid| i32::try_from(*pid).ok());
        self.group = pid.and_then(Pid::from_raw);
        Ok(reader)
    }

    fn keep(&mut self, line: &str) {
        if line.is_empty() {
            return;
        }
        if self.tail.len() == KEPT {
            self.tail.pop_front();
        }
        self.tail.push_back(line.to_owned());
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the group when dropped, and waits for its end.
struct Guard {
    shared: Arc<Mutex<Shared>>,
    finished: mpsc::Receiver<()>,
}

impl Guard {
    fn tail(&self) -> String {
        lock(&self.shared).tail.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    fn signal(&self, signal: Signal) {
        let mut shared = lock(&self.shared);
        shared.cancelled = true;
        // It may have ended by itself meanwhile.
        let _ = shared.group.map(|group| kill_process_group(group, signal));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        for signal in [Signal::TERM, Signal::KILL] {
            if lock(&self.shared).group.is_none() && self.finished.try_recv() == Err(mpsc::TryRecvError::Disconnected) {
                return;
            }
            self.signal(signal);
            // Nothing is ever sent: the channel closes when the thread has seen the end.
            if self.finished.recv_timeout(GRACE) == Err(mpsc::RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
