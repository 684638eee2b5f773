//! BGP identifiers: four octets, also of what has no IPv4 address.

use std::net::Ipv4Addr;

use super::family::Addresses;

/// The first octet from which on bgpd takes no identifier: those of multicast and reserved addresses.
pub(crate) const FIRST_RESERVED: u8 = 224;

/// Returns the identifier of a router or node: its first IPv4 address or, without any, one that follows from its name.
/// FRR chooses only among IPv4 addresses, and has no session without an identifier.
pub(crate) fn identifier<'a>(name: &str, addresses: impl IntoIterator<Item = &'a Addresses>) -> Ipv4Addr {
    addresses.into_iter().find_map(Addresses::v4).unwrap_or_else(|| of_name(name))
}

/// Returns the identifier that a name stands for: its CRC-32, which MetalLB's own BGP and frr-k8s take of the node's name,
/// brought into the range that bgpd takes.
pub(crate) fn of_name(name: &str) -> Ipv4Addr {
    let id = Ipv4Addr::from_bits(crc32fast::hash(name.as_bytes()).max(1));
    let reserved = id.octets()[0] >= FIRST_RESERVED;
    if reserved { Ipv4Addr::from_bits(id.to_bits() & (u32::MAX >> 1)) } else { id }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_ipv4_address_is_an_identifier_of_its_own() {
        let (v4, v6) = ([10, 0, 1, 3].into(), "fd00::3".parse().unwrap());
        assert_eq!(identifier("frr1", &[Addresses::V6(v6), Addresses::Both(v4, v6)]), v4);
        assert_eq!(identifier("frr1", &[Addresses::V6(v6)]), of_name("frr1"));
    }

    /// The check value of CRC-32: MetalLB computes the same (`hash/crc32`, IEEE).
    #[test]
    fn a_name_is_hashed_as_metallb_does() {
        assert_eq!(of_name("123456789"), Ipv4Addr::from_bits(0xcbf4_3926));
    }

    proptest! {
        #[test]
        fn each_is_one_that_bgpd_takes(name in ".{0,64}") {
            let id = of_name(&name);
            prop_assert!(!id.is_unspecified() && id.octets()[0] < FIRST_RESERVED);
            prop_assert!(frrconf::values::RouterId::new(id).is_ok());
        }
    }
}
