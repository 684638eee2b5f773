//! BFD timers, with the bounds of MetalLB's BFDProfile (`api/v1beta1/bfdprofile_types.go`).

use super::{OutOfRange, bounded};

bounded! {
    /// A BFD transmit, receive or echo interval in milliseconds (RFC 5880).
    Interval(u16), "BFD interval", 10..=60_000, " ms"
}

bounded! {
    /// The BFD detect multiplier (RFC 5880, 6.8.4): missed packets until a session is down.
    DetectMultiplier(u8), "BFD detect multiplier", 2..=255, ""
}

bounded! {
    /// The minimum TTL of an incoming packet of a multihop BFD session: 254 allows for one router in between.
    MinimumTtl(u8), "BFD minimum TTL", 1..=254, ""
}

impl MinimumTtl {
    /// The least TTL that a packet sent with 255 still has after `routers` routers.
    ///
    /// # Errors
    /// [`OutOfRange`] for none (that is single-hop BFD) and for more than 254.
    pub const fn behind(routers: u8) -> Result<Self, OutOfRange> {
        Self::new(255 - routers as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_router_between_is_the_default_of_metallb() {
        assert_eq!(MinimumTtl::behind(1).unwrap().get(), 254);
        assert_eq!(MinimumTtl::behind(2).unwrap().get(), 253);
    }

    proptest! {
        #[test]
        fn only_what_the_field_takes_is_held(value in 0_u64..100_000) {
            prop_assert_eq!(Interval::new(value).is_ok(), (10..=60_000).contains(&value));
            let json = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Interval>(&json).is_ok(), Interval::new(value).is_ok());
        }
    }
}
