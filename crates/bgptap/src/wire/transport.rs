//! TCP (RFC 9293) and UDP (RFC 768), by their headers.

use super::bytes::{u8_at, u16_at, u32_at};
use super::ip::Ip;

/// What an IP packet carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport<'a> {
    /// A segment of a TCP connection.
    Tcp(Tcp<'a>),
    /// A UDP datagram.
    Udp {
        /// Its destination port, which tells what it is.
        to: u16,
        /// What it carries.
        data: &'a [u8],
    },
    /// Anything else, by its protocol number.
    Other(u8),
}

/// A segment of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tcp<'a> {
    /// The source port.
    pub from: u16,
    /// The destination port.
    pub to: u16,
    /// The first byte's number.
    pub sequence: u32,
    flags: u8,
    /// What it carries.
    pub data: &'a [u8],
}

impl Tcp<'_> {
    /// Whether it ends the connection orderly.
    pub const fn fin(&self) -> bool {
        self.flags & 0x01 != 0
    }

    /// Whether it begins a connection, or answers that.
    pub const fn syn(&self) -> bool {
        self.flags & 0x02 != 0
    }

    /// Whether it says what has arrived, as all but the first segment do.
    pub const fn ack(&self) -> bool {
        self.flags & 0x10 != 0
    }

    /// Whether it breaks the connection off.
    pub const fn rst(&self) -> bool {
        self.flags & 0x04 != 0
    }
}

/// What an IP packet carries; nothing where its header is cut short.
pub fn transport<'a>(ip: &Ip<'a>) -> Option<Transport<'a>> {
    let data = ip.data;
    match ip.protocol {
        6 => {
            let header = usize::from(u8_at(data, 12)? >> 4) * 4;
            if header < 20 {
                return None;
            }
            Some(Transport::Tcp(Tcp {
                from: u16_at(data, 0)?,
                to: u16_at(data, 2)?,
                sequence: u32_at(data, 4)?,
                flags: u8_at(data, 13)?,
                data: data.get(header..)?,
            }))
        }
        17 => {
            let length = usize::from(u16_at(data, 4)?);
            let data_of = data.get(8..)?;
            Some(Transport::Udp {
                to: u16_at(data, 2)?,
                data: length.checked_sub(8).and_then(|length| data_of.get(..length)).unwrap_or(data_of),
            })
        }
        other => Some(Transport::Other(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(protocol: u8, data: &[u8]) -> Option<Transport<'_>> {
        transport(&Ip { src: [0; 4].into(), dst: [0; 4].into(), ttl: 1, protocol, data })
    }

    #[test]
    fn options_are_passed_over() {
        let mut bytes = vec![0xc0, 0x00, 0, 179, 0, 0, 0, 9, 0, 0, 0, 0, 0x60, 0x12, 0, 0, 0, 0, 0, 0];
        bytes.extend([1, 1, 1, 0]);
        bytes.extend(b"hello");
        let Some(Transport::Tcp(tcp)) = packet(6, &bytes) else { panic!() };
        assert_eq!((tcp.from, tcp.to, tcp.sequence, tcp.data), (0xc000, 179, 9, &b"hello"[..]));
        assert!(tcp.syn() && tcp.ack() && !tcp.fin() && !tcp.rst());
    }

    #[test]
    fn a_datagram_ends_where_it_says() {
        let bytes = [0xc0, 0, 0x12, 0xb0, 0, 10, 0, 0, 1, 2, 99];
        assert_eq!(packet(17, &bytes), Some(Transport::Udp { to: 4784, data: &[1, 2] }));
        assert_eq!(packet(1, &bytes), Some(Transport::Other(1)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..80), protocol in 0u8..20) {
            packet(protocol, &bytes);
            packet(6, &bytes);
            packet(17, &bytes);
        }
    }
}
