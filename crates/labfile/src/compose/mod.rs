//! From a lab to what the libraries are told: networks and containers, FRR configuration, kind's configuration,
//! MetalLB's resources, and what has to be true in the end. All of it pure.
//!
//! Where nodes are asked for, they are the lab's own (standalone, [`known_nodes`]) or those that were read back from
//! Docker or Kubernetes. With none, routers get everything but their sessions with nodes: so they can start while the
//! cluster is still being made, and take the rest by a reload.

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
mod service;
mod sessions;

pub use error::ComposeError;
pub use expect::{
    Announced, BareBfd, BfdHops, Expected, NextHops, Ping, SessionState, Side, TableEntry, expected, expected_of,
};
pub use files::files;
pub use kind::kind_config;
pub use metallb::installation;
pub use network::{OnNodes, docker_lab, docker_lab_with};
pub use node::speaker;
pub use router::router;
pub use service::services;

use crate::{Lab, Node, Provider};

/// The nodes whose addresses the lab itself pins.
pub fn known_nodes(lab: &Lab) -> &[Node] {
    match lab.cluster.provider {
        Provider::Standalone { .. } => &lab.cluster.placement,
        Provider::Kind | Provider::Existing { .. } => &[],
    }
}

#[cfg(test)]
mod tests;
