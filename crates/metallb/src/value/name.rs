//! Names of Kubernetes objects.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An object's name: a DNS subdomain (RFC 1123), at most 253 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// A text that is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` cannot name a Kubernetes object: lower case letters, digits, `-` and `.`, letter or digit at both ends, at \
     most 253 characters"
)]
pub struct InvalidName(pub String);

impl Name {
    /// Checks a text.
    ///
    /// # Errors
    /// [`InvalidName`].
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidName> {
        let text = text.into();
        let edge = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let label = |label: &str| {
            let bytes = label.as_bytes();
            bytes.first().is_some_and(|b| edge(*b))
                && bytes.last().is_some_and(|b| edge(*b))
                && bytes.iter().all(|b| edge(*b) || *b == b'-')
        };
        if text.len() <= 253 && text.split('.').all(label) { Ok(Self(text)) } else { Err(InvalidName(text)) }
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl TryFrom<String> for Name {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("doc-example-bgp-adv", true)]
    #[case("a.b-c.0", true)]
    #[case("", false)]
    #[case("-a", false)]
    #[case("a..b", false)]
    #[case("Kind", false)]
    fn names_follow_rfc_1123(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(Name::new(text).is_ok(), valid);
    }

    #[test]
    fn a_name_ends_at_253_characters() {
        assert!(Name::new("a".repeat(253)).is_ok());
        assert!(Name::new("a".repeat(254)).is_err());
    }
}
