//! A password that can be compared and is never shown.

use std::fmt;

/// A password that can be compared, but not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text, for a caller that has to remove it from other text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_never_shown() {
        assert_eq!(format!("{:?}", Hidden::new("lab-secret")), "Hidden(…)");
        assert!(Hidden::new("a") != Hidden::new("b") && Hidden::new("a") == Hidden::new("a"));
    }
}
