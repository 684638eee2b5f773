//! Changes of routes in a container's network, as the kernel reports them.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ipnet::IpNet;
use netlab::Docker;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType};
use rustix::net::{bind, recv, send, socket_with, sockopt};

use super::super::event::{Event, What};
use super::super::stamp::{Micros, Stamp};
use super::netlink::{self, Hop, Packet};
use crate::failure::Failure;
use crate::tapping;

/// The interval at which a thread checks if it has to end; its delay then shows how late it takes messages.
pub(crate) const BEAT: Duration = Duration::from_millis(10);

/// The protocol of routes and links has the number 0.
const NETLINK_ROUTE: Option<Protocol> = None;

/// The socket's buffer, in bytes, for messages that arrive while this thread does not get to run.
const ROOM: usize = 1 << 20;

/// A listener on its own thread, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Monitor {
    heard: Arc<Heard>,
}

/// The state that a listener shares with its thread.
#[derive(Debug, Default)]
struct Heard {
    stop: AtomicBool,
    events: Mutex<Vec<(Stamp, What)>>,
    lateness: Lateness,
    trouble: Mutex<Option<String>>,
}

/// The worst delay of a thread, in microseconds, which is the error of the stamps that it takes.
#[derive(Debug, Default)]
pub(crate) struct Lateness(AtomicI64);

impl Lateness {
    /// Takes a wait that was to last `wanted` and has lasted longer.
    pub(crate) fn take(&self, began: Instant, wanted: Duration) {
        let Micros(late) = began.elapsed().saturating_sub(wanted).into();
        self.0.fetch_max(late, Ordering::Relaxed);
    }

    /// Starts again, so that one run's worst delay is not another's.
    fn forget(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Returns the worst delay so far.
    pub(crate) fn worst(&self) -> Micros {
        Micros(self.0.load(Ordering::Relaxed))
    }
}

impl Monitor {
    /// Begins to listen in a container's network for these prefixes.
    ///
    /// # Errors
    /// If its network cannot be entered.
    pub(crate) async fn start(docker: &Docker, container: &str, prefixes: &[IpNet]) -> Result<Self, Failure> {
        let heard = Arc::new(Heard::default());
        let socket = tapping::network_of(docker, container).await?.run(open).await?;
        let socket = socket.map_err(|error| cannot(container, &error))?;
        let (shared, prefixes) = (Arc::clone(&heard), prefixes.to_vec());
        let listen = move || {
            if let Err(error) = shared.listen(&socket, &prefixes) {
                *shared.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
            }
        };
        // A socket stays in the network that it was made in.
        std::thread::Builder::new()
            .name(format!("routes of {container}"))
            .spawn(listen)
            .map_err(|error| cannot(container, &error))?;
        Ok(Self { heard })
    }

    /// Takes the events since the last call.
    ///
    /// # Errors
    /// If the thread lost messages, so that what it heard is not the whole.
    pub(crate) fn take(&self, container: &str) -> Result<Vec<Event>, Failure> {
        let trouble = self.heard.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(why) = trouble {
            return Err(
                Failure::step(format!("the kernel's messages about routes of {container} were lost")).because(why)
            );
        }
        let events = std::mem::take(&mut *self.heard.events.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(events.into_iter().map(|(at, what)| Event { at, place: container.to_owned(), what }).collect())
    }

    /// Returns the worst delay of the stamps since [`Monitor::begin`].
    pub(crate) fn lateness(&self) -> Micros {
        self.heard.lateness.worst()
    }

    /// Begins to measure its lateness anew.
    pub(crate) fn begin(&self) {
        self.heard.lateness.forget();
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.heard.stop.store(true, Ordering::Relaxed);
    }
}

impl Heard {
    fn listen(&self, socket: &OwnedFd, prefixes: &[IpNet]) -> io::Result<()> {
        hurry();
        let mut buffer = vec![0; 1 << 16];
        while !self.stop.load(Ordering::Relaxed) {
            let began = Instant::now();
            if !readable(socket, BEAT)? {
                self.lateness.take(began, BEAT);
                continue;
            }
            let at = Stamp::now();
            let (_, length) = recv(socket, &mut *buffer, RecvFlags::empty())?;
            let events = netlink::events(buffer.get(..length).unwrap_or_default()).into_iter();
            let ours = events.filter(|what| matches!(what, What::Kernel { prefix, .. } if prefixes.contains(prefix)));
            self.events.lock().unwrap_or_else(PoisonError::into_inner).extend(ours.map(|what| (at, what)));
        }
        Ok(())
    }
}

/// Lets this thread run before others if it may: a message is stamped only when the thread runs.
pub(crate) fn hurry() {
    // Without the privilege, the stamps are later, which their error shows.
    let _ = rustix::process::nice(-20);
}

/// `true` if there is something to read within a time.
pub(crate) fn readable(socket: &OwnedFd, within: Duration) -> io::Result<bool> {
    let within = Timespec { tv_sec: 0, tv_nsec: i64::from(within.subsec_nanos()) };
    match poll(&mut [PollFd::new(socket, PollFlags::IN)], Some(&within)) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn open() -> io::Result<OwnedFd> {
    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, NETLINK_ROUTE)?;
    // Without the privilege, the usual buffer has to do.
    let _ = sockopt::set_socket_recv_buffer_size_force(&socket, ROOM);
    bind(&socket, &SocketAddrNetlink::new(0, netlink::GROUPS))?;
    Ok(socket)
}

fn cannot(container: &str, error: &io::Error) -> Failure {
    Failure::machine(format!("cannot listen to the kernel's routes of {container}")).cause(error)
}

/// Asks a container's kernel for the way that a packet takes.
///
/// # Errors
/// If its network cannot be entered.
pub(crate) async fn hop(docker: &Docker, container: &str, packet: Packet) -> Result<Option<Hop>, Failure> {
    let ask = move || {
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, NETLINK_ROUTE)?;
        send(&socket, &packet.ask(), SendFlags::empty())?;
        let mut buffer = vec![0; 1 << 16];
        let (_, length) = recv(&socket, &mut *buffer, RecvFlags::empty())?;
        Ok::<_, io::Error>(netlink::hop(buffer.get(..length).unwrap_or_default()))
    };
    let answer = tapping::network_of(docker, container).await?.run(ask).await?;
    answer.map_err(|error| cannot(container, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lateness_is_that_of_one_run() {
        let lateness = Lateness::default();
        lateness.take(Instant::now() - Duration::from_millis(50), Duration::from_millis(10));
        assert!(lateness.worst() >= Micros(40_000));
        lateness.forget();
        assert_eq!(lateness.worst(), Micros(0));
    }
}
