//! A packet as it was seen.

use serde::Serialize;

/// A point in time, in nanoseconds since 1970: the kernel's own stamp, of the moment in which it took the packet from the
/// card or gave it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp(pub(crate) u64);

/// Which way a packet went where it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// It arrived.
    In,
    /// It left.
    Out,
}

/// A packet as it was seen at one interface of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// When.
    pub(crate) stamp: Stamp,
    /// The place, by its number in the capture.
    pub(crate) place: usize,
    /// The interface, by its number in the kernel.
    pub(crate) interface: u32,
    /// Which way it went.
    pub(crate) direction: Direction,
    /// Who it was for, in the kernel's terms (packet(7), `sll_pkttype`).
    pub(crate) addressee: u8,
    /// The kind of link (`ARPHRD_…`).
    pub(crate) link: u16,
    /// The sender's address on the link.
    pub(crate) sender: [u8; 6],
    /// What comes after the link's header (the EtherType).
    pub(crate) protocol: u16,
    /// The packet, without the link's header.
    pub(crate) bytes: Vec<u8>,
}

impl Stamp {
    /// The nanoseconds from an earlier point on; 0 from a later one.
    pub(crate) const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The seconds from an earlier point on.
    #[expect(clippy::cast_precision_loss, reason = "of an hour a float still tells nanoseconds apart")]
    pub(crate) const fn seconds_since(self, earlier: Self) -> f64 {
        self.since(earlier) as f64 / 1e9
    }
}

impl std::fmt::Display for Stamp {
    /// As RFC 3339 has it, in UTC, with all nanoseconds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_nanosecond(i128::from(self.0)) {
            Ok(time) => write!(f, "{time:.9}"),
            Err(_) => write!(f, "{} ns", self.0),
        }
    }
}

impl Serialize for Stamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An empty packet that arrived then.
    pub(in crate::capture) fn frame(stamp: u64) -> Frame {
        Frame {
            stamp: Stamp(stamp),
            place: 0,
            interface: 7,
            direction: Direction::In,
            addressee: 0,
            link: 1,
            sender: [2, 0, 0, 0, 0, 1],
            protocol: 0x0800,
            bytes: Vec::new(),
        }
    }

    #[test]
    fn a_stamp_keeps_its_nanoseconds() {
        let stamp = Stamp(1_700_000_000_123_456_789);
        assert_eq!(stamp.to_string(), "2023-11-14T22:13:20.123456789Z");
        assert_eq!(Stamp(stamp.0 + 5).since(stamp), 5);
        assert_eq!(stamp.since(Stamp(stamp.0 + 5)), 0);
    }
}
