//! Advice to a user, which may name verbs of whatever front end the user typed.

use std::fmt;

use serde::{Serialize, Serializer};

/// Stands in an [`Advice`] for the command by which the front end is called.
pub const COMMAND: &str = "⌘";

/// A next step or a remedy, in words. `⌘ repair` in it is the front end's verb `repair`.
///
/// ```
/// use diagnosis::Advice;
///
/// let advice = Advice::from("⌘ repair brings it back");
/// assert_eq!(advice.typed_as("cargo xtask"), "cargo xtask repair brings it back");
/// assert_eq!(advice.to_string(), "repair brings it back");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advice(String);

impl Advice {
    /// Returns the text with the verbs as a user types them: after `command`, such as `cargo xtask`; the bare verbs if
    /// it is empty.
    #[must_use]
    pub fn typed_as(&self, command: &str) -> String {
        match command {
            "" => self.0.replace(&format!("{COMMAND} "), ""),
            _ => self.0.replace(COMMAND, command),
        }
    }

    /// Returns `true` if there is no advice.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Into<String>> From<T> for Advice {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// The bare verbs, for where no front end is known.
impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed_as(""))
    }
}

impl Serialize for Advice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
