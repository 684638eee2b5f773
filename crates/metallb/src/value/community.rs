//! BGP communities.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A BGP community's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum CommunityValue {
    /// `64500:100` (RFC 1997).
    Standard(u16, u16),
    /// `large:64500:1:2` (RFC 8092); the native backend does not know these.
    Large(u32, u32, u32),
}

/// A text that is not a community.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a community: write 64500:100 or large:64500:1:2")]
pub struct InvalidCommunity(pub String);

impl FromStr for CommunityValue {
    type Err = InvalidCommunity;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || InvalidCommunity(text.to_owned());
        let parts: Vec<&str> = text.split(':').collect();
        fn number<T: FromStr>(text: &str) -> Option<T> {
            text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
        }
        match parts.as_slice() {
            ["large", a, b, c] => {
                number(a).zip(number(b)).zip(number(c)).map(|((a, b), c)| Self::Large(a, b, c)).ok_or_else(wrong)
            }
            [a, b] => number(a).zip(number(b)).map(|(a, b)| Self::Standard(a, b)).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for CommunityValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(a, b) => write!(f, "{a}:{b}"),
            Self::Large(a, b, c) => write!(f, "large:{a}:{b}:{c}"),
        }
    }
}

impl TryFrom<String> for CommunityValue {
    type Error = InvalidCommunity;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CommunityValue> for String {
    fn from(value: CommunityValue) -> Self {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn communities_survive_their_text(a: u32, b: u32, c: u32, d: u16, e: u16) {
            for value in [CommunityValue::Large(a, b, c), CommunityValue::Standard(d, e)] {
                prop_assert_eq!(value.to_string().parse::<CommunityValue>().unwrap(), value);
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = text.parse::<CommunityValue>();
        }
    }
}
