//! From the output of vtysh to a document, or to the reason why there is none.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};

/// The number of characters of an answer that an error shows.
const SHOWN: usize = 120;

/// The reason why an answer cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// The daemon that would answer does not run: vtysh prints nothing, but says so on its standard error.
    #[error(
        "`{command}` has no answer: the daemon that answers it is not running; see whether /etc/frr/daemons turns it on"
    )]
    NoAnswer {
        /// The command.
        command: &'static str,
    },
    /// This FRR does not have the command.
    #[error(
        "`{command}` is not known to this FRR ({answer}): it is older than the command, or the daemon is not running"
    )]
    UnknownCommand {
        /// The command.
        command: &'static str,
        /// FRR's own words.
        answer: String,
    },
    /// FRR said why there is nothing to show.
    #[error("`{command}` was refused: {answer}")]
    Refused {
        /// The command.
        command: &'static str,
        /// FRR's own words.
        answer: String,
    },
    /// The document is not of the shape that this view knows.
    #[error("`{command}` printed what this version of frrconf cannot read: {source}; it begins with {answer:?}")]
    Unreadable {
        /// The command.
        command: &'static str,
        /// The beginning of the document.
        answer: String,
        /// The place where reading failed.
        source: serde_json::Error,
    },
}

/// Reads the document in an answer.
pub(super) fn read<T: DeserializeOwned>(command: &'static str, answer: &str) -> Result<T, ViewError> {
    let document = document(command, answer)?;
    if let Ok(Warning { warning }) = serde_json::from_str(document) {
        return Err(ViewError::Refused { command, answer: warning });
    }
    serde_json::from_str(document).map_err(|source| ViewError::Unreadable {
        command,
        answer: beginning(document),
        source,
    })
}

/// FRR's answer instead of a document: `{"warning": "…"}`.
#[derive(Deserialize)]
struct Warning {
    warning: String,
}

/// The JSON in an answer: from the first line that begins with a bracket.
fn document<'a>(command: &'static str, answer: &'a str) -> Result<&'a str, ViewError> {
    let start = answer.split_inclusive('\n').scan(0, |offset, line| {
        let start = *offset;
        *offset += line.len();
        Some((start, line))
    });
    let mut start = start.filter(|(_, line)| line.trim_start().starts_with(['{', '[']));
    if let Some((offset, _)) = start.next() {
        return Ok(answer[offset..].trim());
    }
    Err(no_document(command, answer))
}

/// The reason why an answer has no document.
pub(crate) fn no_document(command: &'static str, answer: &str) -> ViewError {
    let answer = beginning(answer.trim());
    match answer {
        _ if answer.is_empty() || answer.ends_with("is not running") => ViewError::NoAnswer { command },
        _ if answer.contains("nknown command") => ViewError::UnknownCommand { command, answer },
        _ => ViewError::Refused { command, answer },
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// Milliseconds as a duration.
pub(super) fn millis<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    Ok(Option::<u64>::deserialize(from)?.map(Duration::from_millis))
}

/// Seconds as a duration.
pub(super) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    Ok(Option::<u64>::deserialize(from)?.map(Duration::from_secs))
}

/// A value, or `None` where FRR writes `(unspec)`, `Unknown` or `n/a`.
pub(super) fn if_any<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.and_then(|text| text.parse().ok()))
}

/// A map without the keys of another kind (an interface where a peer has no address, `vrfId` beside addresses).
pub(super) fn by_key<'de, D, K, V>(from: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: FromStr + Ord,
    V: Deserialize<'de>,
{
    struct ByKey<K, V>(std::marker::PhantomData<(K, V)>);

    impl<'de, K: FromStr + Ord, V: Deserialize<'de>> serde::de::Visitor<'de> for ByKey<K, V> {
        type Value = BTreeMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some(key) = entries.next_key::<String>()? {
                match key.parse() {
                    Ok(key) => drop(map.insert(key, entries.next_value()?)),
                    Err(_) => drop(entries.next_value::<IgnoredAny>()?),
                }
            }
            Ok(map)
        }
    }

    from.deserialize_map(ByKey(std::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("", "has no answer: the daemon that answers it is not running")]
    #[case("bfdd is not running\n", "has no answer: the daemon that answers it is not running")]
    #[case("% Unknown command: show ip nht json\n", "is not known to this FRR (% Unknown command: show ip nht json)")]
    #[case("% [BGP] Unknown command: show x\n", "is not known to this FRR")]
    #[case("% BGP instance not found\n", "was refused: % BGP instance not found")]
    #[case(r#"{"warning":"Default BGP instance not found"}"#, "was refused: Default BGP instance not found")]
    #[case("[1, 2", "cannot read")]
    fn an_answer_without_a_document_says_why(#[case] answer: &str, #[case] expected: &str) {
        let error = read::<Vec<u8>>("show x json", answer).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }

    #[test]
    fn warnings_before_the_document_are_passed_over() {
        let answer = "% Can't open configuration file /etc/frr/vtysh.conf due to 'Permission denied'.\n[1,\n2]\n";
        assert_eq!(read::<Vec<u8>>("show x json", answer).unwrap(), [1, 2]);
    }
}
