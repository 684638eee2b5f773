//! Events: what the engine tells as it happens.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use bollard::query_parameters::EventsOptionsBuilder;
use futures::{Stream, StreamExt};

use super::Docker;
use crate::engine::EngineError;

impl Docker {
    /// The name of every container that started since a point in time, and of every further one as it starts. A point
    /// a little in the past leaves nothing out where the engine's clock is another one.
    ///
    /// # Errors
    /// [`EngineError`] where the stream breaks; it ends then.
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
}
