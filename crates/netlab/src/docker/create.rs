//! Creating a container, also where the engine is creating it already.

use std::collections::BTreeMap;
use std::time::Duration;

use bollard::query_parameters::CreateContainerOptionsBuilder;
use settle::{Unsettled, Verdict, Wait};

use super::{Docker, container};
use crate::engine::{Engine, EngineError, Labels};
use crate::model::ContainerSpec;

/// The bound of a creation that the engine is at: it takes a fraction of a second, on a busy machine a few.
const MADE: Duration = Duration::from_secs(20);

impl Docker {
    /// Creates a container, and returns its id. The engine completes the request of a run that was broken off: the name
    /// is then taken before the container is listed. That container will do, if it carries the same labels.
    pub(super) async fn create(
        &self,
        spec: &ContainerSpec,
        sysctls: &BTreeMap<String, String>,
        labels: &Labels,
    ) -> Result<String, EngineError> {
        let options = CreateContainerOptionsBuilder::new().name(spec.name.as_str()).build();
        let created = self.client.create_container(Some(options), container::body(spec, sysctls, labels)).await;
        let error = match created {
            Ok(created) => return Ok(created.id),
            Err(error) => self.error(format!("creating container {}", spec.name), error),
        };
        let EngineError::Conflict { action, message } = error else { return Err(error) };
        let conflict = move || EngineError::Conflict { action: action.clone(), message: message.clone() };
        // Owned, so that the future is `Send`.
        let (docker, name, labels, taken) = (self.clone(), spec.name.to_string(), labels.clone(), conflict.clone());
        let wait = Wait::new(format!("container {name} is made"), MADE);
        let there = wait.poll(async move || match docker.container(&name).await {
            Ok(Some(is))
                if is.lab.as_deref() == Some(labels.lab.as_str())
                    && is.spec.as_deref() == Some(labels.spec.as_str()) =>
            {
                Verdict::Ready(is.id)
            }
            Ok(Some(_)) => Verdict::Failed(taken()),
            Ok(None) => Verdict::NotYet("its name is taken, and it is not listed".to_owned()),
            Err(error) => Verdict::Failed(error),
        });
        there.await.map_err(|unsettled| match unsettled {
            Unsettled::Failed { error, .. } => error,
            _ => conflict(),
        })
    }
}
