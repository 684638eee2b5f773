//! Packets of several sockets in one order of time.

use std::collections::BTreeMap;

use crate::frame::{Frame, Stamp};

/// The longest time from a packet's stamp until it reaches its socket, in nanoseconds.
const ON_THE_WAY: u64 = 1_000_000;

/// Packets that wait until no earlier one can come.
#[derive(Debug, Default)]
pub(crate) struct Order {
    held: BTreeMap<(Stamp, u64), Frame>,
    arrived: u64,
}

impl Order {
    pub(crate) fn push(&mut self, frame: Frame) {
        self.arrived += 1;
        self.held.insert((frame.stamp, self.arrived), frame);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The packets whose turn it is: every socket was emptied since then.
    pub(crate) fn due(&mut self, emptied: Stamp) -> impl Iterator<Item = Frame> + use<> {
        let bound = Stamp(emptied.0.saturating_sub(ON_THE_WAY));
        let later = self.held.split_off(&(bound, 0));
        std::mem::replace(&mut self.held, later).into_values()
    }

    /// All that are left: no more come.
    pub(crate) fn rest(&mut self) -> impl Iterator<Item = Frame> + use<> {
        std::mem::take(&mut self.held).into_values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::tests::frame;

    #[test]
    fn later_packets_wait_for_earlier_ones() {
        let mut order = Order::default();
        for stamp in [9_000_000, 2_000_000, 5_000_000, 5_000_000] {
            order.push(frame(stamp));
        }
        let stamps = |frames: Vec<Frame>| frames.iter().map(|frame| frame.stamp.0).collect::<Vec<_>>();
        assert_eq!(stamps(order.due(Stamp(6_500_000)).collect()), [2_000_000, 5_000_000, 5_000_000]);
        assert!(!order.is_empty());
        order.push(frame(8_000_000));
        assert_eq!(stamps(order.rest().collect()), [8_000_000, 9_000_000]);
        assert!(order.is_empty());
    }
}
