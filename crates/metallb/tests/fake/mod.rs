//! A Kubernetes API in memory: enough to apply, watch and delete against, with faults on request.
#![allow(dead_code, reason = "each test target uses its part")]
#![allow(clippy::unwrap_used, reason = "a fake that breaks fails the test")]

mod json;
mod objects;
mod webhooks;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::{Method, Request, Response};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use kube::client::Body;
use metallb::Cluster;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use json::{belongs, is_collection, merge, name, not_found, respond, selector};
pub(crate) use objects::*;
use webhooks::Judge;

/// The bound of each test: a call without an answer fails it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A fault's answer to a request (method, path with query); none lets it pass.
type Fault = Box<dyn FnMut(&str, &str) -> Option<(u16, Value)> + Send>;

/// A body that may never end.
type Answer = UnsyncBoxBody<Bytes, Infallible>;

/// A reaction to a stored object: further objects, by path.
type Reaction = Box<dyn FnMut(&str, &Value) -> Vec<(String, Value)> + Send>;

struct State {
    objects: BTreeMap<String, Value>,
    version: u64,
    calls: Vec<String>,
    faults: Vec<Fault>,
    webhooks: Vec<Judge>,
    /// Reactions to stored objects.
    reactions: Vec<Reaction>,
}

/// The API. Objects live under their path, as `/api/v1/namespaces/default/services/test-agnhost`.
#[derive(Clone)]
pub(crate) struct FakeApi {
    state: Arc<Mutex<State>>,
    deleted: Arc<Mutex<Vec<String>>>,
    events: broadcast::Sender<(String, Value)>,
}

impl FakeApi {
    pub(crate) fn new() -> Self {
        let state = State {
            objects: BTreeMap::new(),
            version: 1,
            calls: Vec::new(),
            faults: Vec::new(),
            webhooks: Vec::new(),
            reactions: Vec::new(),
        };
        Self { state: Arc::new(Mutex::new(state)), deleted: Arc::default(), events: broadcast::channel(256).0 }
    }

