//! Creating containers and networks, also where the engine is creating them already.

use std::collections::BTreeMap;
use std::time::Duration;

use bollard::query_parameters::CreateContainerOptionsBuilder;
use futures::FutureExt;
use futures::future::BoxFuture;
use settle::{Unsettled, Verdict, Wait};

use super::{Docker, container, network};
use crate::engine::{ContainerState, Engine, EngineError, Labels, NetworkState};
use crate::model::{ContainerSpec, NetworkSpec};

/// The bound of a creation that the engine is at: it takes a fraction of a second, on a busy machine a few.
const MADE: Duration = Duration::from_secs(20);

/// An object that has the name of one to be made.
struct Named {
    id: String,
    lab: Option<String>,
    spec: Option<String>,
}

impl Named {
    fn has(&self, labels: &Labels) -> bool {
        self.lab.as_deref() == Some(labels.lab.as_str()) && self.spec.as_deref() == Some(labels.spec.as_str())
    }
}

impl Docker {
    /// Creates a container, and returns its id; one that the engine is making already will do.
    pub(super) async fn make_container(
        &self,
        spec: &ContainerSpec,
        sysctls: &BTreeMap<String, String>,
        labels: &Labels,
    ) -> Result<String, EngineError> {
        let options = CreateContainerOptionsBuilder::new().name(spec.name.as_str()).build();
        let created = self.client.create_container(Some(options), container::body(spec, sysctls, labels)).await;
        let what = format!("container {}", spec.name);
        let made = created.map(|created| created.id).map_err(|e| self.error(format!("creating {what}"), e));
        let (docker, name) = (self.clone(), spec.name.to_string());
        let look = move || {
            let (docker, name) = (docker.clone(), name.clone());
            let named = |is: ContainerState| Named { id: is.id, lab: is.lab, spec: is.spec };
            async move { Ok(docker.container(&name).await?.map(named)) }.boxed()
        };
        or_being_made(made, what, labels.clone(), look).await
    }

    /// Creates a network, and returns its id; one that the engine is making already will do.
    pub(super) async fn make_network(
        &self,
        spec: &NetworkSpec,
        mtu: u16,
        labels: &Labels,
    ) -> Result<String, EngineError> {
        let created = self.client.create_network(network::request(spec, mtu, labels, self.version.api)).await;
        let what = format!("network {}", spec.name);
        let made = created.map(|created| created.id).map_err(|e| self.error(format!("creating {what}"), e));
        let (docker, name) = (self.clone(), spec.name.to_string());
        let look = move || {
            let (docker, name) = (docker.clone(), name.clone());
            let named = |is: NetworkState| Named { id: is.id, lab: is.lab, spec: is.spec };
            async move { Ok(docker.networks().await?.into_iter().find(|is| is.name == name).map(named)) }.boxed()
        };
        or_being_made(made, what, labels.clone(), look).await
    }
}

/// Returns the id of an object that was made, or, where its name is taken, of the object that has it. The engine
/// completes the request of a run that was broken off, so that a name may be taken before the object is listed. It will
/// do, if it carries the same labels.
async fn or_being_made(
    made: Result<String, EngineError>,
    what: String,
    labels: Labels,
    look: impl Fn() -> BoxFuture<'static, Result<Option<Named>, EngineError>>,
) -> Result<String, EngineError> {
    let (action, message) = match made {
        Err(EngineError::Conflict { action, message }) => (action, message),
        made => return made,
    };
    let conflict = move || EngineError::Conflict { action: action.clone(), message: message.clone() };
    let taken = conflict.clone();
    let wait = Wait::new(format!("{what} is made"), MADE);
    let there = wait.poll(async move || match look().await {
        Ok(Some(is)) if is.has(&labels) => Verdict::Ready(is.id),
        Ok(Some(_)) => Verdict::Failed(taken()),
        Ok(None) => Verdict::NotYet("its name is taken, and it is not listed".to_owned()),
        Err(error) => Verdict::Failed(error),
    });
    there.await.map_err(|unsettled| match unsettled {
        Unsettled::Failed { error, .. } => error,
        _ => conflict(),
    })
}
