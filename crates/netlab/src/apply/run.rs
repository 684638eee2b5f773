//! The effect of each step.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::FutureExt;
use settle::{Unsettled, Verdict, Wait};

use super::{StepError, tar};
use crate::engine::{Engine, EngineError, RunState};
use crate::model::{Endpoint, Name, OnChange, Route};
use crate::observe::missing_routes;
use crate::observe::script;
use crate::plan::Step;

/// The bound of a removal that Docker has begun for somebody else.
const REMOVAL: Duration = Duration::from_secs(20);

/// The bound of a reload.
const RELOAD: Duration = Duration::from_secs(120);

pub(super) async fn step(engine: &dyn Engine, step: &Step) -> Result<(), StepError> {
    match step {
        Step::RemoveContainer { name, id, .. } => Ok(remove_container(engine, name.as_str(), id).await?),
        Step::RemoveNetwork { id, .. } => Ok(ignore_not_found(engine.remove_network(id).await)?),
        Step::CreateNetwork { network, mtu, labels } => {
            engine.create_network(network, *mtu, labels).await?;
            Ok(())
        }
        Step::CreateContainer { container, sysctls, labels, .. } => {
            engine.create_container(container, sysctls, labels).await?;
            Ok(())
        }
        Step::Connect { container, endpoint } => connect(engine, container, endpoint).await,
        Step::UploadFiles { container, files, pending } => {
            Ok(engine.upload(container.as_str(), tar::archive(files, pending)).await?)
        }
        Step::Start { container, endpoints } => start(engine, container, endpoints).await,
        Step::Unpause { container } => Ok(engine.unpause(container.as_str()).await?),
        Step::Reload { container, actions, endpoints, .. } => {
            for (i, action) in actions.iter().enumerate() {
                let last = i + 1 == actions.len();
                reload(engine, container, (action, last), endpoints).await?;
            }
            Ok(())
        }
        Step::SetRoutes { container, routes, .. } => set_routes(engine, container, routes).await,
    }
}

/// Takes an object that does not exist as removed.
pub(crate) fn ignore_not_found(result: Result<(), EngineError>) -> Result<(), EngineError> {
    result.or_else(|error| if error.is_not_found() { Ok(()) } else { Err(error) })
}

/// Removes a container. Where Docker is already removing it, waits for the end of that.
pub(crate) async fn remove_container(engine: &dyn Engine, name: &str, id: &str) -> Result<(), EngineError> {
    let removed = ignore_not_found(engine.remove_container(id).await);
    let Err(EngineError::Conflict { action, message }) = removed else { return removed };
    let wait = Wait::new(format!("removal of container {name}"), REMOVAL);
    let removed = engine.removed(id).map(|end| match ignore_not_found(end) {
        Ok(()) => Verdict::Ready(()),
        Err(error) => Verdict::Failed(error),
    });
    wait.watch(removed.into_stream()).await.map_err(|unsettled| match unsettled {
        Unsettled::Failed { error, .. } => error,
        _ => EngineError::Conflict { action, message },
    })
}

async fn connect(engine: &dyn Engine, container: &Name, endpoint: &Endpoint) -> Result<(), StepError> {
    match engine.connect(container, endpoint).await {
        // Already connected, by a run that was interrupted right here.
        Err(EngineError::Refused { status: 403, message, .. }) if message.contains("already exists in network") => {
            Ok(())
        }
        Err(error) => Err(explain(engine, container, std::slice::from_ref(endpoint), error).await),
        Ok(()) => Ok(()),
    }
}

async fn start(engine: &dyn Engine, container: &Name, endpoints: &[Endpoint]) -> Result<(), StepError> {
    if let Err(error) = engine.start(container.as_str()).await {
        return Err(explain(engine, container, endpoints, error).await);
    }
    read_back(engine, container, endpoints).await
}

