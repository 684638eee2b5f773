//! Parts of an output that change from run to run and that no reader follows: a vocabulary of named patterns.
//!
//! A step names those that its output may contain, as `age` or, with its own samples, as `age=3m12s|2m54s`. The
//! matches of a pattern are printed as its samples, in turn: as they could well have been, for that reads best.

use std::ops::Range;

use regex::Regex;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as Unknown;

/// A kind of thing that changes from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(clap::ValueEnum))]
pub(super) enum Pattern {
    /// Age of an object in Kubernetes: `35s`, `2m10s`.
    Age,
    /// Duration of an act: `30.7 s`.
    Seconds,
    /// Age of a session or a route in FRR: `00:01:33`.
    Uptime,
    /// The answer of agnhost: the time on its clock.
    Now,
    /// Docker's number of a container or an image.
    DockerId,
    /// Suffix that Kubernetes adds to a pod's name.
    PodSuffix,
    /// An address of the service network, chosen at random.
    ClusterIp,
    /// FRR's number of a BFD session.
    BfdId,
    /// Number of BGP messages that were received and sent; none at all is not matched.
    Messages,
    /// State of a BGP session that is not established and will be tried again.
    NotEstablished,
    /// Number of times that a BGP table has changed.
    TableVersion,
    /// Memory in use.
    Memory,
    /// The router ID that FRR chose by itself.
    RouterId,
    /// The kernel's number of a next hop.
    NextHopId,
    /// Time that an answer took to come back.
    RoundTrip,
    /// Size of a file.
    Bytes,
    /// Engine and kernel of a machine.
    Engine,
    /// The version of an installed program.
    Version,
}

/// Alignment of something in its column, so that what comes after it stays in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sits {
    Left,
    Right,
    Free,
}

impl Pattern {
    /// Returns the expression (the group `v` is printed anew), the samples, taken in turn, and the alignment.
    const fn rule(self) -> (&'static str, &'static [&'static str], Sits) {
        match self {
            Self::Age => (r"\s(?<v>(?:\d+[dhms]){1,2})(?:\s|$)", &["40s"], Sits::Left),
            Self::Seconds => (r"(?:^|[ (])(?<v>\d+\.\d s)(?:$|\W)", &["30.7 s"], Sits::Free),
            Self::Uptime => (r"\b(?<v>\d\d:\d\d:\d\d)\b", &["00:00:25"], Sits::Right),
            Self::Now => (
                r"(?<v>NOW: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \+0000 UTC m=\+\d+\.\d+)",
                &["NOW: 2026-11-25 09:30:12.482193027 +0000 UTC m=+41.107442915"],
                Sits::Free,
            ),
            Self::DockerId => (
                r"(?:^|\s)(?<v>[0-9a-f]{12})(?:\s|$)",
                &["53b0d2cd4848", "68489dc52fdd", "d849f2f7bdd4", "e1c1599c0a7b", "989cfc4a1bfc", "a1c09f0e6b25"],
                Sits::Left,
            ),
            Self::PodSuffix => (
                r"-(?<v>(?:[b-df-hj-np-tv-xz24-9]{6,10}-)?[b-df-hj-np-tv-xz24-9]{5})\s",
                &["75659ddb84-x5wlg", "6c985d84fd-vhtb8", "7d9f945f4b-5p4vr"],
                Sits::Left,
            ),
            // All but the API's own, 172.30.0.1, which is the same in every run.
            Self::ClusterIp => {
                (r"\b(?<v>172\.30\.(?:[1-9]\d*\.\d+|0\.(?:\d\d+|[02-9])))\b", &["172.30.160.12"], Sits::Left)
            }
            Self::BfdId => (r"^(?<v>\d{5,10})(?:\s|$)", &["2330926682", "1100497839", "1138706842"], Sits::Left),
            Self::Messages => (r"^\S+ +4 +\d+ +(?<v>[1-9]\d* +[1-9]\d*) ", &["9         8"], Sits::Right),
            Self::NotEstablished => (r"\b(?<v>Idle|Connect|Active),", &["Idle"], Sits::Free),
            Self::TableVersion => (r"table version (?:is )?(?<v>\d+)", &["2"], Sits::Free),
            Self::Memory => (r"using (?<v>\d+ (?:bytes|[KM]iB)) of memory", &["192 bytes", "1449 KiB"], Sits::Free),
            Self::RouterId => (r"router (?:ID is|identifier) (?<v>\d+(?:\.\d+){3})", &["10.128.1.1"], Sits::Free),
            Self::NextHopId => (r"nhid (?<v>\d+)", &["11"], Sits::Free),
            Self::RoundTrip => (r"time=(?<v>[\d.]+ ms)", &["0.074 ms"], Sits::Free),
            Self::Bytes => (r"\((?<v>\d+ bytes)", &["1024 bytes"], Sits::Free),
            Self::Engine => (
                r"(?<v>Docker \d+\.\S+, API \d+\.\d+, \w+, kernel \S+)",
                &["Docker 28.5.2, API 1.51, amd64, kernel 6.12.57"],
                Sits::Free,
            ),
            Self::Version => (r"(?:^|\s)(?<v>v\d+\.\d+\.\d+)(?:\s|$)", &["v0.33.0"], Sits::Left),
        }
    }
}

/// A pattern, ready to be used, with its samples.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Stable {
    pattern: Pattern,
    finds: Regex,
    samples: Vec<String>,
}

