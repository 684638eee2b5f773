//! TCP connections, one after the other, for services that answer no ping. Each is one packet and its answer, since an
//! unanswered one is given up before the kernel would repeat it.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, ipproto, socket_with, sockopt};

use super::super::super::stamp::Stamp;
use super::Asked;

/// The time after which a connection is given up: the kernel repeats an unanswered packet after a second.
const GIVEN_UP: Duration = Duration::from_millis(950);

/// A connection that is not answered yet.
struct Waiting {
    number: usize,
    since: Instant,
    socket: OwnedFd,
}

/// Begins a connection at each interval, and takes the answers in between.
pub(super) fn ask(asked: &Asked, to: SocketAddr, every: Duration) -> io::Result<()> {
    let mut waiting: VecDeque<Waiting> = VecDeque::new();
    let mut due = Instant::now();
    while asked.goes_on() {
        asked.lateness.take(due, Duration::ZERO);
        let number = asked.sent(Stamp::now());
        match begin(to) {
            Ok(socket) => waiting.push_back(Waiting { number, since: Instant::now(), socket }),
            // A connection that cannot be begun is lost like any other.
            Err(Errno::NETUNREACH | Errno::HOSTUNREACH | Errno::ADDRNOTAVAIL) => {}
            Err(error) => return Err(error.into()),
        }
        due += every;
        while waiting.front().is_some_and(|oldest| oldest.since.elapsed() >= GIVEN_UP) {
            waiting.pop_front();
        }
        loop {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            take(asked, &mut waiting, left)?;
        }
    }
    Ok(())
}

fn begin(to: SocketAddr) -> Result<OwnedFd, Errno> {
    let family = if to.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(family, SocketType::STREAM, flags, Some(ipproto::TCP))?;
    // Closing resets it, so that nothing of it lingers.
    sockopt::set_socket_linger(&socket, Some(Duration::ZERO))?;
    match connect(&socket, &to) {
        Ok(()) | Err(Errno::INPROGRESS) => Ok(socket),
        Err(error) => Err(error),
    }
}

/// Waits for answers, and takes those that came.
fn take(asked: &Asked, waiting: &mut VecDeque<Waiting>, within: Duration) -> io::Result<()> {
    let within = Timespec { tv_sec: 0, tv_nsec: i64::from(within.subsec_nanos()) };
    let ready: Vec<bool> = {
        let mut places: Vec<PollFd<'_>> = waiting.iter().map(|one| PollFd::new(&one.socket, PollFlags::OUT)).collect();
        match poll(&mut places, Some(&within)) {
            Ok(_) => places.iter().map(|place| !place.revents().is_empty()).collect(),
            Err(Errno::INTR) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    };
    let at = Stamp::now();
    let mut ready = ready.into_iter();
    waiting.retain(|one| {
        let is_ready = ready.next().unwrap_or_default();
        // A refused connection has not reached the service.
        if is_ready && matches!(sockopt::socket_error(&one.socket), Ok(Ok(()))) {
            asked.answered(one.number, at);
        }
        !is_ready
    });
    Ok(())
}
