//! Events of the engine, as they happen.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use bollard::query_parameters::EventsOptionsBuilder;
use futures::{Stream, StreamExt};

use super::Docker;
use crate::engine::EngineError;

impl Docker {
    /// Returns the name of every container that started since a point in time, and of every further one as it starts.
    /// Choose a point a little in the past where the engine's clock may differ.
    ///
    /// # Errors
    /// An item is an [`EngineError`] where the connection breaks; the stream then ends.
    pub fn starts(&self, since: SystemTime) -> impl Stream<Item = Result<String, EngineError>> + Send + '_ {
        let only = |key: &str, value: &str| (key.to_owned(), vec![value.to_owned()]);
        let filters = HashMap::from([only("type", "container"), only("event", "start")]);
        let since = since.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
        let options = EventsOptionsBuilder::default().since(&since).filters(&filters).build();
        let events = self.client.events(Some(options));
        events.filter_map(move |event| async move {
            match event {
                Ok(event) => event.actor?.attributes?.remove("name").map(Ok),
                Err(error) => Some(Err(self.error("listening to events", error))),
            }
        })
    }

    /// Returns an item for every further change of any container's state or connections.
    ///
    /// # Errors
    /// An item is an [`EngineError`] where the connection breaks; the stream then ends.
    pub fn changes(&self) -> impl Stream<Item = Result<(), EngineError>> + Send + '_ {
        const STATES: [&str; 10] =
            ["create", "start", "die", "pause", "unpause", "rename", "destroy", "connect", "disconnect", "remove"];
        let only = |key: &str, values: &[&str]| (key.to_owned(), values.iter().map(ToString::to_string).collect());
        let filters = HashMap::from([only("type", &["container", "network"]), only("event", &STATES)]);
        let options = EventsOptionsBuilder::default().filters(&filters).build();
        let events = self.client.events(Some(options));
        events.map(|event| event.map(drop).map_err(|error| self.error("listening to events", error)))
    }
}
