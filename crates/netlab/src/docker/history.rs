//! How a container came to be as it is: how it ended, what the engine tells about it, what happened on the engine.

use std::time::{SystemTime, UNIX_EPOCH};

use bollard::query_parameters::{EventsOptionsBuilder, InspectContainerOptions, InspectNetworkOptions};
use futures::TryStreamExt;
use serde::Serialize;

use super::Docker;
use crate::engine::EngineError;

/// How a container's last run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ending {
    /// Its exit code; 128 and a signal's number where one ended it.
    pub exit_code: i64,
    /// Whether the kernel ended it for want of memory.
    pub out_of_memory: bool,
    /// Why the engine could not start it; empty where it could.
    pub error: String,
    /// When, as the engine writes it.
    pub finished_at: String,
}

impl Docker {
    /// How a container's last run ended.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn ending(&self, container: &str) -> Result<Ending, EngineError> {
        let inspected = self.client.inspect_container(container, None::<InspectContainerOptions>).await;
        let inspected = inspected.map_err(|e| self.error(format!("inspecting container {container}"), e))?;
        let state = inspected.state.unwrap_or_default();
        Ok(Ending {
            exit_code: state.exit_code.unwrap_or_default(),
            out_of_memory: state.oom_killed.unwrap_or_default(),
            error: state.error.unwrap_or_default(),
            finished_at: state.finished_at.unwrap_or_default(),
        })
    }

    /// All that the engine tells of a container, as JSON.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn container_json(&self, container: &str) -> Result<String, EngineError> {
        let action = || format!("inspecting container {container}");
        let inspected = self.client.inspect_container(container, None::<InspectContainerOptions>).await;
        json(&inspected.map_err(|e| self.error(action(), e))?, action)
    }

    /// All that the engine tells of a network, as JSON.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn network_json(&self, network: &str) -> Result<String, EngineError> {
        let action = || format!("inspecting network {network}");
        let inspected = self.client.inspect_network(network, None::<InspectNetworkOptions>).await;
        json(&inspected.map_err(|e| self.error(action(), e))?, action)
    }

    /// What happened on the engine from a point in time until now, a JSON document each, oldest first. Engines keep the
    /// last few hundred only.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn history(&self, since: SystemTime) -> Result<Vec<String>, EngineError> {
        let action = || "reading past events".to_owned();
        let seconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
        // With an end, the engine does not wait for further ones.
        let options = EventsOptionsBuilder::default().since(&seconds(since)).until(&seconds(SystemTime::now())).build();
        let events: Vec<_> =
            self.client.events(Some(options)).try_collect().await.map_err(|e| self.error(action(), e))?;
        events.iter().map(|event| json(event, action)).collect()
    }
}

fn json(value: &impl Serialize, action: impl Fn() -> String) -> Result<String, EngineError> {
    serde_json::to_string(value)
        .map_err(|error| EngineError::Unreadable { action: action(), message: error.to_string() })
}
