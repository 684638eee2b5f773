//! The recorder of one lab: logs and routes of every vantage point, from one moment on.

use std::collections::BTreeMap;

use frrconf::vty::Daemon;
use futures::future::{join_all, try_join_all};
use netlab::Docker;

use super::super::event::Event;
use super::super::stamp::Micros;
use super::super::vantage::VantagePoint;
use super::logs::{self, Tail};
use super::monitor::Monitor;
use crate::failure::Failure;
use crate::restores::{Kept, Restores};
use crate::router::Routers;

/// Records what daemons and kernels report.
#[derive(Debug)]
pub(crate) struct Recorder<'a> {
    routers: &'a Routers<'a>,
    tails: Vec<Tail>,
    monitors: BTreeMap<String, Monitor>,
    kept: Vec<Kept>,
}

impl<'a> Recorder<'a> {
    /// Turns the logs up, and begins to listen to the kernels.
    ///
    /// # Errors
    /// If a daemon does not answer, or a network cannot be entered.
    pub(crate) async fn start(
        routers: &'a Routers<'a>,
        docker: &Docker,
        restores: &Restores,
        vantage_points: &[VantagePoint],
    ) -> Result<Self, Failure> {
        let monitors = vantage_points.iter().filter(|vantage| !vantage.prefixes.is_empty()).map(async |vantage| {
            let prefixes: Vec<_> = vantage.prefixes.iter().map(|(_, prefix)| *prefix).collect();
            Ok::<_, Failure>((vantage.place.clone(), Monitor::start(docker, &vantage.place, &prefixes).await?))
        });
        let monitors = try_join_all(monitors).await?.into_iter().collect();
        let mut recorder = Self { routers, tails: Vec::new(), monitors, kept: Vec::new() };
        let pairs =
            vantage_points.iter().flat_map(|one| one.daemons.iter().map(|daemon| (one.place.as_str(), *daemon)));
        for (place, daemon) in pairs {
            let before = logs::before(routers, place, daemon).await?;
            let (docker, container) = (docker.clone(), place.to_owned());
            recorder.kept.push(restores.keep(format!("log of {daemon} in {place} as before"), move || {
                let (docker, container, before) = (docker.clone(), container.clone(), before.clone());
                async move { logs::quiet(&docker, &container, daemon, &before).await }
            }));
            routers.execute(place, daemon, logs::louder(daemon)?.lines()).await.map_err(logs::not_executed)?;
            recorder.tails.push(Tail::new(place, daemon)?);
        }
        Ok(recorder)
    }

    /// Returns the containers and daemons whose logs are read.
    pub(crate) fn logs(&self) -> Vec<(String, Daemon)> {
        self.tails.iter().map(|tail| (tail.container().to_owned(), tail.daemon)).collect()
    }

    /// Begins a run: drops the events and the delays so far.
    ///
    /// # Errors
    /// As [`Recorder::take`].
    pub(crate) async fn begin(&mut self) -> Result<(), Failure> {
        self.take().await?;
        self.monitors.values().for_each(Monitor::begin);
        Ok(())
    }

    /// Takes the events since the last call, in the order of time.
    ///
    /// # Errors
    /// If something was lost.
    pub(crate) async fn take(&mut self) -> Result<Vec<Event>, Failure> {
        let routers = self.routers;
        let said = join_all(self.tails.iter_mut().map(|tail| tail.take(routers))).await;
        let mut events = said.concat();
        for (container, monitor) in &self.monitors {
            events.extend(monitor.take(container)?);
        }
        events.sort_by_key(|event| event.at);
        Ok(events)
    }

    /// Returns the worst delay of the stamps of this run's kernel messages.
    pub(crate) fn lateness(&self) -> Micros {
        self.monitors.values().map(Monitor::lateness).max().unwrap_or_default()
    }

    /// Restores the logs.
    ///
    /// # Errors
    /// The first log that could not be restored; it is tried again at the end of the run.
    pub(crate) async fn stop(self) -> Result<(), Failure> {
        let ends = join_all(self.kept.into_iter().map(Kept::now)).await;
        ends.into_iter().collect()
    }
}
