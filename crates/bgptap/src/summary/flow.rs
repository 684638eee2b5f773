//! Packets of one kind from one address to another.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::frame::{Direction, Frame, Stamp};

/// Packets of one kind from one address to another, as one place sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Flow {
    /// Number of packets.
    pub packets: u64,
    /// Number of those that were also seen on their way on: at a place between the two.
    pub passed_on: u64,
    /// Time of the first one.
    pub first: Stamp,
    /// Time of the last one.
    pub last: Stamp,
    /// The longest time without one.
    pub longest_gap: Option<Gap>,
    /// The least and the greatest TTL.
    pub ttl: (u8, u8),
    /// Number of messages: of BGP by type, of BFD by state.
    pub messages: BTreeMap<&'static str, u64>,
    /// Direction of the first one.
    #[serde(skip)]
    direction: Direction,
}

/// A time without packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Gap {
    /// The packet before it.
    pub from: Stamp,
    /// The packet after it.
    pub to: Stamp,
}

impl Flow {
    /// A flow that begins with this packet, which is yet to be taken.
    pub(super) fn new(frame: &Frame) -> Self {
        Self {
            packets: 0,
            passed_on: 0,
            first: frame.stamp,
            last: frame.stamp,
            longest_gap: None,
            ttl: (u8::MAX, 0),
            messages: BTreeMap::new(),
            direction: frame.direction,
        }
    }

    /// Counts a packet. `false` if it was seen before, on its way in.
    pub(super) fn take(&mut self, frame: &Frame, ttl: u8) -> bool {
        if frame.direction != self.direction {
            self.passed_on += 1;
            return false;
        }
        let gap = Gap { from: self.last, to: frame.stamp };
        if self.packets > 0 && self.longest_gap.is_none_or(|longest| longest.length() < gap.length()) {
            self.longest_gap = Some(gap);
        }
        self.packets += 1;
        self.last = frame.stamp;
        self.ttl = (self.ttl.0.min(ttl), self.ttl.1.max(ttl));
        true
    }

    /// Counts a message.
    pub(super) fn count(&mut self, message: &'static str) {
        *self.messages.entry(message).or_default() += 1;
    }
}

impl Gap {
    fn length(self) -> u64 {
        self.to.since(self.from)
    }

    /// The length in seconds.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        self.to.seconds_since(self.from)
    }
}
