//! TCP (RFC 9293) and UDP (RFC 768), by their headers.

use super::bytes::{u8_at, u16_at, u32_at};
use super::ip::Ip;

/// The content of an IP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport<'a> {
    /// A segment of a TCP connection.
    Tcp(Tcp<'a>),
    /// A UDP datagram.
    #[non_exhaustive]
    Udp {
        /// Destination port, by which BFD is known.
        to: u16,
        /// Content.
        data: &'a [u8],
    },
    /// Another protocol, by its number.
    Other(u8),
}

/// A segment of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tcp<'a> {
    /// Source port.
    pub from: u16,
    /// Destination port.
    pub to: u16,
    /// Sequence number of its first byte.
    pub sequence: u32,
    flags: u8,
    /// Content.
    pub data: &'a [u8],
}

impl Tcp<'_> {
    /// `true` if it ends the connection orderly.
    #[must_use]
    pub const fn fin(&self) -> bool {
        self.flags & 0x01 != 0
    }

    /// `true` if it opens a connection, or accepts one.
    #[must_use]
    pub const fn syn(&self) -> bool {
        self.flags & 0x02 != 0
    }

    /// `true` if it acknowledges, as all but the first segment do.
    #[must_use]
    pub const fn ack(&self) -> bool {
        self.flags & 0x10 != 0
    }

    /// `true` if it refuses or resets the connection.
    #[must_use]
    pub const fn rst(&self) -> bool {
        self.flags & 0x04 != 0
    }
}

impl<'a> Transport<'a> {
    /// Decodes the content of an IP packet. None where its header is cut short.
    #[must_use]
    pub fn decode(ip: &Ip<'a>) -> Option<Self> {
        let data = ip.data;
        match ip.protocol {
            6 => {
                let header = usize::from(u8_at(data, 12)? >> 4) * 4;
                if header < 20 {
                    return None;
                }
                Some(Self::Tcp(Tcp {
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
                Some(Self::Udp {
                    to: u16_at(data, 2)?,
                    data: length.checked_sub(8).and_then(|length| data_of.get(..length)).unwrap_or(data_of),
                })
            }
            other => Some(Self::Other(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(protocol: u8, data: &[u8]) -> Option<Transport<'_>> {
        Transport::decode(&Ip { src: [0; 4].into(), dst: [0; 4].into(), ttl: 1, protocol, data })
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
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80), protocol in 0u8..20) {
            packet(protocol, &bytes);
            packet(6, &bytes);
            packet(17, &bytes);
        }
    }
}
