//! ICMP echoes (RFC 792, RFC 4443) over a raw socket, each with its number inside.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, connect, ipproto, recv, send, socket_with,
};

use super::super::super::stamp::Stamp;
use super::super::monitor::readable;
use super::Asked;

/// Sends an echo at each interval, and takes the answers in between.
pub(super) fn ask(asked: &Asked, to: IpAddr, every: Duration) -> io::Result<()> {
    let (family, protocol) = match to {
        IpAddr::V4(_) => (AddressFamily::INET, ipproto::ICMP),
        IpAddr::V6(_) => (AddressFamily::INET6, ipproto::ICMPV6),
    };
    let socket = socket_with(family, SocketType::RAW, SocketFlags::CLOEXEC, Some(protocol))?;
    connect(&socket, &SocketAddr::new(to, 0))?;
    let id = id();
    let mut due = Instant::now();
    let mut buffer = vec![0; 2048];
    while asked.goes_on() {
        asked.lateness.take(due, Duration::ZERO);
        let number = asked.sent(Stamp::now());
        // An echo that cannot be sent is lost like any other.
        let _ = send(&socket, &request(to, id, number as u64), SendFlags::empty());
        due += every;
        loop {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() || !readable(&socket, left)? {
                break;
            }
            let at = Stamp::now();
            if let Some(number) = receive(&socket, &mut buffer, to, id)? {
                asked.answered(number, at);
            }
        }
    }
    Ok(())
}

/// Returns an identifier that no other client of this machine is likely to have.
fn id() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let [low, high, ..] = std::process::id().to_le_bytes();
    u16::from_le_bytes([low, high]).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x1003))
}

fn receive(socket: &OwnedFd, buffer: &mut [u8], to: IpAddr, id: u16) -> io::Result<Option<usize>> {
    match recv(socket, &mut *buffer, RecvFlags::DONTWAIT) {
        Ok((_, length)) => Ok(answer(buffer.get(..length).unwrap_or_default(), to, id)),
        // An earlier echo met no way on, or another reader took the message.
        Err(
            Errno::AGAIN | Errno::INTR | Errno::HOSTUNREACH | Errno::NETUNREACH | Errno::CONNREFUSED | Errno::ACCESS,
        ) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Builds a request: type 8 (128 in ICMPv6), code 0, checksum, our identifier, a short number, and the whole number as
/// content.
fn request(to: IpAddr, id: u16, number: u64) -> Vec<u8> {
    let kind = if to.is_ipv4() { 8 } else { 128 };
    let mut message = vec![kind, 0, 0, 0];
    message.extend(id.to_be_bytes());
    message.extend((number as u16).to_be_bytes());
    message.extend(number.to_be_bytes());
    if to.is_ipv4() {
        // In ICMPv6, the kernel computes the checksum, since it knows both addresses.
        let sum = checksum(&message).to_be_bytes();
        if let Some(place) = message.get_mut(2..4) {
            place.copy_from_slice(&sum);
        }
    }
    message
}

/// Returns the number in an answer to one of our requests; in IPv4, the packet's own header precedes it.
fn answer(packet: &[u8], to: IpAddr, id: u16) -> Option<usize> {
    let (message, kind) = match to {
        IpAddr::V4(_) => (packet.get(usize::from(packet.first()? & 0xf) * 4..)?, 0),
        IpAddr::V6(_) => (packet, 129),
    };
    let ours = *message.first()? == kind && message.get(4..6)? == id.to_be_bytes();
    let number = u64::from_be_bytes(message.get(8..16)?.try_into().ok()?);
    ours.then(|| usize::try_from(number).ok()).flatten()
}

/// Computes the Internet checksum (RFC 1071).
fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_sums_to_nothing() {
        let message = request("203.0.113.200".parse().unwrap(), 0x1234, 70_000);
        assert_eq!(checksum(&message), 0);
        assert_eq!(message[..2], [8, 0]);
    }

    #[test]
    fn only_answers_to_our_own_are_taken() {
        let (v4, v6) = ("203.0.113.200".parse().unwrap(), "fd01::".parse().unwrap());
        let mut message = request(v4, 7, 70_000);
        let packet = |message: &[u8]| [&[0x45; 20], message].concat();
        assert_eq!(answer(&packet(&message), v4, 7), None, "that is a request");
        message[0] = 0;
        assert_eq!(answer(&packet(&message), v4, 7), Some(70_000));
        assert_eq!(answer(&packet(&message), v4, 8), None);
        message[0] = 129;
        assert_eq!(answer(&message, v6, 7), Some(70_000));
        assert_eq!(answer(&message[..10], v6, 7), None);
    }
}
