//! Communities and BGP identifiers: numbers that are written as words.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::Serialize;

use super::InvalidWord;

/// A community, two numbers of 16 bits (RFC 1997): `64500:100`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Community(pub u16, pub u16);

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
    }
}
