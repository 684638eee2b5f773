//! Conditions of readiness, and the problems of pods that do not become ready.

mod condition;
#[cfg(feature = "client")]
mod look;

pub use crate::trouble::{PodTrouble, Trouble};
pub use condition::Condition;
#[cfg(feature = "client")]
pub(crate) use look::{
    Waiting, addresses, endpoint_nodes, families, has_ended, is_ready, silent_crashes_of, troubles, troubles_of,
};
