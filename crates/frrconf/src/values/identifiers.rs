//! Communities and BGP identifiers: numbers that are written as words.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::Serialize;

use super::InvalidWord;

/// A community, two numbers of 16 bits (RFC 1997): `64500:100`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Community(pub u16, pub u16);

impl Community {
    /// Stays within the AS, and outside of its confederation (RFC 1997).
    pub const NO_EXPORT: Self = Self(65535, 65281);
    /// Stays at the router that learns it (RFC 1997).
    pub const NO_ADVERTISE: Self = Self(65535, 65282);
    /// Stays within the AS, or the member AS of a confederation (RFC 1997: NO_EXPORT_SUBCONFED).
    pub const LOCAL_AS: Self = Self(65535, 65283);
    /// Is to be avoided, for its router is about to leave (RFC 8326).
    pub const GRACEFUL_SHUTDOWN: Self = Self(65535, 0);
    /// Is to be dropped (RFC 7999).
    pub const BLACKHOLE: Self = Self(65535, 666);

    /// Returns the name by which FRR prints it, if it has one.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::NO_EXPORT => "no-export",
            Self::NO_ADVERTISE => "no-advertise",
            Self::LOCAL_AS => "local-AS",
            Self::GRACEFUL_SHUTDOWN => "graceful-shutdown",
            Self::BLACKHOLE => "blackhole",
            _ => return None,
        })
    }
}

impl fmt::Display for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0, self.1)
    }
}

impl FromStr for Community {
    type Err = InvalidWord;

    fn from_str(text: &str) -> Result<Self, InvalidWord> {
        let numbers = text.split_once(':').and_then(|(one, other)| Some((one.parse().ok()?, other.parse().ok()?)));
        numbers.map(|(one, other)| Self(one, other)).ok_or_else(|| InvalidWord {
            field: "community",
            shown: text.to_owned(),
            cause: "is malformed",
            expected: "two numbers of 0 to 65535 with a colon between them",
        })
    }
}

/// A large community, three numbers of 32 bits (RFC 8092): `64500:1:2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LargeCommunity(pub u32, pub u32, pub u32);

impl fmt::Display for LargeCommunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.0, self.1, self.2)
    }
}

impl FromStr for LargeCommunity {
    type Err = InvalidWord;

    fn from_str(text: &str) -> Result<Self, InvalidWord> {
        let numbers: Option<Vec<u32>> = text.split(':').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[administrator, first, second]) => Ok(Self(administrator, first, second)),
            _ => Err(InvalidWord {
                field: "large community",
                shown: text.to_owned(),
                cause: "is malformed",
                expected: "three numbers of 0 to 4294967295 with colons between them",
            }),
        }
    }
}

/// A BGP identifier (RFC 6286): four octets that are not all zero, unique within an AS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RouterId(Ipv4Addr);

impl RouterId {
    /// A checked router id.
    ///
    /// # Errors
    /// [`InvalidWord`] for 0.0.0.0.
    pub fn new(id: Ipv4Addr) -> Result<Self, InvalidWord> {
        if id.is_unspecified() {
            return Err(InvalidWord {
                field: "router id",
                shown: id.to_string(),
                cause: "is zero",
                expected: "any other four octets, unique within the AS",
            });
        }
        Ok(Self(id))
    }

    /// The four octets, written as an address.
    pub const fn get(self) -> Ipv4Addr {
        self.0
    }
}

impl fmt::Display for RouterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_community_names_the_remedy() {
        insta::assert_snapshot!(
            "64500:65536".parse::<Community>().unwrap_err(),
            @r#"community "64500:65536" is malformed: give two numbers of 0 to 65535 with a colon between them"#
        );
        insta::assert_snapshot!(
            "64500:1".parse::<LargeCommunity>().unwrap_err(),
            @r#"large community "64500:1" is malformed: give three numbers of 0 to 4294967295 with colons between them"#
        );
        assert_eq!("4200000000:1:0".parse(), Ok(LargeCommunity(4_200_000_000, 1, 0)));
    }
}
