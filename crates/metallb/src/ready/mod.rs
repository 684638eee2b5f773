//! What it means to be ready, and what a look at a cluster says about it.

mod condition;
mod metallb;
mod pods;
mod rollout;
mod service;
mod wait;
mod world;

#[cfg(test)]
mod tests;

pub use condition::Condition;
pub use pods::{PodTrouble, Trouble};
pub(crate) use pods::{silent_crashes_of, troubles, troubles_of};
pub(crate) use rollout::is_ready;
pub(crate) use service::{addresses, endpoint_nodes, families};
pub(crate) use wait::Waiting;
pub use world::World;
