//! The past of a container: its last end, its inspection, past events.

use std::time::{SystemTime, UNIX_EPOCH};

use bollard::models::{EventMessage, EventMessageTypeEnum};
use bollard::query_parameters::{EventsOptionsBuilder, InspectContainerOptions, InspectNetworkOptions};
use futures::TryStreamExt;
use serde::Serialize;

use super::Docker;
use crate::engine::{Ending, EngineError, LAB};
use crate::model::Name;

impl Docker {
    /// Reads how a container's last run ended.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn ending(&self, container: &str) -> Result<Ending, EngineError> {
        let inspected = self.client.inspect_container(container, None::<InspectContainerOptions>).await;
        let inspected = inspected.map_err(|e| self.error(format!("inspecting container {container}"), e))?;
        let state = inspected.state.unwrap_or_default();
        Ok(Ending {
            exit_code: super::convert::exit_code(state.exit_code.unwrap_or_default()),
            out_of_memory: state.oom_killed.unwrap_or_default(),
            error: state.error.unwrap_or_default(),
            finished_at: state.finished_at.unwrap_or_default(),
        })
    }

    /// Inspects a container, as JSON, without the values of environment variables: a proxy's may hold a password.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn container_json(&self, container: &str) -> Result<String, EngineError> {
        let action = || format!("inspecting container {container}");
        let inspected = self.client.inspect_container(container, None::<InspectContainerOptions>).await;
        let mut inspected = inspected.map_err(|e| self.error(action(), e))?;
        if let Some(environment) = inspected.config.as_mut().and_then(|config| config.env.as_mut()) {
            environment.iter_mut().for_each(|variable| *variable = without_value(variable));
        }
        json(&inspected, action)
    }

    /// Inspects a network, as JSON.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn network_json(&self, network: &str) -> Result<String, EngineError> {
        let action = || format!("inspecting network {network}");
        let inspected = self.client.inspect_network(network, None::<InspectNetworkOptions>).await;
        json(&inspected.map_err(|e| self.error(action(), e))?, action)
    }

    /// Reads past events from a point in time until now, a JSON document each, oldest first: those of a lab's
    /// containers, and of some containers and networks by name. Engines keep the last few hundred only. Commands in
    /// containers are left out: each look runs some, and a command line may hold a secret.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn history(
        &self,
        since: SystemTime,
        lab: &Name,
        (containers, networks): (&[&str], &[&str]),
    ) -> Result<Vec<String>, EngineError> {
        let action = || "reading past events".to_owned();
        let seconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
        // With an end, the engine does not wait for further ones.
        let options = EventsOptionsBuilder::default().since(&seconds(since)).until(&seconds(SystemTime::now())).build();
        let events: Vec<_> =
            self.client.events(Some(options)).try_collect().await.map_err(|e| self.error(action(), e))?;
        events.iter().filter(|event| is_of(event, lab, containers, networks)).map(|event| json(event, action)).collect()
    }
}

/// `true` if an event is about a container with the lab's label, or a container or network of one of these names.
fn is_of(event: &EventMessage, lab: &Name, containers: &[&str], networks: &[&str]) -> bool {
    let Some(attributes) = event.actor.as_ref().and_then(|actor| actor.attributes.as_ref()) else { return false };
    let name = attributes.get("name").map_or("", String::as_str);
    let is_command = event.action.as_ref().is_some_and(|action| action.starts_with("exec_"));
    match event.typ {
        Some(EventMessageTypeEnum::CONTAINER) => {
            let of = attributes.get(LAB);
            !is_command && of.map_or_else(|| containers.contains(&name), |of| of == lab.as_str())
        }
        Some(EventMessageTypeEnum::NETWORK) => networks.contains(&name),
        _ => false,
    }
}

/// Replaces the value in `NAME=value`.
fn without_value(variable: &str) -> String {
    variable.split_once('=').map_or_else(|| variable.to_owned(), |(name, _)| format!("{name}=(removed)"))
}

fn json(value: &impl Serialize, action: impl Fn() -> String) -> Result<String, EngineError> {
    serde_json::to_string(value)
        .map_err(|error| EngineError::Unreadable { action: action(), message: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_events_of_the_lab_are_kept() {
        let lab = Name::new("lab").unwrap();
        let of = |kind: &str, action: &str, attributes: serde_json::Value| {
            let event = serde_json::json!({ "Type": kind, "Action": action, "Actor": { "Attributes": attributes } });
            is_of(&serde_json::from_value(event).unwrap(), &lab, &["kind-worker"], &["kind"])
        };
        let (ours, node) =
            (serde_json::json!({ "name": "frr1", LAB: "lab" }), serde_json::json!({ "name": "kind-worker" }));
        assert!(of("container", "die", ours.clone()) && of("container", "die", node.clone()));
        assert!(!of("container", "exec_create: sh -c secret", ours) && !of("container", "exec_die", node));
        assert!(
            !of("container", "die", serde_json::json!({ "name": "kind-worker", LAB: "other" })),
            "another lab's node"
        );
        assert!(!of("container", "die", serde_json::json!({ "name": "database", "password": "x" })));
        assert!(of("network", "connect", serde_json::json!({ "name": "kind" })));
        assert!(!of("network", "connect", serde_json::json!({ "name": "bridge" })));
        assert!(!of("image", "pull", serde_json::json!({ "name": "kind" })));
    }

    #[test]
    fn a_variable_keeps_its_name_only() {
        assert_eq!(without_value("HTTP_PROXY=http://user:secret=@proxy"), "HTTP_PROXY=(removed)");
        assert_eq!(without_value("NAME"), "NAME");
    }
}
