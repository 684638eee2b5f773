//! What it means to be ready, and what a look at a cluster says about it.

mod condition;
#[cfg(feature = "client")]
mod look;
mod trouble;

pub use condition::Condition;
#[cfg(feature = "client")]
pub(crate) use look::{
    Waiting, addresses, endpoint_nodes, families, is_ready, silent_crashes_of, troubles, troubles_of,
};
pub use trouble::{PodTrouble, Trouble};
