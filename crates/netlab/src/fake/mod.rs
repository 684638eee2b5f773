//! An engine in memory, for tests: it answers as Docker does, and can be made to break off after any effect.
//!
//! It keeps the state that matters to a lab: networks and their addresses, containers, their files and routes, and the
//! content of the files that a container has loaded. Commands are understood as far as this crate sends them.

mod docker;
mod shell;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::{ApiVersion, ContainerState, EngineError, NetworkState, Unreachable};
use crate::model::RouteEntry;

/// An engine in memory.
#[derive(Debug, Default)]
pub struct Fake(Mutex<World>);

/// The state of a [`Fake`]; tests read and change it.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// The API that it speaks. Before 1.44, two networks may have one name.
    pub api: ApiVersion,
    /// The networks.
    pub networks: Vec<NetworkState>,
    /// The containers.
    pub containers: Vec<FakeContainer>,
    /// `true` if containers can be looked into from outside.
    pub has_procfs: bool,
    /// The number of effects until it stops answering; `None` means never.
    pub effects_left: Option<usize>,
    /// The number of effects so far.
    pub effects: usize,
    ids: usize,
}

/// A container, with its inside.
#[derive(Debug, Clone, PartialEq)]
pub struct FakeContainer {
    /// The state, as listed.
    pub state: ContainerState,
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The files that it has loaded: as they were at its last start or reload.
    pub runs_by: BTreeMap<String, Vec<u8>>,
    /// The routes, while it runs.
    pub routes: BTreeSet<RouteEntry>,
    /// The behaviour of commands in it.
    pub commands: Commands,
}

/// The behaviour of commands in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Commands {
    /// They run.
    #[default]
    Run,
    /// The runtime cannot start any.
    Fail,
    /// They never end.
    Hang,
}

impl Default for World {
    fn default() -> Self {
        Self {
            api: ApiVersion { major: 1, minor: 45 },
            networks: Vec::new(),
            containers: Vec::new(),
            has_procfs: false,
            effects_left: None,
            effects: 0,
            ids: 0,
        }
    }
}

impl Fake {
    /// Creates an engine with a state.
    pub fn new(world: World) -> Self {
        Self(Mutex::new(world))
    }

    /// Locks its state, to read or change it.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    /// Counts an effect.
    ///
    /// # Errors
    /// [`EngineError::NoEngine`] once none is left.
    fn effect(&mut self) -> Result<(), EngineError> {
        match &mut self.effects_left {
            Some(0) => return Err(no_engine()),
            Some(left) => *left -= 1,
            None => {}
        }
        self.effects += 1;
        Ok(())
    }

    fn id(&mut self) -> String {
        self.ids += 1;
        format!("{:064x}", self.ids)
    }
}

fn no_engine() -> EngineError {
    EngineError::NoEngine { host: "fake".to_owned(), cause: Unreachable::Lost("it broke off".to_owned()) }
}

fn refused(status: u16, message: impl Into<String>) -> EngineError {
    let (action, message) = ("asking the fake engine".to_owned(), message.into());
    match status {
        404 => EngineError::NotFound { action, message },
        409 => EngineError::Conflict { action, message },
        status => EngineError::Refused { action, status, message },
    }
}
