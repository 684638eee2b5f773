//! Prefixes in an UPDATE: withdrawn and announced, IPv4's own (RFC 4271, section 4.3) and other families' (RFC 4760).

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::bytes::{u8_at, u16_at};

/// The changes in an UPDATE.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) announced: Vec<IpNet>,
    pub(super) withdrawn: Vec<IpNet>,
    /// The family whose initial update ends here, where it is an End-of-RIB (RFC 4724, section 2).
    pub(super) end_of: Option<&'static str>,
}

const MP_REACH: u8 = 14;
const MP_UNREACH: u8 = 15;

/// The prefixes of an UPDATE's body.
pub(super) fn changes(body: &[u8]) -> Option<Changes> {
    let withdrawn = usize::from(u16_at(body, 0)?);
    let attributes = usize::from(u16_at(body, 2 + withdrawn)?);
    let rest = 4 + withdrawn;
    let mut changes = Changes {
        withdrawn: prefixes(body.get(2..2 + withdrawn)?, true)?,
        announced: prefixes(body.get(rest + attributes..)?, true)?,
        end_of: (body.len() == 4).then_some("IPv4"),
    };
    let mut left = body.get(rest..rest + attributes)?;
    while !left.is_empty() {
        let (flags, kind) = (u8_at(left, 0)?, u8_at(left, 1)?);
        let (header, length) =
            if flags & 0x10 == 0 { (3, usize::from(u8_at(left, 2)?)) } else { (4, usize::from(u16_at(left, 2)?)) };
        let value = left.get(header..header + length)?;
        match kind {
            MP_REACH => {
                let next_hop = usize::from(u8_at(value, 3)?);
                changes.announced.extend(family(value, value.get(5 + next_hop..)?)?);
            }
            MP_UNREACH => {
                changes.withdrawn.extend(family(value, value.get(3..)?)?);
                changes.end_of = (value.len() == 3 && attributes == header + 3).then_some(match u16_at(value, 0)? {
                    1 => "IPv4",
                    2 => "IPv6",
                    _ => "another family",
                });
            }
            _ => {}
        }
        left = left.get(header + length..)?;
    }
    Some(changes)
}

/// Prefixes of the unicast families; those of others are left out.
fn family(value: &[u8], prefixes_in: &[u8]) -> Option<Vec<IpNet>> {
    match (u16_at(value, 0)?, u8_at(value, 2)?) {
        (1, 1) => prefixes(prefixes_in, true),
        (2, 1) => prefixes(prefixes_in, false),
        _ => Some(Vec::new()),
    }
}

/// Each prefix is its length in bits, and as many bytes as that needs.
fn prefixes(mut bytes: &[u8], ipv4: bool) -> Option<Vec<IpNet>> {
    let mut found = Vec::new();
    while let Some((&bits, rest)) = bytes.split_first() {
        let length = usize::from(bits).div_ceil(8);
        let prefix = rest.get(..length)?;
        found.push(if ipv4 {
            let mut address = [0; 4];
            address.get_mut(..length)?.copy_from_slice(prefix);
            Ipv4Net::new(Ipv4Addr::from(address), bits).ok()?.trunc().into()
        } else {
            let mut address = [0; 16];
            address.get_mut(..length)?.copy_from_slice(prefix);
            Ipv6Net::new(Ipv6Addr::from(address), bits).ok()?.trunc().into()
        });
        bytes = rest.get(length..)?;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_families_are_read() {
        // Withdrawn 203.0.113.200/32; announced 10.0.0.0/8; fd01::/128 with its next hop; fd02::/16 withdrawn.
        let mut reach = vec![0x80, MP_REACH, 5 + 16 + 17, 0, 2, 1, 16];
        reach.extend([0xfd; 16]);
        reach.push(0);
        reach.extend([128, 0xfd, 0x01]);
        reach.extend([0; 14]);
        let unreach = [0x90, MP_UNREACH, 0, 6, 0, 2, 1, 16, 0xfd, 0x02];
        let attributes = [&reach[..], &unreach].concat();
        let mut body = vec![0, 5, 32, 203, 0, 113, 200];
        body.extend(u16::try_from(attributes.len()).unwrap().to_be_bytes());
        body.extend(attributes);
        body.extend([8, 10]);
        let changes = changes(&body).unwrap();
        let text = |nets: &[IpNet]| nets.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(text(&changes.announced), ["10.0.0.0/8", "fd01::/128"]);
        assert_eq!(text(&changes.withdrawn), ["203.0.113.200/32", "fd02::/16"]);
    }

    #[test]
    fn a_body_cut_short_is_refused() {
        assert_eq!(changes(&[0, 5, 32, 203]), None);
        assert_eq!(changes(&[0, 0, 0, 0, 33, 1, 2, 3, 4, 5]), None);
    }

    #[test]
    fn an_end_of_rib_is_not_a_change() {
        let end_of = |body: &[u8]| changes(body).unwrap().end_of;
        assert_eq!(end_of(&[0, 0, 0, 0]), Some("IPv4"));
        assert_eq!(end_of(&[0, 0, 0, 6, 0x80, MP_UNREACH, 3, 0, 2, 1]), Some("IPv6"));
        assert_eq!(end_of(&[0, 5, 32, 203, 0, 113, 200, 0, 0]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            changes(&bytes);
            prefixes(&bytes, true);
            prefixes(&bytes, false);
        }
    }
}
