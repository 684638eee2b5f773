//! The moment at which a state began, from events that each say if it holds.

use super::super::stamp::Stamp;

/// Returns the beginning of the longest period in which the state held, of those that an event began before `until`;
/// the last period ends there. `None` if it never held.
///
/// Tables change in steps: zebra of FRR 8 deletes an IPv6 route and sets it again within microseconds, and next hops
/// come and go one by one. The state that stays is the one that counts.
pub(super) fn began(events: impl IntoIterator<Item = (Stamp, bool)>, until: Stamp) -> Option<Stamp> {
    let mut longest = None;
    let mut open: Option<Stamp> = None;
    let mut close = |open: &mut Option<Stamp>, at: Stamp| {
        if let Some(from) = open.take() {
            let length = at - from;
            if longest.is_none_or(|(_, known)| length >= known) {
                longest = Some((from, length));
            }
        }
    };
    for (at, is_so) in events {
        match (is_so, open) {
            (true, None) => open = Some(at),
            (false, Some(_)) => close(&mut open, at),
            _ => {}
        }
    }
    close(&mut open, until);
    longest.map(|(from, _)| from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(events: &[(i64, bool)]) -> Option<i64> {
        let events = events.iter().map(|(at, is)| (Stamp::from_micros(*at), *is));
        began(events, Stamp::from_micros(1000)).map(|stamp| (stamp - Stamp::from_micros(0)).0)
    }

    #[test]
    fn the_state_that_stays_counts() {
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[(10, false)]), None);
        assert_eq!(at(&[(10, true)]), Some(10));
        // Deleted, set with the lost next hop still among others, deleted, set without.
        assert_eq!(at(&[(10, true), (11, false), (200, true), (201, true)]), Some(200));
        // Lost, and back by itself.
        assert_eq!(at(&[(10, true), (700, false)]), Some(10));
        // A flap at the end.
        assert_eq!(at(&[(10, true), (700, false), (990, true)]), Some(10));
    }
}
