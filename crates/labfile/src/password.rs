//! Passwords of sessions.

use std::{fmt, str::FromStr};

/// The password of a TCP MD5 signature (RFC 2385). Neither `Debug` nor an error shows it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A text that is not a password; the error does not show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password is not {}", Password::EXPECTED)]
#[non_exhaustive]
pub struct InvalidPassword;

impl Password {
    pub(crate) const EXPECTED: &'static str = "1 to 80 visible ASCII characters, no space";

    /// Checks a password. RFC 2385 leaves the length to the kernel: Linux takes 80 bytes; FRR's line takes no space.
    ///
    /// # Errors
    /// [`InvalidPassword`] for any other text.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidPassword> {
        let text = text.into();
        let fits = (1..=80).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text)) } else { Err(InvalidPassword) }
    }

    /// Returns the password itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"Password("…")"#)
    }
}

impl FromStr for Password {
    type Err = InvalidPassword;
    fn from_str(text: &str) -> Result<Self, InvalidPassword> {
        Self::new(text)
    }
}

impl TryFrom<String> for Password {
    type Error = InvalidPassword;
    fn try_from(text: String) -> Result<Self, InvalidPassword> {
        Self::new(text)
    }
}
