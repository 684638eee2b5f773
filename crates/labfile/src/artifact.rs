//! Names of things that are fetched or built: images and checksums.

use std::sync::LazyLock;

use regex::Regex;

use super::text::{Text, shown, text};

text!(Image Sha256 Tag Version);
shown!(Image Sha256 Tag Version);

/// A container image's reference, with a tag or a digest: without one, two runs would not be the same lab.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Image(String);

impl Image {
    /// Returns the reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for Image {
    const EXPECTED: &'static str = "an image with a tag or digest, such as \"quay.io/frrouting/frr:9.1.0\"";
    // A colon before the last slash is a registry's port.
    const PATTERN: &'static str = concat!(
        "^[a-z0-9]([a-z0-9._/:-]*[a-z0-9])?",
        "(:[A-Za-z0-9_][A-Za-z0-9._-]*|(:[A-Za-z0-9_][A-Za-z0-9._-]*)?@sha256:[0-9a-f]{64})$"
    );
    fn parse(text: &str) -> Option<Self> {
        static IMAGE: LazyLock<Result<Regex, regex::Error>> = LazyLock::new(|| Regex::new(Image::PATTERN));
        IMAGE.as_ref().is_ok_and(|image| image.is_match(text)).then(|| Self(text.to_owned()))
    }
}

/// A SHA-256 checksum, in 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256(String);

impl Text for Sha256 {
    const EXPECTED: &'static str = "a SHA-256 checksum of 64 lower-case hexadecimal digits";
    const PATTERN: &'static str = "^[0-9a-f]{64}$";
    fn parse(text: &str) -> Option<Self> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 64 && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }
}

/// The tag of an image, such as `dev-amd64`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

impl Tag {
    /// Returns the tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for Tag {
    const EXPECTED: &'static str = "an image's tag, such as \"dev-amd64\"";
    const PATTERN: &'static str = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$";
    fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let fits = text.len() <= 128 && text.bytes().all(plain) && !text.starts_with(['.', '-']) && !text.is_empty();
        fits.then(|| Self(text.to_owned()))
    }
}

/// A release of MetalLB, as `v0.16.1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(String);

impl Version {
    /// Returns its three numbers; one that is too large for a number counts as the largest.
    pub(crate) fn numbers(&self) -> (u64, u64, u64) {
        let text = self.0.trim_start_matches('v').split('-').next().unwrap_or_default();
        let mut numbers = text.split('.').map(|number| number.parse().unwrap_or(u64::MAX));
        let mut next = || numbers.next().unwrap_or(0);
        (next(), next(), next())
    }

    /// Returns the version with its `v`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for Version {
    const EXPECTED: &'static str = "a release, such as \"v0.16.1\"";
    const PATTERN: &'static str = r"^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$";
    fn parse(text: &str) -> Option<Self> {
        let (numbers, suffix) = text.strip_prefix('v')?.split_once('-').unwrap_or((text.strip_prefix('v')?, "0"));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
        let fits = numbers.split('.').count() == 3
            && numbers.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            && !suffix.is_empty()
            && suffix.bytes().all(plain);
        fits.then(|| Self(text.to_owned()))
    }
}
