//! Routes and links of a container's network, as the kernel tells every change of them.

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

/// How often a thread looks whether it is to end; how late it comes to that tells how late it comes to messages.
pub(crate) const BEAT: Duration = Duration::from_millis(10);

/// The protocol of routes and links has the number 0.
const NETLINK_ROUTE: Option<Protocol> = None;

/// Room for what the kernel says while this thread does not get to run.
const ROOM: usize = 1 << 20;

/// Listens on a thread of its own until it is dropped.
#[derive(Debug)]
pub(crate) struct Monitor {
    heard: Arc<Heard>,
}

/// What a listening thread shares.
#[derive(Debug, Default)]
struct Heard {
    stop: AtomicBool,
    events: Mutex<Vec<(Stamp, What)>>,
    lateness: Lateness,
    trouble: Mutex<Option<String>>,
}

/// How late a thread comes to what it waits for, at worst, in microseconds: the error of its stamps.
#[derive(Debug, Default)]
pub(crate) struct Lateness(AtomicI64);

impl Lateness {
    /// Takes a wait that was to last `wanted` and has lasted longer.
    pub(crate) fn take(&self, began: Instant, wanted: Duration) {
        let Micros(late) = began.elapsed().saturating_sub(wanted).into();
        self.0.fetch_max(late, Ordering::Relaxed);
    }

    /// Begins anew, so that one run's worst is no other's.
    fn forget(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// The worst so far.
    pub(crate) fn worst(&self) -> Micros {
        Micros(self.0.load(Ordering::Relaxed))
    }
}

impl Monitor {
    /// Begins to listen in a container's network for these prefixes and all links.
    ///
    /// # Errors
    /// Where its network cannot be entered.
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

    /// Takes what was heard since the last time.
    ///
    /// # Errors
    /// Where the thread lost messages, so that what it heard is not the whole.
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

    /// How late its stamps may be, of those since it was last begun anew.
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
            let ours = events.filter(|what| match what {
                What::Kernel { prefix, .. } => prefixes.contains(prefix),
                _ => true,
            });
            self.events.lock().unwrap_or_else(PoisonError::into_inner).extend(ours.map(|what| (at, what)));
        }
        Ok(())
    }
}

/// Lets this thread run before others where it may: what waits for it is stamped when it runs.
pub(crate) fn hurry() {
    // Without the right to, the stamps are later, which their error tells.
    let _ = rustix::process::nice(-20);
}

/// Whether there is something to read within a time.
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
    // Without the right to more room, the usual one has to do.
    let _ = sockopt::set_socket_recv_buffer_size_force(&socket, ROOM);
    bind(&socket, &SocketAddrNetlink::new(0, netlink::GROUPS))?;
    Ok(socket)
}

fn cannot(container: &str, error: &io::Error) -> Failure {
    Failure::machine(format!("cannot listen to the kernel's routes of {container}")).cause(error)
}

/// The way that a packet takes from a container's kernel.
///
/// # Errors
/// Where its network cannot be entered.
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
