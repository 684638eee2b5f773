//! Words: what stands between two spaces of a configuration line.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::Serialize;

/// A text that its field does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {shown:?} {cause}: give {expected}")]
pub struct NotAWord {
    /// The field's name, as the user knows it.
    pub field: &'static str,
    /// What was given, or `…` where it is a secret.
    pub shown: String,
    /// What is wrong with it.
    pub cause: &'static str,
    /// What would be taken.
    pub expected: &'static str,
}

/// Defines a text that is checked once, where it is made.
macro_rules! word {
    ($(#[$doc:meta])* $name:ident, $field:literal, $longest:literal, $check:expr, $expected:literal, $show:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("A checked ", $field, ".")]
            ///
            /// # Errors
            #[doc = concat!("[`NotAWord`] unless the text is ", $expected, ".")]
            pub fn new(text: impl Into<String>) -> Result<Self, NotAWord> {
                let text = text.into();
                let refuse = |cause| NotAWord { field: $field, shown: $show(&text), cause, expected: $expected };
                if text.is_empty() {
                    return Err(refuse("is empty"));
                }
                if text.len() > $longest {
                    return Err(refuse(concat!("is longer than ", $longest, " bytes")));
                }
                match $check(text.as_str()) {
                    true => Ok(Self(text)),
                    false => Err(refuse("has a character that does not belong there")),
                }
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAWord;

            fn from_str(text: &str) -> Result<Self, NotAWord> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAWord;

            fn try_from(text: String) -> Result<Self, NotAWord> {
                Self::new(text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), $show(&self.0))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, $field:literal, $longest:literal, $check:expr, $expected:literal) => {
        word!($(#[$doc])* $name, $field, $longest, $check, $expected, plain);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

fn plain(text: &str) -> String {
    text.to_owned()
}

fn hidden(_: &str) -> String {
    "…".to_owned()
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
    |text: &str| text != "." && text != ".." && text.chars().all(|c| c.is_ascii_graphic() && c != '/'),
    "visible ASCII characters without '/'"
);
word!(
    /// One line of free text, as a neighbor's description.
    Text, "description", 80,
    |text: &str| text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && text.trim() == text,
    "one line of ASCII without space at its ends"
);
word!(
    /// The absolute path of a log file.
    LogFile, "log file", 255,
    |text: &str| text.starts_with('/') && text.chars().all(|c| c.is_ascii_graphic()),
    "an absolute path of visible ASCII characters"
);
word!(
    /// The secret of a TCP MD5 signature (RFC 2385). Neither `Debug` nor an error shows it, and it has no `Display`.
    Password, "password", 80,
    |text: &str| text.chars().all(|c| c.is_ascii_graphic()),
    "visible ASCII characters without spaces",
    hidden
);

/// A community, two numbers of 16 bits (RFC 1997): `64500:100`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Community(pub u16, pub u16);

impl fmt::Display for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0, self.1)
    }
}

impl FromStr for Community {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let numbers = text.split_once(':').and_then(|(one, other)| Some((one.parse().ok()?, other.parse().ok()?)));
        numbers.map(|(one, other)| Self(one, other)).ok_or_else(|| NotAWord {
            field: "community",
            shown: text.to_owned(),
            cause: "is none",
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
    /// [`NotAWord`] for 0.0.0.0.
    pub fn new(id: Ipv4Addr) -> Result<Self, NotAWord> {
        if id.is_unspecified() {
            return Err(NotAWord {
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

    #[test]
    fn a_password_is_never_shown() {
        let secret = Password::new("s3cret").unwrap();
        assert_eq!(format!("{secret:?}"), r#"Password("…")"#);
        let error = Password::new("s3 cret").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3"), "{error}");
    }

    #[test]
    fn a_refused_word_says_why_and_what_is_wanted() {
        insta::assert_snapshot!(
            Hostname::new("kind worker").unwrap_err(),
            @r#"host name "kind worker" has a character that does not belong there: give letters, digits, '-' and '.', with a letter or digit at both ends"#
        );
        insta::assert_snapshot!(
            "64500:65536".parse::<Community>().unwrap_err(),
            @r#"community "64500:65536" is none: give two numbers of 0 to 65535 with a colon between them"#
        );
    }
}
