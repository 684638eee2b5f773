//! Captures in the networks of an engine's containers: finds them, follows their starts, says what to do about errors.

use std::fs::File;
use std::ops::Deref;
use std::time::SystemTime;

use bgptap::{Capture, Captured, Error, Filter, Netns, Place};
use futures::{StreamExt, TryStreamExt};
use netlab::{ContainerState, Docker, Engine};

use crate::failure::Failure;

/// The network of a running container of the engine on this machine.
///
/// # Errors
/// If the container does not run, or the engine is on another machine or hides its processes.
pub async fn network_of(docker: &Docker, container: &str) -> Result<Netns, Failure> {
    let process = docker.process_of(container).await.ok_or_else(|| {
        Failure::machine(format!("the network of {container} cannot be entered"))
            .place(docker.host())
            .next("it has to run, on an engine of this machine, and this command as root")
    })?;
    Ok(Netns::at(process.join("ns/net")).named(container))
}

/// A capture in containers, also in those that are yet to start.
#[derive(Debug)]
pub struct Tapping {
    docker: Docker,
    capture: Capture,
    /// When the containers began to be looked for.
    since: SystemTime,
}

/// The capture broke off; [`Tapping::end`] explains it.
#[derive(Debug, Clone, Copy)]
pub struct Broken;

impl Tapping {
    /// Listens at the containers that run; at the others once [`Tapping::follow`] hears them start.
    ///
    /// # Errors
    /// A machine failure where a running container's network cannot be entered; a file that cannot be written.
    pub async fn start(
        docker: &Docker,
        containers: Vec<String>,
        filter: Filter,
        file: Option<File>,
    ) -> Result<Self, Failure> {
        let since = SystemTime::now();
        let place = async |name: String| {
            let netns = running(docker, &name).await?;
            Ok::<_, Failure>(netns.map_or_else(|| Place::absent(&*name), |netns| Place::new(&*name, netns)))
        };
        let places = futures::future::try_join_all(containers.into_iter().map(place)).await?;
        Ok(Self { docker: docker.clone(), capture: Capture::start(places, filter, file).await?, since })
    }

    /// Listens to containers as they start, or start again: for as long as this is polled.
    ///
    /// # Errors
    /// As [`Tapping::start`]; and where the engine's events end.
    pub async fn follow(&mut self) -> Result<Broken, Failure> {
        let mut starts = self.docker.starts(self.since).boxed();
        loop {
            let started = tokio::select! {
                () = self.capture.broken() => return Ok(Broken),
                started = starts.try_next() => started?,
            };
            let Some(name) = started else {
                return Err(
                    Failure::machine("the engine no longer reports containers that start").place(self.docker.host())
                );
            };
            if self.capture.places().contains(&name)
                && let Some(netns) = running(&self.docker, &name).await?
            {
                self.capture.join(&name, netns).await?;
            }
        }
    }

    /// Ends it, once all that has arrived is read.
    ///
    /// # Errors
    /// If the file could not be written, or the capture broke off.
    pub async fn end(self) -> Result<Captured, Failure> {
        Ok(self.capture.end().await?)
    }
}

impl Deref for Tapping {
    type Target = Capture;

    fn deref(&self) -> &Capture {
        &self.capture
    }
}

/// The network of a container; none where it does not run.
async fn running(docker: &Docker, name: &str) -> Result<Option<Netns>, Failure> {
    let runs = |state: ContainerState| state.run.has_processes();
    if docker.container(name).await?.is_some_and(runs) { network_of(docker, name).await.map(Some) } else { Ok(None) }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match &error {
            Error::Enter { source, .. } | Error::Listen { source, .. } => {
                Self::machine(message).cause(source).next("run it as root")
            }
            Error::File(source) | Error::Broken(source) => Self::machine("the capture broke off").cause(source),
            _ => Self::machine("the capture broke off").cause(&error),
        }
    }
}