/// Checks that a container runs and has its pinned addresses: Docker does not check a connection that is made while the
/// container does not run.
async fn read_back(engine: &dyn Engine, container: &Name, endpoints: &[Endpoint]) -> Result<(), StepError> {
    let state = engine.container(container.as_str()).await?;
    let Some(state) = state.filter(|state| state.run == RunState::Running) else {
        let log_tail = engine.log_tail(container.as_str()).await.unwrap_or_else(|| "none".to_owned());
        let state = "not running any more".to_owned();
        return Err(StepError::NotRunning { container: container.clone(), state, log_tail });
    };
    for endpoint in endpoints {
        let has: BTreeSet<_> =
            state.endpoints.get(endpoint.network.as_str()).into_iter().flat_map(|e| e.addresses()).collect();
        if let Some(wanted) = endpoint.pinned().find(|address| !has.contains(address)) {
            let found: Vec<_> = has.iter().map(ToString::to_string).collect();
            let found = if found.is_empty() { "no address".to_owned() } else { found.join(", ") };
            let (container, network) = (container.clone(), endpoint.network.clone());
            return Err(StepError::WrongAddress { container, network, wanted, found });
        }
    }
    Ok(())
}

/// Names the holder of an address where the engine refused it.
async fn explain(engine: &dyn Engine, container: &Name, endpoints: &[Endpoint], error: EngineError) -> StepError {
    let about_address = matches!(&error, EngineError::Refused { message, .. } if message.contains("already in use"));
    if about_address && let Ok(others) = engine.containers().await {
        for (endpoint, address) in endpoints.iter().flat_map(|e| e.pinned().map(move |a| (e, a))) {
            let network = endpoint.network.as_str();
            let has = |o: &&crate::engine::ContainerState| {
                o.name != container.as_str()
                    && o.endpoints.get(network).is_some_and(|e| e.addresses().any(|a| a == address))
            };
            if let Some(by) = others.iter().find(has) {
                let (container, network, by) = (container.clone(), endpoint.network.clone(), by.name.clone());
                return StepError::AddressTaken { container, address, network, by };
            }
        }
    }
    error.into()
}

async fn reload(
    engine: &dyn Engine,
    container: &Name,
    (action, last): (&OnChange, bool),
    endpoints: &[Endpoint],
) -> Result<(), StepError> {
    let argv = match action {
        OnChange::Reload(argv) => argv.clone(),
        OnChange::Restart => {
            engine.restart(container.as_str()).await?;
            read_back(engine, container, endpoints).await?;
            vec!["true".to_owned()]
        }
    };
    let command = script::take(&argv, last);
    let command: Vec<_> = command.iter().map(String::as_str).collect();
    // The client's own timeout ends where the answer begins, and the answer lasts as long as the command.
    let end = engine.exec(container.as_str(), &command).map(|end| match end {
        Ok(output) => Verdict::Ready(output),
        Err(error) => Verdict::Failed(error),
    });
    let wait = Wait::new(format!("reload of container {container}"), RELOAD);
    let output = wait.watch(end.into_stream()).await.map_err(|unsettled| match unsettled {
        Unsettled::Failed { error, .. } => error.into(),
        _ => StepError::Endless { container: container.clone(), command: argv.join(" "), bound: RELOAD },
    })?;
    if output.code == 0 {
        return Ok(());
    }
    let (command, code, output) = (argv.join(" "), output.code, said(&output.stdout, &output.stderr));
    Err(StepError::Reload { container: container.clone(), command, code, output })
}

async fn set_routes(engine: &dyn Engine, container: &Name, routes: &[Route]) -> Result<(), StepError> {
    let command = script::set_routes(routes);
    let command: Vec<_> = command.iter().map(String::as_str).collect();
    let output = engine.exec(container.as_str(), &command).await?;
    let facts = script::facts(container.as_str(), output.clone())?;
    let missing = missing_routes(routes, Some(&facts.routes));
    if missing.is_empty() {
        return Ok(());
    }
    Err(StepError::Routes { container: container.clone(), missing, output: said("", &output.stderr) })
}

/// Returns the end of the output of a command, on one line.
fn said(stdout: &str, stderr: &str) -> String {
    let lines: Vec<_> = stdout.lines().chain(stderr.lines()).map(str::trim).filter(|l| !l.is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(5)..];
    if last.is_empty() { "it said nothing".to_owned() } else { last.join("; ") }
}
