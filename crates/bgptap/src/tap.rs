//! A packet socket in a network (packet(7)).
//!
//! The socket belongs to the network in which it was made, whoever reads it: nothing runs in the container, and nothing in
//! it notices. Sent packets are seen, too. The link's header is left to the kernel (`SOCK_DGRAM`), which also removes VLAN
//! tags.

use std::collections::BTreeMap;
use std::io::{self, IoSliceMut};
use std::net::IpAddr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, SockFlag, SockProtocol, SockType, SockaddrStorage, recvmsg,
    setsockopt, socket, sockopt,
};
use nix::sys::time::TimeSpec;

use crate::frame::{Direction, Frame, Stamp};

/// Room in the socket for packets that wait to be read, in bytes.
const ROOM: usize = 8 << 20;
/// The largest packet: segmentation offload makes larger ones of what the wire would carry in pieces.
const LARGEST: usize = 256 << 10;
/// A frame that a bridge flooded, and that is for another host (linux/if_packet.h).
const OTHERHOST: u8 = 3;
/// A frame that leaves.
const OUTGOING: u8 = 4;

/// A packet socket.
#[derive(Debug)]
pub(crate) struct Tap {
    socket: OwnedFd,
    /// Packets that found no room, as the kernel counts them.
    lost: u32,
}

/// An interface of a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Device {
    /// The name.
    pub(crate) name: String,
    /// The address on the link.
    pub(crate) link: [u8; 6],
    /// The IP addresses.
    pub(crate) addresses: Vec<IpAddr>,
}

/// The interfaces of the network that the calling thread is in, by their numbers.
pub(crate) fn devices() -> io::Result<BTreeMap<u32, Device>> {
    let mut links: BTreeMap<u32, Device> = BTreeMap::new();
    let mut addresses: Vec<(String, IpAddr)> = Vec::new();
    for entry in nix::ifaddrs::getifaddrs()? {
        let Some(address) = entry.address else { continue };
        if let Some(link) = address.as_link_addr() {
            let number = u32::try_from(link.ifindex()).unwrap_or_default();
            let name = entry.interface_name;
            links.insert(number, Device { name, link: link.addr().unwrap_or_default(), addresses: Vec::new() });
        } else if let Some(ip) = ip_of(&address) {
            addresses.push((entry.interface_name, ip));
        }
    }
    for (name, ip) in addresses {
        links.values_mut().filter(|link| link.name == name).for_each(|link| link.addresses.push(ip));
    }
    Ok(links)
}

fn ip_of(address: &SockaddrStorage) -> Option<IpAddr> {
    let v4 = address.as_sockaddr_in().map(|v4| IpAddr::from(v4.ip()));
    v4.or_else(|| address.as_sockaddr_in6().map(|v6| IpAddr::from(v6.ip())))
}

impl Tap {
    /// A socket that sees every packet of the network that the calling thread is in.
    pub(crate) fn open() -> io::Result<Self> {
        let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
        let socket = socket(AddressFamily::Packet, SockType::Datagram, flags, SockProtocol::EthAll)?;
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
        setsockopt(&socket, sockopt::RxqOvfl, &1)?;
        // Without the right to force it, as much as any user may have.
        if setsockopt(&socket, sockopt::RcvBufForce, &ROOM).is_err() {
            setsockopt(&socket, sockopt::RcvBuf, &ROOM)?;
        }
        Ok(Self { socket, lost: 0 })
    }

    /// Number of the packets that found no room so far.
    pub(crate) const fn lost(&self) -> u32 {
        self.lost
    }

    /// Reads the next packet; none where none is waiting. Frames for other hosts are skipped.
    pub(crate) fn next(&mut self, place: usize, buffer: &mut Buffer) -> io::Result<Option<Frame>> {
        loop {
            let mut space = cmsg_space!(TimeSpec, u32);
            let mut parts = [IoSliceMut::new(&mut buffer.0)];
            let read = recvmsg::<LinkAddr>(self.socket.as_raw_fd(), &mut parts, Some(&mut space), MsgFlags::empty());
            let read = match read {
                Ok(read) => read,
                Err(Errno::EAGAIN) => return Ok(None),
                // An interface that disappears is reported once; the socket lives on.
                Err(Errno::EINTR | Errno::ENETDOWN) => continue,
                Err(error) => return Err(error.into()),
            };
            let mut stamp = None;
            for message in read.cmsgs()? {
                match message {
                    ControlMessageOwned::ScmTimestampns(time) => stamp = Some(nanoseconds(time)),
                    ControlMessageOwned::RxqOvfl(lost) => self.lost = lost,
                    _ => {}
                }
            }
            let Some((from, stamp)) = read.address.zip(stamp) else { continue };
            if from.pkttype() == OTHERHOST {
                continue;
            }
            let bytes = read.bytes;
            return Ok(Some(Frame {
                stamp,
                place,
                interface: u32::try_from(from.ifindex()).unwrap_or_default(),
                direction: if from.pkttype() == OUTGOING { Direction::Out } else { Direction::In },
                addressee: from.pkttype(),
                link: from.hatype(),
                sender: from.addr().unwrap_or_default(),
                protocol: u16::from_be(from.protocol()),
                bytes: buffer.0.get(..bytes).unwrap_or_default().to_vec(),
            }));
        }
    }
}

impl AsFd for Tap {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Room for one packet.
pub(crate) struct Buffer(Vec<u8>);

impl Buffer {
    pub(crate) fn new() -> Self {
        Self(vec![0; LARGEST])
    }
}

fn nanoseconds(time: TimeSpec) -> Stamp {
    let part = |number: i64| u64::try_from(number).unwrap_or_default();
    Stamp(part(time.tv_sec()) * 1_000_000_000 + part(time.tv_nsec()))
}
