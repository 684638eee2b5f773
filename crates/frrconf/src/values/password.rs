//! Passwords of sessions.

use std::fmt;
use std::str::FromStr;

use super::InvalidWord;

/// The password of a TCP MD5 signature (RFC 2385). Neither `Debug` nor an error shows it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Password(String);

impl Password {
    /// Checks a password.
    ///
    /// # Errors
    /// [`InvalidWord`] unless the text is 1 to 80 visible ASCII characters without spaces.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidWord> {
        let text = text.into();
        let cause = match text.len() {
            0 => "is empty",
            81.. => "is longer than 80 bytes",
            _ if text.bytes().all(|byte| byte.is_ascii_graphic()) => return Ok(Self(text)),
            _ => "is malformed",
        };
        let expected = "visible ASCII characters without spaces";
        Err(InvalidWord { field: "password", shown: "…".to_owned(), cause, expected })
    }

    /// Takes the password that a daemon runs with, whatever it is: it is only compared.
    pub(crate) fn as_it_runs(text: &str) -> Self {
        Self(text.to_owned())
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
    type Err = InvalidWord;

    fn from_str(text: &str) -> Result<Self, InvalidWord> {
        Self::new(text)
    }
}

impl TryFrom<String> for Password {
    type Error = InvalidWord;

    fn try_from(text: String) -> Result<Self, InvalidWord> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let password = Password::new("s3cret").unwrap();
        assert_eq!(format!("{password:?}"), r#"Password("…")"#);
        let error = Password::new("s3 cret").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3"), "{error}");
    }

    #[test]
    fn the_kernel_takes_80_bytes() {
        assert!(Password::new("x".repeat(80)).is_ok());
        assert!(Password::new("x".repeat(81)).is_err() && Password::new("").is_err());
    }

    #[test]
    fn passwords_are_compared() {
        assert!(Password::as_it_runs("a") == Password::new("a").unwrap());
        assert!(Password::as_it_runs("ä") != Password::new("a").unwrap());
    }
}
