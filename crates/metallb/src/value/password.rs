//! Passwords of sessions.

use std::fmt;
use std::str::FromStr;

/// The password of a TCP MD5 signature (RFC 2385). Neither `Debug` nor an error shows it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A text that is not a password; the error does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password of a BGP session has 1 to 80 visible ASCII characters, and no space")]
#[non_exhaustive]
pub struct InvalidPassword;

impl Password {
    /// Checks a password. The kernel takes 80 bytes; the configuration that MetalLB writes for FRR takes no space.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(format!("{:?}", Password::new("s3cret").unwrap()), r#"Password("…")"#);
    }

    #[test]
    fn what_breaks_a_line_or_the_kernel_is_refused() {
        for text in ["", "two words", "a\nb", &"x".repeat(81)] {
            assert_eq!(Password::new(text), Err(InvalidPassword), "{text}");
        }
        assert!(Password::new("x".repeat(80)).is_ok());
    }
}
