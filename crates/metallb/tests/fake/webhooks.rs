//! Admission webhooks: they look at a request beside all that is stored.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{FakeApi, status};

/// A webhook: returns the reason to refuse a request (method, path, body) beside the objects that are there, or `None`
/// to let it pass.
pub(super) type Judge = Box<dyn FnMut(&BTreeMap<String, Value>, &str, &str, &Value) -> Option<String> + Send>;

impl FakeApi {
    /// Asks this about every change.
    pub(crate) fn webhook(
        &self,
        judge: impl FnMut(&BTreeMap<String, Value>, &str, &str, &Value) -> Option<String> + Send + 'static,
    ) {
        self.state.lock().unwrap().webhooks.push(Box::new(judge));
    }

    pub(super) fn refused(&self, method: &str, path: &str, body: &[u8]) -> Option<Value> {
        // To a webhook both are an update.
        let method = if method == "PUT" { "PATCH" } else { method };
        if !["PATCH", "DELETE"].contains(&method) {
            return None;
        }
        let body = serde_json::from_slice(body).unwrap_or_default();
        let mut state = self.state.lock().unwrap();
        let mut webhooks = std::mem::take(&mut state.webhooks);
        let words = webhooks.iter_mut().find_map(|judge| judge(&state.objects, method, path, &body));
        state.webhooks = webhooks;
        let message = format!("admission webhook \"validation.metallb.io\" denied the request: {}", words?);
        Some(status(403, "Forbidden", &message))
    }
}
