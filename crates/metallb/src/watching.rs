//! Watches as streams of snapshots: each event brings all objects of a kind as they are now.

use std::collections::BTreeMap;
use std::fmt::Debug;

use futures::{Stream, StreamExt, future, pin_mut};
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use settle::Verdict;

use crate::Error;

/// One look through a watch.
#[derive(Debug)]
pub(crate) enum Seen<K> {
    /// All objects as they are now.
    All(Vec<K>),
    /// The watch is interrupted and will be retried; the reason.
    Trouble(String),
    /// The watch is not allowed.
    Refused(Error),
}

/// Yields all objects of `api`, again after every change. Interruptions are retried with growing pauses.
pub(crate) fn snapshots<K>(
    api: Api<K>,
    config: watcher::Config,
    what: &'static str,
) -> impl Stream<Item = Seen<K>> + Send
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + Sync + 'static,
    K::DynamicType: Default,
{
    snapshots_of(api, config, what)
}

/// [`snapshots`] for kinds that are known at run time only.
pub(crate) fn snapshots_of<K>(
    api: Api<K>,
    config: watcher::Config,
    what: &'static str,
) -> impl Stream<Item = Seen<K>> + Send
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + Sync + 'static,
{
    watcher(api, config)
        .default_backoff()
        .scan(Picture::default(), move |picture, event| {
            future::ready(Some(match event {
                Ok(event) => picture.take(event),
                Err(error) => Some(interruption(what, error)),
            }))
        })
        .filter_map(future::ready)
}

/// Turns the snapshots of `api` into looks at its objects, for a wait.
pub(crate) fn looks<K, T>(
    api: Api<K>,
    config: watcher::Config,
    what: &'static str,
    look: impl Fn(&[K]) -> Verdict<T, Error> + Send,
) -> impl Stream<Item = Verdict<T, Error>> + Send
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + Sync + 'static,
    K::DynamicType: Default,
{
    snapshots(api, config, what).map(move |seen| match seen {
        Seen::All(objects) => look(&objects),
        Seen::Trouble(text) => Verdict::NotYet(text),
        Seen::Refused(error) => Verdict::Failed(error),
    })
}

/// Returns what `found` finds in the objects of `api`, as soon as it finds something. If it never does, this never
/// returns.
///
/// # Errors
/// If the watch is not allowed.
pub(crate) async fn first<K, T>(
    api: Api<K>,
    config: watcher::Config,
    what: &'static str,
    found: impl Fn(&[K]) -> Option<T>,
) -> Result<T, Error>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + Sync + 'static,
    K::DynamicType: Default,
{
    let looks = snapshots(api, config, what).filter_map(|seen| {
        future::ready(match seen {
            Seen::All(objects) => found(&objects).map(Ok),
            Seen::Trouble(_) => None,
            Seen::Refused(error) => Some(Err(error)),
        })
    });
    pin_mut!(looks);
    match looks.next().await {
        Some(end) => end,
        // A watch goes on until it is dropped.
        None => future::pending().await,
    }
}

/// The objects of a name.
pub(crate) fn named(name: &str) -> watcher::Config {
    watcher::Config::default().fields(&format!("metadata.name={name}"))
}

/// The state between events.
struct Picture<K> {
    objects: BTreeMap<(String, String), K>,
    next: BTreeMap<(String, String), K>,
}

impl<K> Default for Picture<K> {
    fn default() -> Self {
        Self { objects: BTreeMap::new(), next: BTreeMap::new() }
    }
}

impl<K: Resource + Clone> Picture<K> {
    fn take(&mut self, event: Event<K>) -> Option<Seen<K>> {
        let key = |object: &K| (object.namespace().unwrap_or_default(), object.name_any());
        match event {
            Event::Init => {
                self.next.clear();
                return None;
            }
            Event::InitApply(object) => {
                self.next.insert(key(&object), object);
                return None;
            }
            Event::InitDone => self.objects = std::mem::take(&mut self.next),
            Event::Apply(object) => {
                self.objects.insert(key(&object), object);
            }
            Event::Delete(object) => {
                self.objects.remove(&key(&object));
            }
        }
        Some(Seen::All(self.objects.values().cloned().collect()))
    }
}

/// An interruption, sorted into what passes and what does not.
fn interruption<K>(what: &str, error: watcher::Error) -> Seen<K> {
    let text = error.to_string();
    let cause = match error {
        watcher::Error::InitialListFailed(source)
        | watcher::Error::WatchStartFailed(source)
        | watcher::Error::WatchFailed(source) => Error::from_kube(what, source),
        watcher::Error::WatchError(status) => Error::from_status(what.to_owned(), *status),
        watcher::Error::NoResourceVersion => return Seen::Trouble(format!("{what}: {text}")),
    };
    match cause {
        Error::Forbidden { .. } | Error::Unauthorized { .. } => Seen::Refused(cause),
        passing => Seen::Trouble(passing.to_string()),
    }
}
