//! Applies, patches and replacements.

use http::Response;
use serde_json::{Value, json};

use super::json::{merge, not_found, parameter, respond};
use super::managed::{Managed, Manager};
use super::{Answer, FakeApi, status};

/// The defaults of MetalLB's definitions, by plural.
const DEFAULTS: [(&str, &str, i64); 3] = [
    ("bgppeers", "peerPort", 179),
    ("bgpadvertisements", "aggregationLength", 32),
    ("bgpadvertisements", "aggregationLengthV6", 128),
];

impl FakeApi {
    /// Changes an object as another program would.
    pub(crate) fn patch_as(&self, manager: &str, path: &str, patch: &Value) {
        let query = format!("fieldManager={manager}");
        let response = self.patch(path, &query, patch.to_string().as_bytes());
        assert!(response.status().is_success(), "{path}");
    }

    /// Makes an object as another program would.
    pub(crate) fn create_as(&self, manager: &str, path: &str, mut object: Value) {
        default(path, &mut object);
        self.update(path, Manager { name: manager, operation: "Update" }, &json!({}), object, false);
    }

    pub(super) fn patch(&self, path: &str, query: &str, body: &[u8]) -> Response<Answer> {
        let patch: Value = serde_json::from_slice(body).unwrap();
        let name = parameter(query, "fieldManager").unwrap_or("unknown");
        let is_apply = patch.get("kind").is_some();
        let before = self.get(path);
        if before.is_none() && !is_apply {
            return respond(404, &not_found(path));
        }
        let before = before.unwrap_or_else(|| json!({"metadata": {"generation": 0}}));
        let mut object = before.clone();
        merge(&mut object, &patch);
        let dry = query.contains("dryRun");
        if !is_apply {
            default(path, &mut object);
            return self.update(path, Manager { name, operation: "Update" }, &before, object, dry);
        }
        let mut managed = Managed::of(&before);
        for dropped in managed.apply(Manager { name, operation: "Apply" }, &patch, &before) {
            remove(&mut object, &dropped);
        }
        managed.write(&mut object);
        default(path, &mut object);
        self.written(path, &before, object, dry)
    }

    pub(super) fn replace(&self, path: &str, query: &str, body: &[u8]) -> Response<Answer> {
        let object: Value = serde_json::from_slice(body).unwrap();
        let Some(before) = self.get(path) else { return respond(404, &not_found(path)) };
        let version = &object["metadata"]["resourceVersion"];
        if !version.is_null() && *version != before["metadata"]["resourceVersion"] {
            return respond(409, &status(409, "Conflict", "the object has been modified"));
        }
        let name = parameter(query, "fieldManager").unwrap_or("unknown");
        let mut object = object;
        default(path, &mut object);
        self.update(path, Manager { name, operation: "Update" }, &before, object, query.contains("dryRun"))
    }

    fn update(
        &self,
        path: &str,
        manager: Manager<'_>,
        before: &Value,
        mut object: Value,
        dry: bool,
    ) -> Response<Answer> {
        let mut managed = Managed::of(before);
        managed.update(manager, before, &object);
        managed.write(&mut object);
        self.written(path, before, object, dry)
    }

    fn written(&self, path: &str, before: &Value, mut object: Value, dry: bool) -> Response<Answer> {
        if before.get("spec") != object.get("spec") {
            let generation = object["metadata"]["generation"].as_i64().unwrap_or(0) + 1;
            object["metadata"]["generation"] = json!(generation);
        }
        // As a service's `clusterIPs`: a dry run shows an address that is not really allocated, and nobody may send it back.
        if path.ends_with("/allocates") {
            if !object["spec"]["allocated"].is_null() {
                return respond(422, &status(422, "Invalid", "spec.allocated: not in the valid range"));
            }
            if dry {
                object["spec"]["allocated"] = json!("pretended");
            }
        }
        if !dry {
            self.store(path, object.clone());
            object = self.get(path).unwrap_or(object);
        }
        respond(200, &object)
    }
}

/// Sets the defaults of an object's definition.
fn default(path: &str, object: &mut Value) {
    let plural = path.rsplit('/').nth(1).unwrap();
    for (_, field, value) in DEFAULTS.iter().filter(|(of, ..)| *of == plural) {
        if let Some(spec) = object["spec"].as_object_mut() {
            spec.entry(*field).or_insert(json!(value));
        }
    }
}

/// Removes a field, and what holds nothing else.
fn remove(object: &mut Value, path: &[String]) {
    let [first, rest @ ..] = path else { return };
    let Some(fields) = object.as_object_mut() else { return };
    let key = first.strip_prefix("f:").unwrap();
    if rest.is_empty() {
        fields.remove(key);
    } else if let Some(inner) = fields.get_mut(key) {
        remove(inner, rest);
    }
}
