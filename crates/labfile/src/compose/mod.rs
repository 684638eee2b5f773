//! From a lab to the input of the other crates: networks and containers, FRR configuration, kind's configuration,
//! MetalLB's resources; and to the state that has to result. All of it is pure.
//!
//! Functions that take nodes get the lab's own (standalone, [`known_nodes`]) or those that were read back from
//! Docker or Kubernetes. With none, routers get everything but their sessions with nodes: they can start while the
//! cluster is being made, and get the rest by a reload.

pub mod bfd_only;
mod containers;
mod error;
mod expect;
mod files;
mod kind;
mod metallb;
mod network;
mod node;
mod router;
mod selectors;
mod service;
mod sessions;
mod workload;

pub use crate::simulate::{Fate, Step};
pub use error::ComposeError;
pub use expect::{
    Announced, BareBfd, BfdHops, Choice, Expected, LeftOutBy, NextHops, Own, Path, Ping, SessionState, Side,
    TableEntry, announced_by, choices, expected, expected_of, unobserved,
};
pub use files::files;
pub use kind::kind_config;
pub use metallb::installation;
pub use network::{OnNodes, docker_lab, docker_lab_with, node_routes, without_docker};
pub use node::speaker;
pub use router::router;
pub use service::{Advertised, Observed, ServiceAddress, service_addresses};

use crate::{Lab, Node, Provider};

/// Returns the nodes whose addresses the lab itself pins.
pub fn known_nodes(lab: &Lab) -> &[Node] {
    match lab.cluster.provider {
        Provider::Standalone { .. } => &lab.cluster.placement,
        Provider::Kind | Provider::Existing { .. } => &[],
    }
}

#[cfg(test)]
mod tests;
