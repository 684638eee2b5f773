//! Checked values: a value that MetalLB refuses cannot be constructed.

mod address;
mod bfd;
mod bgp;
mod community;
mod name;
mod password;

pub use address::{AddressRange, InvalidAddressRange};
pub use bfd::{DetectMultiplier, Interval, MinimumTtl};
pub use bgp::{Asn, ConnectTime, HoldTime, Timers, TimersError};
pub use community::{CommunityValue, InvalidCommunity};
pub use name::{InvalidName, Name};
pub use password::{InvalidPassword, Password};

/// A number outside its field's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("{field} {value} is outside {least}–{most}{unit}")]
pub struct OutOfRange {
    /// The field.
    pub field: &'static str,
    /// The number given.
    pub value: u64,
    /// The smallest number allowed.
    pub least: u64,
    /// The largest number allowed.
    pub most: u64,
    /// The unit with a leading space, or an empty string.
    pub unit: &'static str,
}

/// Declares a number with bounds, checked when it is constructed and when it is deserialized.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident($repr:ty), $field:literal, $least:literal..=$most:literal, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "u64", into = "u64")]
        pub struct $name($repr);

        impl $name {
            /// Checks a number.
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

            /// Returns the number.
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
