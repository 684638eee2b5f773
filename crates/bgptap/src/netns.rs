//! Working inside a container's network from outside: its interfaces and routes, this program's own sockets.
//!
//! What is measured and captured there needs no program in the container, and shares its clock and its kernel with it.
//! It needs root on the machine of the engine (`CAP_SYS_ADMIN`, setns(2)).

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::thread::JoinHandle;

use netlab::Docker;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::sync::oneshot;

use crate::exit::Failure;

/// The network of a running container.
#[derive(Debug, Clone)]
pub(crate) struct Netns {
    container: String,
    path: PathBuf,
}

impl Netns {
    /// The network of a running container of the engine on this machine.
    ///
    /// # Errors
    /// Where the container does not run, or the engine is on another machine or hides its processes.
    pub(crate) async fn of(docker: &Docker, container: &str) -> Result<Self, Failure> {
        let process = docker.process_of(container).await.ok_or_else(|| {
            Failure::machine(format!("the network of {container} cannot be entered"))
                .place(docker.host())
                .next("it has to run, on an engine of this machine, and this command as root")
        })?;
        Ok(Self { container: container.to_owned(), path: process.join("ns/net") })
    }

    /// The number by which the kernel knows it: a container that starts again has another one.
    pub(crate) fn number(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().map(|metadata| metadata.ino())
    }

    /// Runs `work` inside, on a thread of its own that ends with it: a thread never finds back. Dropping the future does
    /// not end the work; what goes on for long has to listen to a sign from outside.
    ///
    /// # Errors
    /// Where this user may not enter.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let (sender, end) = oneshot::channel();
        // Nobody may wait for the end any more.
        let started = self.spawn(work, move |end| drop(sender.send(end)));
        let ended = match started {
            Ok(_) => end.await.unwrap_or_else(|_| Err(ended_early())),
            Err(error) => Err(error),
        };
        ended.map_err(|error| {
            Failure::machine(format!("cannot work in the network of {}", self.container))
                .cause(&error)
                .next("run it as root")
        })
    }

    /// The same for where no runtime is: blocks until `work` has ended, which has to be soon.
    ///
    /// # Errors
    /// Where this user may not enter.
    pub(crate) fn enter<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
        let (sender, end) = std::sync::mpsc::channel();
        self.spawn(work, move |end| drop(sender.send(end)))?;
        end.recv().unwrap_or_else(|_| Err(ended_early()))
    }

    /// Nothing runs in our own network by mistake.
    fn spawn<T: 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        tell: impl FnOnce(io::Result<T>) + Send + 'static,
    ) -> io::Result<JoinHandle<()>> {
        let path = self.path.clone();
        let inside = move || {
            let entered = File::open(path)
                .and_then(|network| Ok(move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?));
            tell(entered.map(|()| work()));
        };
        std::thread::Builder::new().name(format!("in {}", self.container)).spawn(inside)
    }
}

fn ended_early() -> io::Error {
    io::Error::other("its thread ended early")
}
