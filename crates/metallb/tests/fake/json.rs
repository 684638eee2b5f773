//! Paths, queries and merges of an API server.

use http::Response;
use http_body_util::{BodyExt, Full};
use serde_json::Value;

use super::{Answer, status};

/// `true` if a path ends in a plural, and not in a name below one.
pub(super) fn is_collection(path: &str) -> bool {
    let segments = path.split('/').count();
    match (path.starts_with("/api/"), path.contains("/namespaces/")) {
        (true, true) => segments == 6,
        (true, false) => segments == 4,
        (false, true) => segments == 7,
        (false, false) => segments == 5,
    }
}

pub(super) fn not_found(path: &str) -> Value {
    status(404, "NotFound", &format!("{path} not found"))
}

pub(super) fn respond(code: u16, body: &Value) -> Response<Answer> {
    let response = Response::builder().status(code).header("content-type", "application/json");
    response.body(Full::from(body.to_string()).boxed_unsync()).unwrap()
}

/// The one name that a query asks for.
pub(super) fn name(query: &str) -> Option<String> {
    let text = query.split('&').find_map(|part| part.strip_prefix("fieldSelector="))?;
    text.replace("%3D", "=").strip_prefix("metadata.name=").map(str::to_owned)
}

/// `true` if an object's path is below a collection's, which may span all namespaces.
pub(super) fn belongs(object: &str, collection: &str) -> bool {
    let Some((parent, _)) = object.rsplit_once('/') else { return false };
    if parent == collection {
        return true;
    }
    let Some((base, rest)) = parent.split_once("/namespaces/") else { return false };
    rest.split_once('/').is_some_and(|(_, plural)| format!("{base}/{plural}") == collection)
}

pub(super) fn selector(query: &str) -> Vec<(String, String)> {
    let text = query.split('&').find_map(|part| part.strip_prefix("labelSelector=")).unwrap_or_default();
    let text = text.replace("%3D", "=").replace("%2C", ",").replace("%2F", "/");
    text.split(',').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

/// A merge in which lists of named things merge by name.
pub(super) fn merge(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                if value.is_null() {
                    below.remove(key);
                } else {
                    merge(below.entry(key.clone()).or_insert(Value::Null), value);
                }
            }
        }
        (Value::Array(below), Value::Array(above)) if above.iter().all(|item| item.get("name").is_some()) => {
            for item in above {
                match below.iter_mut().find(|known| known["name"] == item["name"]) {
                    Some(known) => merge(known, item),
                    None => below.push(item.clone()),
                }
            }
        }
        (below, above) => *below = above.clone(),
    }
}
