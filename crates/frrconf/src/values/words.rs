//! Words: the texts between two spaces of a configuration line.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A text that its field does not accept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {shown:?} {cause}: give {expected}")]
#[non_exhaustive]
pub struct InvalidWord {
    /// The field's name, as the user knows it.
    pub field: &'static str,
    /// The text, or `…` for a secret.
    pub shown: String,
    /// The reason, as the end of a sentence.
    pub cause: &'static str,
    /// The texts that the field accepts.
    pub expected: &'static str,
}

/// Defines a text that is checked once, where it is made.
macro_rules! word {
    ($(#[$doc:meta])* $name:ident, $field:literal, $longest:literal, $check:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks a text.
            ///
            /// # Errors
            #[doc = concat!("[`InvalidWord`] unless the text is ", $expected, ".")]
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidWord> {
                let text = text.into();
                let refuse = |cause| InvalidWord { field: $field, shown: text.clone(), cause, expected: $expected };
                if text.is_empty() {
                    return Err(refuse("is empty"));
                }
                if text.len() > $longest {
                    return Err(refuse(concat!("is longer than ", $longest, " bytes")));
                }
                match $check(text.as_str()) {
                    true => Ok(Self(text)),
                    false => Err(refuse("is malformed")),
                }
            }

            /// Returns it as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidWord;

            fn from_str(text: &str) -> Result<Self, InvalidWord> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidWord;

            fn try_from(text: String) -> Result<Self, InvalidWord> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

word!(
    /// The name of a BFD profile, prefix list or route map. MetalLB's are made of addresses, hence the colon.
    Name, "name", 63,
    |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._:-".contains(c)),
    "letters, digits, '.', '_', ':' and '-', beginning with a letter or digit"
);
word!(
    /// A host's name (RFC 1123), as FRR shows it in its prompt and BGP sends it to peers.
    Hostname, "host name", 63,
    |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
        && !text.starts_with(['-', '.']) && !text.ends_with(['-', '.']),
    "letters, digits, '-' and '.', with a letter or digit at both ends"
);
word!(
    /// A network interface's name, as Linux allows it.
    InterfaceName, "interface name", 15,
    |text: &str| text != "." && text != ".." && text.chars().all(|c| c.is_ascii_graphic() && c != '/')
        && !["blackhole", "reject", "Null0"].iter().any(|nowhere| text.eq_ignore_ascii_case(nowhere)),
    "visible ASCII characters without '/', and none of FRR's words for nowhere (blackhole, reject, Null0)"
);
word!(
    /// One line of free text, as a neighbor's description. FRR takes the text after `| ` in any line for a filter of
    /// the answer, and drops the line.
    Text, "description", 80,
    |text: &str| text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && text.trim() == text && !text.contains("| "),
    "one line of ASCII without space at its ends, and without a space behind '|'"
);
word!(
    /// The absolute path of a log file.
    LogFile, "log file", 255,
    |text: &str| text.starts_with('/') && text.chars().all(|c| c.is_ascii_graphic()),
    "an absolute path of visible ASCII characters"
);

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::empty("")]
    #[case::two_words("a b")]
    #[case::another_line("a\nno router bgp")]
    #[case::comment("!a")]
    #[case::leading_dash("-a")]
    fn names_stay_one_word(#[case] text: &str) {
        assert!(Name::new(text).is_err());
    }

    #[rstest]
    #[case::nowhere("blackhole", false)]
    #[case::nowhere_silently("null0", false)]
    #[case::nowhere_politely("reject", false)]
    #[case::a_link("blackhole0", true)]
    fn an_interface_is_somewhere(#[case] text: &str, #[case] is: bool) {
        assert_eq!(InterfaceName::new(text).is_ok(), is);
    }

    #[test]
    fn a_description_is_no_filter() {
        assert!(Text::new("rack 7 | port 3").is_err());
        assert!(Text::new("rack 7|port 3").is_ok());
    }

    #[test]
    fn a_refused_word_names_the_reason_and_the_remedy() {
        insta::assert_snapshot!(
            Hostname::new("kind worker").unwrap_err(),
            @r#"host name "kind worker" is malformed: give letters, digits, '-' and '.', with a letter or digit at both ends"#
        );
    }
}