/// A pattern that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadPattern {
    /// No such name.
    #[error("{0}")]
    Unknown(#[from] Unknown),
    /// One that does not compile.
    #[error("{0}")]
    Regex(#[from] regex::Error),
}

impl TryFrom<String> for Stable {
    type Error = BadPattern;

    fn try_from(text: String) -> Result<Self, BadPattern> {
        let (name, sample) = match text.split_once('=') {
            Some((name, sample)) => (name, Some(sample)),
            None => (text.as_str(), None),
        };
        let pattern = Pattern::deserialize(IntoDeserializer::<Unknown>::into_deserializer(name))?;
        let (finds, samples, _) = pattern.rule();
        let samples = sample.map_or_else(|| samples.to_vec(), |samples| samples.split('|').collect());
        let samples = samples.into_iter().map(str::to_owned).collect();
        Ok(Self { pattern, finds: Regex::new(finds)?, samples })
    }
}

impl Stable {
    /// Prints the pattern's matches in these lines as its samples, in turn. Where columns are `fixed`, the text after a
    /// match stays in place.
    pub(super) fn apply(&self, lines: &mut [String], fixed: bool) {
        let sits = if fixed { self.pattern.rule().2 } else { Sits::Free };
        let mut samples = self.samples.iter().cycle();
        for line in lines {
            let mut from = 0;
            while let Some(found) = self.finds.captures_at(line, from).and_then(|found| found.name("v")) {
                let Some(sample) = samples.next() else { return };
                let (start, end) = (found.start(), found.end());
                let (replaced, next) = put(line, start..end, sample, sits);
                *line = replaced;
                // A match may begin with the space that ended the one before.
                from = next;
            }
        }
    }
}

/// A line with a sample put in the place of a range; and where the sample ends.
fn put(line: &str, range: Range<usize>, sample: &str, sits: Sits) -> (String, usize) {
    let (before, after) = (&line[..range.start], &line[range.end..]);
    // The spaces beside it, with it, are its room.
    let room = |spaces: usize| (spaces + range.len()).saturating_sub(sample.len()).max(spaces.min(1));
    match sits {
        Sits::Right => {
            let bare = before.trim_end_matches(' ');
            let head = format!("{bare}{}{sample}", " ".repeat(room(before.len() - bare.len())));
            (format!("{head}{after}"), head.len())
        }
        Sits::Left if !after.is_empty() => {
            let bare = after.trim_start_matches(' ');
            let head = format!("{before}{sample}");
            (format!("{head}{}{bare}", " ".repeat(room(after.len() - bare.len()))), head.len())
        }
        Sits::Left | Sits::Free => {
            let head = format!("{before}{sample}");
            (format!("{head}{after}"), head.len())
        }
    }
}

#[cfg(test)]
mod tests;
