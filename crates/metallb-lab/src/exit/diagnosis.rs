//! A diagnosis as JSON.

use bgplab::diagnose::Diagnosis;
use serde_json::{Value, json};

/// Returns a diagnosis as JSON, its verbs typed as `command` before them.
pub(crate) fn to_json(diagnosis: &Diagnosis, command: &str) -> Value {
    let mut document = json!(diagnosis);
    for (at, finding) in diagnosis.findings.iter().enumerate() {
        document["findings"][at]["remedy"] = json!(finding.remedy.typed_as(command));
    }
    document
}
