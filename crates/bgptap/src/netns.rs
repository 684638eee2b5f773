//! Working inside the network of a process from outside: its interfaces and routes, sockets of this program.
//!
//! Measuring and capturing there needs no program in the container, and uses the container's clock and kernel.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::thread::JoinHandle;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::sync::oneshot;

use crate::error::Error;

/// A network namespace of this machine, by its file (network_namespaces(7)).
///
/// Entering it needs `CAP_SYS_ADMIN` in the user namespace that owns it, and in one's own (setns(2)).
#[derive(Debug, Clone)]
pub struct Netns {
    name: String,
    path: PathBuf,
}

impl Netns {
    /// The network of a running process, named after its number.
    #[must_use]
    pub fn of_process(pid: u32) -> Self {
        Self { name: format!("process {pid}"), path: format!("/proc/{pid}/ns/net").into() }
    }

    /// The network behind a namespace file, as `/proc/PID/ns/net` or one that `ip netns add` made below `/run/netns`; named
    /// after the file.
    #[must_use]
    pub fn at(file: impl Into<PathBuf>) -> Self {
        let path = file.into();
        Self { name: path.display().to_string(), path }
    }

    /// The same with another name in messages.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The name in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number by which the kernel knows it: a container that starts again has another one. None where it is not there
    /// any more, or this user may not look.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().map(|metadata| metadata.ino())
    }

    /// Runs `work` inside, on a thread that ends with it: a thread never finds back. Dropping the future does
    /// not end the work; what goes on for long has to listen to a sign from outside.
    ///
    /// # Errors
    /// [`Error::Enter`] where this user may not enter, or the network is not there any more.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let (sender, end) = oneshot::channel();
        // Nobody may wait for the end any more.
        let started = self.spawn(work, move |end| drop(sender.send(end)));
        let ended = match started {
            Ok(_) => end.await.unwrap_or_else(|_| Err(ended_early())),
            Err(error) => Err(error),
        };
        ended.map_err(|source| self.cannot_enter(source))
    }

    /// The same for where no runtime is: blocks until `work` has ended, which has to be soon.
    ///
    /// # Errors
    /// As [`Netns::run`].
    pub fn run_blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let (sender, end) = std::sync::mpsc::channel();
        let started = self.spawn(work, move |end| drop(sender.send(end)));
        let ended = started.and_then(|_| end.recv().unwrap_or_else(|_| Err(ended_early())));
        ended.map_err(|source| self.cannot_enter(source))
    }

    fn cannot_enter(&self, source: io::Error) -> Error {
        Error::Enter { place: self.name.clone(), source }
    }

    /// Nothing runs in the caller's own network by mistake.
    fn spawn<T: 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        report: impl FnOnce(io::Result<T>) + Send + 'static,
    ) -> io::Result<JoinHandle<()>> {
        let path = self.path.clone();
        let inside = move || {
            let entered = File::open(path)
                .and_then(|network| Ok(move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?));
            report(entered.map(|()| work()));
        };
        std::thread::Builder::new().name(format!("in {}", self.name.replace('\0', ""))).spawn(inside)
    }
}

fn ended_early() -> io::Error {
    io::Error::other("its thread ended early")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_is_not_there_is_named() {
        let netns = Netns::at("/nonexistent/ns/net").named("frr1");
        let error = netns.run_blocking(|| ()).unwrap_err();
        assert_eq!(error.to_string(), "cannot work in the network of frr1");
        let Error::Enter { place, source } = error else { panic!("another error") };
        assert_eq!((place.as_str(), source.kind()), ("frr1", io::ErrorKind::NotFound));
        assert_eq!(netns.number(), None);
    }

    #[test]
    fn a_name_with_a_zero_byte_is_no_panic() {
        assert!(Netns::at("/nonexistent").named("a\0b").run_blocking(|| ()).is_err());
    }

    #[test]
    fn a_process_has_its_own_network_by_number() {
        let own = Netns::of_process(std::process::id());
        assert_eq!(own.number(), Netns::at("/proc/self/ns/net").number());
        assert!(own.number().is_some());
    }
}
