//! IPv4 (RFC 791) and IPv6 (RFC 8200).

use std::net::IpAddr;

use super::bytes::{array, u8_at, u16_at};

/// The EtherType of IPv4.
pub const ETHERTYPE_IPV4: u16 = 0x0800;
/// The EtherType of IPv6.
pub const ETHERTYPE_IPV6: u16 = 0x86dd;

/// An IP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ip<'a> {
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// TTL or hop limit where it was seen.
    pub ttl: u8,
    /// Protocol of its content.
    pub protocol: u8,
    /// Content; empty in a fragment other than the first, which has no transport header.
    pub data: &'a [u8],
}

impl<'a> Ip<'a> {
    /// Decodes the content of a frame of an EtherType. None where that is not IP, or its header is cut short.
    ///
    /// ```
    /// use bgptap::wire::{ETHERTYPE_IPV4, Ip};
    ///
    /// let bytes = [0x45, 0, 0, 20, 0, 0, 0, 0, 255, 17, 0, 0, 10, 0, 1, 3, 10, 0, 2, 3];
    /// let packet = Ip::decode(ETHERTYPE_IPV4, &bytes).unwrap();
    /// assert_eq!((packet.src.to_string(), packet.ttl), ("10.0.1.3".to_owned(), 255));
    /// ```
    #[must_use]
    pub fn decode(ethertype: u16, bytes: &'a [u8]) -> Option<Self> {
        match ethertype {
            ETHERTYPE_IPV4 => ipv4(bytes),
            ETHERTYPE_IPV6 => ipv6(bytes),
            _ => None,
        }
    }
}

fn ipv4(bytes: &[u8]) -> Option<Ip<'_>> {
    let first = u8_at(bytes, 0)?;
    let header = usize::from(first & 0x0f) * 4;
    if first >> 4 != 4 || header < 20 {
        return None;
    }
    let whole = cut(bytes, usize::from(u16_at(bytes, 2)?));
    let later_fragment = u16_at(bytes, 6)? & 0x1fff != 0;
    let data = if later_fragment { &[] } else { whole.get(header..)? };
    Some(Ip {
        src: IpAddr::from(array::<4>(bytes, 12)?),
        dst: IpAddr::from(array::<4>(bytes, 16)?),
        ttl: u8_at(bytes, 8)?,
        protocol: u8_at(bytes, 9)?,
        data,
    })
}

fn ipv6(bytes: &[u8]) -> Option<Ip<'_>> {
    if u8_at(bytes, 0)? >> 4 != 6 {
        return None;
    }
    let length = usize::from(u16_at(bytes, 4)?);
    let mut data = bytes.get(40..)?;
    data = cut(data, length);
    let mut protocol = u8_at(bytes, 6)?;
    // Extension headers; each is at least 8 bytes long, so this ends.
    loop {
        let length = match protocol {
            // Hop-by-hop options, routing, destination options.
            0 | 43 | 60 => (usize::from(u8_at(data, 1)?) + 1) * 8,
            // Fragment.
            44 => 8,
            // Authentication.
            51 => (usize::from(u8_at(data, 1)?) + 2) * 4,
            _ => break,
        };
        let later_fragment = protocol == 44 && u16_at(data, 2)? & 0xfff8 != 0;
        protocol = u8_at(data, 0)?;
        data = data.get(length..)?;
        if later_fragment {
            data = &[];
            break;
        }
    }
    Some(Ip {
        src: IpAddr::from(array::<16>(bytes, 8)?),
        dst: IpAddr::from(array::<16>(bytes, 24)?),
        ttl: u8_at(bytes, 7)?,
        protocol,
        data,
    })
}

/// The packet without the padding of short Ethernet frames. A length of 0 is a packet larger than the field can hold, as
/// segmentation offload makes them.
fn cut(bytes: &[u8], length: usize) -> &[u8] {
    if length == 0 { bytes } else { bytes.get(..length).unwrap_or(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An IPv4 packet with these bytes, padded as a short frame is.
    fn v4(fragment: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(20 + data.len()).unwrap().to_be_bytes();
        let [high, low] = fragment.to_be_bytes();
        let header = [0x45, 0xc0, length[0], length[1], 0, 0, high, low, 255, 17, 0, 0, 10, 0, 1, 3, 10, 0, 2, 3];
        [&header, data, &[0; 6]].concat()
    }

    #[test]
    fn padding_is_not_content() {
        let bytes = v4(0x4000, b"payload");
        let packet = Ip::decode(ETHERTYPE_IPV4, &bytes).unwrap();
        assert_eq!((packet.src.to_string(), packet.dst.to_string()), ("10.0.1.3".into(), "10.0.2.3".into()));
        assert_eq!((packet.ttl, packet.protocol, packet.data), (255, 17, &b"payload"[..]));
        assert_eq!(Ip::decode(ETHERTYPE_IPV6, &bytes), None);
        assert_eq!(Ip::decode(0x0806, &bytes), None);
    }

    #[test]
    fn a_later_fragment_carries_no_header() {
        assert_eq!(Ip::decode(ETHERTYPE_IPV4, &v4(0x0001, b"rest")).unwrap().data, b"");
    }

    #[test]
    fn extension_headers_are_passed_over() {
        let mut bytes = vec![0x60, 0, 0, 0, 0, 8 + 8 + 2, 0, 64];
        bytes.extend([0xfd; 16]);
        bytes.extend([0xfe; 16]);
        bytes.extend([60, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([6, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(b"ok");
        let packet = Ip::decode(ETHERTYPE_IPV6, &bytes).unwrap();
        assert_eq!((packet.protocol, packet.ttl, packet.data), (6, 64, &b"ok"[..]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80), version in 0u8..16) {
            for ethertype in [ETHERTYPE_IPV4, ETHERTYPE_IPV6] {
                let mut bytes = bytes.clone();
                let _ = Ip::decode(ethertype, &bytes);
                // And with the right version in front, where most random bytes would end the look.
                if let Some(first) = bytes.first_mut() {
                    *first = version << 4 | 5;
                }
                let _ = Ip::decode(ethertype, &bytes);
            }
        }
    }
}
