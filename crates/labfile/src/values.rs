//! Checked values of the lab file: each is valid by itself.

use std::{fmt, time::Duration};

use frrconf::values;

use super::text::{Text, shown, text};

text!(Name NamePattern Title Span Ip Prefix Community);
shown!(Name Title Ip Prefix);

/// A name that Docker, Kubernetes and FRR all take: a DNS label (RFC 1123).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for Name {
    const EXPECTED: &'static str =
        "a name of at most 63 of a–z, 0–9 and `-`, a letter or digit at both ends, such as \"frr1\"";
    const PATTERN: &'static str = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
    fn parse(text: &str) -> Option<Self> {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let ends = |byte: Option<&u8>| byte.copied().is_some_and(inner);
        let bytes = text.as_bytes();
        let fits = bytes.len() <= 63 && bytes.iter().all(|&byte| inner(byte) || byte == b'-');
        (fits && ends(bytes.first()) && ends(bytes.last())).then(|| Self(text.to_owned()))
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A name, or a pattern of names with one `{n}` that stands for 1, 2, 3, …
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamePattern {
    text: String,
    first: Name,
}

impl NamePattern {
    const HOLE: &'static str = "{n}";

    /// `true` if it stands for many names.
    pub fn is_pattern(&self) -> bool {
        self.text.contains(Self::HOLE)
    }

    /// Returns the name with this number.
    pub fn name(&self, number: u16) -> Name {
        Name::parse(&self.text.replace(Self::HOLE, &number.to_string())).unwrap_or_else(|| self.first.clone())
    }
}

impl Text for NamePattern {
    const EXPECTED: &'static str = "a name of at most 63 of a–z, 0–9 and `-`, a letter or digit at both ends, such as \"frr1\", or \"r{n}\" for many";
    const PATTERN: &'static str =
        concat!("^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", r"|([a-z0-9][-a-z0-9]*)?\{n\}([-a-z0-9]*[a-z0-9])?)$");
    fn parse(text: &str) -> Option<Self> {
        // The longest number decides whether every name of the pattern is short enough.
        Name::parse(&text.replacen(Self::HOLE, &u16::MAX.to_string(), 1))?;
        let first = Name::parse(&text.replacen(Self::HOLE, "1", 1))?;
        Some(Self { text: text.to_owned(), first })
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// A name in words, on one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Title(String);

impl Title {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for Title {
    const EXPECTED: &'static str =
        "a name in words, 1 to 80 characters on one line, such as \"spine1 learns the pool from both leaves\"";
    const PATTERN: &'static str = r"^\S(.{0,78}\S)?$";
    fn parse(text: &str) -> Option<Self> {
        let fits = (1..=80).contains(&text.chars().count()) && !text.contains(char::is_control);
        (fits && text.trim() == text).then(|| Self(text.to_owned()))
    }
}

/// A span of time, as `300ms`, `3s` or `1m 30s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub Duration);

impl Text for Span {
    const EXPECTED: &'static str = "a span of time with its unit, such as \"90s\", \"300ms\" or \"1m 30s\"";
    const PATTERN: &'static str = "^ *[0-9][0-9. ]*[A-Za-zµ][0-9A-Za-zµ. ]*$";
    fn parse(text: &str) -> Option<Self> {
        // humantime takes a bare 0, where a unit says what is meant, and all kinds of space.
        let is_plain = text.contains(char::is_alphabetic) && !text.contains(|c: char| c != ' ' && c.is_whitespace());
        humantime::parse_duration(text).ok().filter(|_| is_plain).map(Self)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(f)
    }
}

/// An address of either family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ip(pub std::net::IpAddr);

impl Text for Ip {
    const EXPECTED: &'static str = "an address, such as \"10.0.2.3\" or \"fd00:10:0:2::3\"";
    const PATTERN: &'static str = "^[0-9A-Fa-f:.]+$";
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

/// A subnet of either family, without host bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix(pub ipnet::IpNet);

impl Text for Prefix {
    const EXPECTED: &'static str = "a subnet (address/length, no bits right of the length), such as \"10.0.1.0/24\"";
    const PATTERN: &'static str = "^[0-9A-Fa-f:.]+/[0-9]{1,3}$";
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|net: &ipnet::IpNet| net.trunc() == *net).map(Self)
    }
}

/// A BGP community: two numbers, as `65535:65281` (RFC 1997), or a large one, as `large:64500:1:2` (RFC 8092).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Community {
    /// Two numbers of 16 bits.
    Standard(values::Community),
    /// Three numbers of 32 bits.
    Large(values::LargeCommunity),
}

impl Community {
    /// The beginning of a large one, as MetalLB writes it.
    const LARGE: &'static str = "large:";

    /// Returns the community of two numbers, if it is one.
    pub const fn standard(self) -> Option<values::Community> {
        match self {
            Self::Standard(community) => Some(community),
            Self::Large(_) => None,
        }
    }

    /// Returns the community of three numbers, if it is one.
    pub const fn large(self) -> Option<values::LargeCommunity> {
        match self {
            Self::Standard(_) => None,
            Self::Large(community) => Some(community),
        }
    }
}

impl fmt::Display for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(community) => community.fmt(f),
            Self::Large(community) => write!(f, "{}{community}", Self::LARGE),
        }
    }
}

impl Text for Community {
    const EXPECTED: &'static str =
        "a BGP community, such as \"65535:65281\" or \"large:64500:1:2\"; each number fits into 16 bits, or 32";
    const PATTERN: &'static str = "^([0-9]{1,5}:[0-9]{1,5}|large:[0-9]{1,10}:[0-9]{1,10}:[0-9]{1,10})$";
    fn parse(text: &str) -> Option<Self> {
        // A sign, or any number of zeros, would be read as well.
        let plain = |numbers: &str, most: usize| {
            numbers.split(':').all(|number| number.len() <= most && number.bytes().all(|byte| byte.is_ascii_digit()))
        };
        match text.strip_prefix(Self::LARGE) {
            Some(large) => large.parse().ok().filter(|_| plain(large, 10)).map(Self::Large),
            None => text.parse().ok().filter(|_| plain(text, 5)).map(Self::Standard),
        }
    }
}
