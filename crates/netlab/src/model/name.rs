//! Names that Docker accepts.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of a lab, network or container: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`, at most 63 characters, as Docker accepts them
/// (moby `daemon/names`); 63 is the longest label of a hostname (RFC 1123). A [`Lab`](crate::Lab) wants at least two
/// characters for a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// A name that Docker would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "name {0:?} must start with a letter or digit, hold only letters, digits, `_`, `.`, `-`, and have 1 to 63 of them"
)]
pub struct InvalidName(pub String);

impl Name {
    /// Checks a text.
    ///
    /// # Errors
    /// [`InvalidName`] where Docker would refuse it.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidName> {
        let text = text.into();
        let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let valid =
            text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(inner) && text.len() <= 63;
        if valid { Ok(Self(text)) } else { Err(InvalidName(text)) }
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl TryFrom<String> for Name {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_docker_refuses_are_refused() {
        for bad in ["", "-a", ".a", "a b", "a/b", "ä", "a\n", &"a".repeat(64)] {
            assert_eq!(Name::new(bad), Err(InvalidName(bad.to_owned())));
        }
        for good in ["kind", "next-hop-router", "a", "0_.-", &"a".repeat(63)] {
            assert!(Name::new(good).is_ok(), "{good}");
        }
    }
}