    /// A cluster behind this API.
    pub(crate) fn cluster(&self) -> Cluster {
        let api = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let api = api.clone();
            async move { Ok::<_, Infallible>(api.answer(request).await) }
        });
        Cluster::from_client(kube::Client::new(service, "default"), "fake")
    }

    pub(crate) fn put(&self, path: &str, object: Value) {
        self.store(path, object);
    }

    pub(crate) fn get(&self, path: &str) -> Option<Value> {
        self.state.lock().unwrap().objects.get(path).cloned()
    }

    /// The calls so far that begin with `method`, without queries.
    pub(crate) fn calls(&self, method: &str) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.calls.iter().filter_map(|call| call.strip_prefix(method).map(|path| path.trim().to_owned())).collect()
    }

    /// `true` if a path was deleted; may be called from within a fault.
    pub(crate) fn was_deleted(&self, path: &str) -> bool {
        self.deleted.lock().unwrap().iter().any(|deleted| deleted == path)
    }

    pub(crate) fn fault(&self, fault: impl FnMut(&str, &str) -> Option<(u16, Value)> + Send + 'static) {
        self.state.lock().unwrap().faults.push(Box::new(fault));
    }

    /// Stores further objects whenever one is stored, as a controller would.
    pub(crate) fn react(&self, reaction: impl FnMut(&str, &Value) -> Vec<(String, Value)> + Send + 'static) {
        self.state.lock().unwrap().reactions.push(Box::new(reaction));
    }

    fn store(&self, path: &str, mut object: Value) {
        let follow: Vec<(String, Value)> = {
            let mut state = self.state.lock().unwrap();
            state.version += 1;
            let existed = state.objects.contains_key(path);
            object["metadata"]["resourceVersion"] = json!(state.version.to_string());
            if object["metadata"].get("uid").is_none() {
                object["metadata"]["uid"] = json!(format!("uid-{}", state.version));
            }
            state.objects.insert(path.to_owned(), object.clone());
            let kind = if existed { "MODIFIED" } else { "ADDED" };
            let _ = self.events.send((path.to_owned(), json!({"type": kind, "object": object})));
            let mut reactions = std::mem::take(&mut state.reactions);
            let follow = reactions.iter_mut().flat_map(|reaction| reaction(path, &object)).collect();
            state.reactions = reactions;
            follow
        };
        for (path, object) in follow {
            self.store(&path, object);
        }
    }

    fn remove(&self, path: &str) -> Option<Value> {
        let mut state = self.state.lock().unwrap();
        let object = state.objects.remove(path)?;
        self.deleted.lock().unwrap().push(path.to_owned());
        let _ = self.events.send((path.to_owned(), json!({"type": "DELETED", "object": object})));
        Some(object)
    }

    async fn answer(&self, request: Request<Body>) -> Response<Answer> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().trim_end_matches('/').to_owned();
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let body = body.collect_bytes().await.unwrap();
        let fault = {
            let mut state = self.state.lock().unwrap();
            state.calls.push(format!(
                "{} {path}{}",
                parts.method,
                if query.contains("dryRun") { "?dryRun" } else { "" }
            ));
            let mut faults = std::mem::take(&mut state.faults);
            let found = faults.iter_mut().find_map(|fault| fault(parts.method.as_str(), &format!("{path}?{query}")));
            state.faults = faults;
            found
        };
        if let Some((code, answer)) = fault {
            return respond(code, &answer);
        }
        if let Some(refusal) = self.refused(parts.method.as_str(), &path, &body) {
            return respond(403, &refusal);
        }
        match parts.method {
            Method::GET if path == "/version" => respond(
                200,
                &json!({
                "major": "1", "minor": "35", "gitVersion": "v1.35.4", "gitCommit": "", "gitTreeState": "", "buildDate": "",
                "goVersion": "", "compiler": "", "platform": ""}),
            ),
            Method::GET if query.contains("watch=true") => self.watch(&path, &query),
            Method::GET => self.read(&path, &query),
            Method::PATCH => self.patch(&path, &query, &body),
            Method::DELETE => match self.remove(&path) {
                Some(object) => respond(200, &object),
                None => respond(404, &not_found(&path)),
            },
            _ => respond(405, &status(405, "MethodNotAllowed", "not in this fake")),
        }
    }

    fn read(&self, path: &str, query: &str) -> Response<Answer> {
        let state = self.state.lock().unwrap();
        if let Some(object) = state.objects.get(path) {
            return respond(200, object);
        }
        if !is_collection(path) {
            // A group that is not served is answered with a text, and no status.
            let text = json!("404 page not found");
            return respond(404, &if path.contains("metallb.io") { text } else { not_found(path) });
        }
        let (wanted, named) = (selector(query), name(query));
        let chosen = |object: &&Value| {
            wanted.iter().all(|(key, value)| object["metadata"]["labels"][key] == **value)
                && named.iter().all(|name| object["metadata"]["name"] == **name)
        };
        let items: Vec<&Value> = state
            .objects
            .iter()
            .filter(|(key, _)| belongs(key, path))
            .map(|(_, object)| object)
            .filter(chosen)
            .collect();
        respond(
            200,
            &json!({"apiVersion": "v1", "kind": "List",
                "metadata": {"resourceVersion": state.version.to_string()}, "items": items}),
        )
    }

    fn watch(&self, path: &str, query: &str) -> Response<Answer> {
        let (path, named) = (path.to_owned(), name(query));
        let events = stream::unfold(self.events.subscribe(), |mut events| async move {
            let event = events.recv().await.ok()?;
            Some((event, events))
        });
        let lines = events.filter_map(move |(key, event)| {
            let seen = belongs(&key, &path) && named.iter().all(|name| event["object"]["metadata"]["name"] == **name);
            let line = seen.then(|| Ok::<_, Infallible>(Frame::data(Bytes::from(format!("{event}\n")))));
            async move { line }
        });
        Response::new(StreamBody::new(lines.boxed()).boxed_unsync())
    }

    fn patch(&self, path: &str, query: &str, body: &[u8]) -> Response<Answer> {
        let patch: Value = serde_json::from_slice(body).unwrap();
        let is_apply = query.contains("fieldManager") && patch.get("kind").is_some();
        let before = self.get(path);
        if before.is_none() && !is_apply {
            return respond(404, &not_found(path));
        }
        let mut object = before.clone().unwrap_or_else(|| json!({"metadata": {"generation": 0}}));
        merge(&mut object, &patch);
        if before.as_ref().and_then(|before| before.get("spec")) != object.get("spec") {
            let generation = object["metadata"]["generation"].as_i64().unwrap_or(0) + 1;
            object["metadata"]["generation"] = json!(generation);
        }
        if !query.contains("dryRun") {
            self.store(path, object.clone());
            object = self.get(path).unwrap_or(object);
        }
        respond(200, &object)
    }
}
