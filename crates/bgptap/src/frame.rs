//! A packet with the circumstances in which it was seen.

use serde::Serialize;

/// A point in time, in nanoseconds since 1970: the kernel's own stamp, of the moment in which it took the packet from the
/// card or gave it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(pub u64);

/// The direction of a packet at the interface where it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// It arrived.
    In,
    /// It left.
    Out,
}

/// A packet, as it was seen at one interface of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// Time at which it was seen.
    pub stamp: Stamp,
    /// The place, by its number in the capture.
    pub place: usize,
    /// The interface, by its number in the kernel.
    pub interface: u32,
    /// The direction.
    pub direction: Direction,
    /// The addressee, in the kernel's terms (packet(7), `sll_pkttype`).
    pub addressee: u8,
    /// The kind of link (`ARPHRD_…`).
    pub link: u16,
    /// The sender's address on the link.
    pub sender: [u8; 6],
    /// The protocol after the link's header (the EtherType).
    pub protocol: u16,
    /// The packet, without the link's header.
    pub bytes: Vec<u8>,
}

impl Frame {
    /// A packet that arrived at interface 0 of place 0, an Ethernet, from an unknown sender. `protocol` is the EtherType,
    /// `bytes` are what follows the link's header. The other fields can be set afterwards.
    #[must_use]
    pub const fn new(stamp: Stamp, protocol: u16, bytes: Vec<u8>) -> Self {
        Self {
            stamp,
            place: 0,
            interface: 0,
            direction: Direction::In,
            addressee: 0,
            link: 1,
            sender: [0; 6],
            protocol,
            bytes,
        }
    }
}

impl Stamp {
    /// The nanoseconds since an earlier point; 0 since a later one.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The seconds since an earlier point; 0 since a later one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "within an hour a float is exact to the nanosecond")]
    pub const fn seconds_since(self, earlier: Self) -> f64 {
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
pub(crate) mod tests {
    use super::*;

    /// An empty packet that arrived then.
    pub(crate) fn frame(stamp: u64) -> Frame {
        Frame { interface: 7, sender: [2, 0, 0, 0, 0, 1], ..Frame::new(Stamp(stamp), 0x0800, Vec::new()) }
    }

    #[test]
    fn a_stamp_keeps_its_nanoseconds() {
        let stamp = Stamp(1_700_000_000_123_456_789);
        assert_eq!(stamp.to_string(), "2023-11-14T22:13:20.123456789Z");
        assert_eq!(Stamp(stamp.0 + 5).since(stamp), 5);
        assert_eq!(stamp.since(Stamp(stamp.0 + 5)), 0);
    }
}
