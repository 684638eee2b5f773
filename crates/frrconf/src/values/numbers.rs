//! Numbers with bounds.

use std::fmt;

use serde::Serialize;

/// A number outside a field's range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {value} is out of range: give {expected}")]
#[non_exhaustive]
pub struct OutOfRange {
    /// The field's name, as the user knows it.
    pub field: &'static str,
    /// The value that was given.
    pub value: u64,
    /// The range, with its unit.
    pub expected: &'static str,
}

/// Defines a number that is checked once, where it is made.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident($inner:ty), $field:literal, $range:pat, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name($inner);

        impl $name {
            /// Checks a number.
            ///
            /// # Errors
            #[doc = concat!("[`OutOfRange`] unless the value is ", $expected, ".")]
            pub const fn new(value: $inner) -> Result<Self, OutOfRange> {
                match value {
                    $range => Ok(Self(value)),
                    _ => Err(OutOfRange { field: $field, value: value as u64, expected: $expected }),
                }
            }

            /// Returns the number.
            pub const fn get(self) -> $inner {
                self.0
            }
        }

        impl TryFrom<$inner> for $name {
            type Error = OutOfRange;

            fn try_from(value: $inner) -> Result<Self, OutOfRange> {
                Self::new(value)
            }
        }

        impl From<$name> for $inner {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

bounded!(
    /// The number of an autonomous system, of two or four octets (RFC 6793). 0 is reserved (RFC 7607).
    Asn(u32), "AS number", 1..=4_294_967_295, "1 to 4294967295"
);
bounded!(
    /// A BFD interval in milliseconds: transmit, receive or echo (RFC 5880, section 4.1).
    BfdInterval(u32), "BFD interval", 10..=60_000, "10 to 60000 ms"
);
bounded!(
    /// The number of packets in a row that a BFD session may miss before it goes down (RFC 5880, section 4.1).
    DetectMultiplier(u8), "BFD detect multiplier", 2..=255, "2 to 255"
);
bounded!(
    /// The least TTL that a multihop BFD packet may arrive with: 254 = one router between, 253 = two (RFC 5883).
    MinimumTtl(u8), "BFD minimum TTL", 1..=254, "1 to 254"
);
bounded!(
    /// The largest distance of an eBGP peer, as the TTL of the packets that are sent to it.
    Hops(u8), "ebgp-multihop TTL", 2..=255, "2 to 255 (a connected peer needs no multihop)"
);
bounded!(
    /// Seconds between two attempts to connect to a peer (RFC 4271, ConnectRetryTime).
    ConnectTime(u16), "connect time", 1..=65_535, "1 to 65535 s"
);
bounded!(
    /// A TCP port to connect to.
    Port(u16), "port", 1..=65_535, "1 to 65535"
);
bounded!(
    /// The time in seconds that a peer is asked to keep routes while BGP restarts (RFC 4724, section 3).
    RestartTime(u16), "graceful restart time", 0..=4095, "0 to 4095 s"
);
bounded!(
    /// The administrative distance of a static route: the lowest wins.
    Distance(u8), "distance", 1..=255, "1 to 255"
);
bounded!(
    /// The place of an entry in a route map.
    Sequence(u16), "sequence number", 1..=65_535, "1 to 65535"
);

impl Hops {
    /// The largest TTL, which FRR sets for `ebgp-multihop` without a number.
    pub const MAX: Self = Self(255);
}

impl MinimumTtl {
    /// The least TTL that a packet sent with 255 still has after `routers` routers.
    ///
    /// # Errors
    /// [`OutOfRange`] for none (that is single-hop BFD) and for more than 254.
    pub const fn behind(routers: u8) -> Result<Self, OutOfRange> {
        Self::new(255 - routers)
    }
}

/// Keepalive and hold time in seconds, checked together (RFC 4271, sections 4.2 and 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Timers {
    keepalive: u16,
    hold: u16,
}

/// The reason why a pair of timers is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimersError {
    /// RFC 4271, section 4.2: "either zero or at least three seconds".
    #[error("hold time {0} s is too short: give 3 s or more, or 0 for both timers to never expire")]
    HoldTooShort(u16),
    /// The session would expire between two keepalives.
    #[error("keepalive {keepalive} s is longer than the hold time {hold} s: give a third of the hold time, {} s", (.hold / 3).max(1))]
    KeepaliveTooLong {
        /// The keepalive time that was given.
        keepalive: u16,
        /// The hold time that was given.
        hold: u16,
    },
    /// Keepalives are off, and the session would expire for want of them.
    #[error("keepalive 0 s never sends what a hold time of {hold} s waits for: give {} s, or 0 for both", (.hold / 3).max(1))]
    NoKeepalive {
        /// The hold time that was given.
        hold: u16,
    },
}

impl Timers {
    /// Timers in seconds. Both zero: the session never expires.
    ///
    /// # Errors
    /// [`TimersError`] where the hold time is 1 or 2, or the keepalive time is longer than it, or zero alone.
    pub const fn new(keepalive: u16, hold: u16) -> Result<Self, TimersError> {
        match (keepalive, hold) {
            (_, 1 | 2) => Err(TimersError::HoldTooShort(hold)),
            (0, 1..) => Err(TimersError::NoKeepalive { hold }),
            _ if keepalive > hold => Err(TimersError::KeepaliveTooLong { keepalive, hold }),
            _ => Ok(Self { keepalive, hold }),
        }
    }

    /// The keepalive time in seconds.
    pub const fn keepalive(self) -> u16 {
        self.keepalive
    }

    /// The hold time in seconds.
    pub const fn hold(self) -> u16 {
        self.hold
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 0, None)]
    #[case(1, 3, None)]
    #[case(3, 3, None)]
    #[case(1, 2, Some("hold time 2 s is too short: give 3 s or more, or 0 for both timers to never expire"))]
    #[case(9, 6, Some("keepalive 9 s is longer than the hold time 6 s: give a third of the hold time, 2 s"))]
    #[case(1, 0, Some("keepalive 1 s is longer than the hold time 0 s: give a third of the hold time, 1 s"))]
    #[case(0, 9, Some("keepalive 0 s never sends what a hold time of 9 s waits for: give 3 s, or 0 for both"))]
    fn timers_are_checked_as_a_pair(#[case] keepalive: u16, #[case] hold: u16, #[case] refusal: Option<&str>) {
        let error = Timers::new(keepalive, hold).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), refusal);
    }

    #[test]
    fn a_number_out_of_range_names_the_range() {
        let error = BfdInterval::new(5).unwrap_err();
        assert_eq!(error.to_string(), "BFD interval 5 is out of range: give 10 to 60000 ms");
    }

    #[test]
    fn one_router_between_leaves_254() {
        assert_eq!(MinimumTtl::behind(1).map(MinimumTtl::get), Ok(254));
        assert!(MinimumTtl::behind(0).is_err());
    }
}
