//! The fields in which two states of an object differ.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::managers::Managers;
use crate::object::Object;

/// Fields of `metadata` that the API keeps for itself.
const BOOKKEEPING: [&str; 6] =
    ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"];

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// The path, as `spec.peerPort`.
    pub path: String,
    /// The present value; none if the field is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// The future value; none if the field is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// The field manager that set the present value; several are separated by commas. None if it is ours or the API's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    /// The time of that manager's last change (RFC 3339), as the API recorded it; of several, the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_at: Option<String>,
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "{}: {from} -> {to}", self.path),
            (None, Some(to)) => write!(f, "{}: + {to}", self.path),
            (Some(from), None) => write!(f, "{}: - {from}", self.path),
            (None, None) => f.write_str(&self.path),
        }?;
        self.setter().map_or(Ok(()), |setter| write!(f, " ({setter})"))
    }
}

impl FieldChange {
    /// Returns who set the present value and when, as far as the API knows: `set by kubectl-patch at 2026-01-30T08:00:00Z`.
    pub fn setter(&self) -> Option<String> {
        let by = self.set_by.as_ref()?;
        Some(self.set_at.as_ref().map_or_else(|| format!("set by {by}"), |at| format!("set by {by} at {at}")))
    }
}

/// The fields in which `to` differs from `from`; status and the API's own bookkeeping are not compared. Values of
/// Secrets are reported as changed, never shown.
pub(super) fn diff(from: &Object, to: &Object) -> Vec<FieldChange> {
    let secret = from.kind == "Secret";
    let mut changes = Vec::new();
    compare("", Some(&comparable(from)), Some(&comparable(to)), &Managers::of(&from.metadata), &mut changes);
    if secret {
        for change in changes.iter_mut().filter(|change| change.path.starts_with("data")) {
            let hide = |value: Option<Value>| value.map(|_| Value::from("(hidden)"));
            change.from = hide(change.from.take());
            change.to = hide(change.to.take());
        }
    }
    changes
}

/// An object without what is not compared.
fn comparable(object: &Object) -> Value {
    let mut value = serde_json::to_value(object).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("status");
        if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.retain(|key, _| !BOOKKEEPING.contains(&key.as_str()));
        }
    }
    value
}

fn compare(
    path: &str,
    from: Option<&Value>,
    to: Option<&Value>,
    managers: &Managers<'_>,
    changes: &mut Vec<FieldChange>,
) {
    match (from, to) {
        (Some(Value::Object(from)), Some(Value::Object(to))) => {
            for key in keys(from, to) {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(&inner, from.get(key), to.get(key), &managers.field(key), changes);
            }
        }
        (Some(Value::Array(from)), Some(Value::Array(to))) if from.len() == to.len() => {
            for (index, (from, to)) in from.iter().zip(to).enumerate() {
                compare(&format!("{path}[{index}]"), Some(from), Some(to), &managers.item(from), changes);
            }
        }
        (from, to) if from == to => {}
        (from, to) => {
            let set_by = from.and_then(|_| managers.names());
            let set_at = set_by.as_ref().and_then(|_| managers.last());
            changes.push(FieldChange { path: path.to_owned(), from: from.cloned(), to: to.cloned(), set_by, set_at });
        }
    }
}

/// The keys of both, each once, in order.
fn keys<'a>(from: &'a Map<String, Value>, to: &'a Map<String, Value>) -> Vec<&'a String> {
    let mut keys: Vec<&String> = from.keys().chain(to.keys()).collect();
    keys.sort();
    keys.dedup();
    keys
}
