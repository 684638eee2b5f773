//! Ranges of addresses, as a pool has them.

use std::net::IpAddr;

use ipnet::IpNet;
use metallb::value::AddressRange;

use super::text::{Text, shown, text};

text!(Range);
shown!(Range);

/// The addresses of a pool: a subnet without host bits, or all from a first to a last one, of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range(pub AddressRange);

impl Text for Range {
    const EXPECTED: &'static str =
        "a subnet such as \"203.0.113.200/32\", or a range of one family such as \"203.0.113.200-203.0.113.210\"";
    const PATTERN: &'static str = "^([0-9A-Fa-f:.]+/[0-9]{1,3}| *[0-9A-Fa-f:.]+ *- *[0-9A-Fa-f:.]+ *)$";
    fn parse(text: &str) -> Option<Self> {
        if let Ok(net) = text.parse::<IpNet>() {
            return (net.trunc() == net).then(|| Self(net.into()));
        }
        let (first, last) = text.split_once('-')?;
        let address = |part: &str| part.trim_matches(' ').parse::<IpAddr>().ok();
        AddressRange::from_ends(address(first)?, address(last)?).ok().map(Self)
    }
}
