//! The control plane of a lab, computed: speakers pass routes to each other until nothing changes.
//!
//! A speaker does with a route what FRR does with the configuration that [`crate::compose`] renders (FRR's
//! `bgpd/bgp_route.c`, `bgp_updgrp_packet.c`), by RFC 4271 section 9.1, RFC 4456 and RFC 1997. Every route here starts at
//! a `network` statement, so that all have the same origin and no metric, and neither takes part in a decision.
//!
//! Nothing is guessed. Where no configuration decides between two routes, because a node chooses its own router
//! identifier, or because FRR prefers the path that it learned first, both remain possible, and so does everything that
//! follows from either.

mod decide;
mod explain;
mod fabric;
mod pass;
mod route;
mod run;

pub(crate) use decide::Decision;
pub(crate) use explain::{Considered, explain};
pub use explain::{Fate, Step};
pub(crate) use fabric::{Channel, Fabric, Speaker};
pub(crate) use route::Origin;
pub(crate) use run::run;

#[cfg(test)]
mod tests;
