//! Conditions looked at, and waited for through watches.

mod condition;
mod metallb;
mod operated;
mod pods;
mod rollout;
mod service;
mod wait;
mod world;

#[cfg(test)]
mod tests;

pub(crate) use pods::{silent_crashes_of, troubles, troubles_of};
pub(crate) use rollout::{has_ended, is_ready};
pub(crate) use service::{addresses, endpoint_nodes, families};
pub(crate) use wait::Waiting;
pub(crate) use world::World;
