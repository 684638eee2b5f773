//! An engine in memory, for tests: it answers as Docker does, and can be made to break off after any of its effects.
//!
//! It keeps what matters to a lab: networks and their addresses, containers and what runs in them, files, routes, and
//! by which content of a file a container runs. Commands are understood as far as this crate sends them.

mod docker;
mod shell;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::{ApiVersion, ContainerState, EngineError, NetworkState, Unreachable};
use crate::observe::RouteEntry;

/// An engine in memory.
#[derive(Debug, Default)]
pub struct Fake(Mutex<World>);

/// All that a [`Fake`] holds; tests look at it and change it as they like.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// The API that it speaks. Before 1.44, two networks may have one name.
    pub api: ApiVersion,
    /// Its networks.
    pub networks: Vec<NetworkState>,
    /// Its containers.
    pub containers: Vec<FakeContainer>,
    /// Whether it can be looked into containers from outside.
    pub peeks: bool,
    /// How many effects it still does before it is gone; `None` means for ever.
    pub effects_left: Option<usize>,
    /// How many effects it has done.
    pub effects: usize,
    ids: usize,
}

/// A container, and what is inside.
#[derive(Debug, Clone, PartialEq)]
pub struct FakeContainer {
    /// What a list of containers shows.
    pub state: ContainerState,
    /// Its files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The files as they were when it last started or reloaded.
    pub runs_by: BTreeMap<String, Vec<u8>>,
    /// Its routes, while it runs.
    pub routes: BTreeSet<RouteEntry>,
    /// What becomes of commands in it.
    pub commands: Commands,
}

/// What becomes of commands in a container.
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
            peeks: false,
            effects_left: None,
            effects: 0,
            ids: 0,
        }
    }
}

impl Fake {
    /// An engine that holds a world.
    pub fn new(world: World) -> Self {
        Self(Mutex::new(world))
    }

    /// Its world, for a look or a change.
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
            Some(0) => return Err(gone()),
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

fn gone() -> EngineError {
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
