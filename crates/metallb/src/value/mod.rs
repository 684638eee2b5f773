//! Checked values: what is wrong cannot be held.

mod address;
mod bfd;
mod bgp;
mod community;
mod name;

pub use address::{AddressRange, AddressRangeError};
pub use bfd::{DetectMultiplier, Interval, MinimumTtl};
pub use bgp::{Asn, ConnectTime, HoldTime, PeerPort, Timers, TimersError};
pub use community::{CommunityError, CommunityRef, CommunityValue};
pub use name::{Name, NameError};

/// A number outside of what its field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} {value} is outside of {least}–{most}{unit}")]
pub struct OutOfRange {
    /// The field.
    pub field: &'static str,
    /// What was given.
    pub value: u64,
    /// The least that it takes.
    pub least: u64,
    /// The most that it takes.
    pub most: u64,
    /// The unit, with a space before it, or nothing.
    pub unit: &'static str,
}

/// A number with bounds, checked when it is made and when it is read.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident($repr:ty), $field:literal, $least:literal..=$most:literal, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "u64", into = "u64")]
        pub struct $name($repr);

        impl $name {
            /// The number, where its field takes it.
            ///
            /// # Errors
            /// [`OutOfRange`](crate::value::OutOfRange) names the field and its bounds.
            pub const fn new(value: u64) -> Result<Self, crate::value::OutOfRange> {
                if value < $least || value > $most {
                    return Err(crate::value::OutOfRange {
                        field: $field,
                        value,
                        least: $least,
                        most: $most,
                        unit: $unit,
                    });
                }
                // Within the bounds, and so within the representation.
                #[allow(clippy::cast_possible_truncation, reason = "the bounds lie within the representation")]
                Ok(Self(value as $repr))
            }

            /// The number.
            pub const fn get(self) -> $repr {
                self.0
            }
        }

        impl TryFrom<u64> for $name {
            type Error = crate::value::OutOfRange;

            fn try_from(value: u64) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl From<$name> for u64 {
            fn from(value: $name) -> Self {
                Self::from(value.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}
pub(crate) use bounded;
