#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "client"), doc = "MetalLB's resources, manifests, plans and views, without a client.")]

#[cfg(feature = "client")]
mod cluster;
mod collision;
#[cfg(feature = "client")]
pub mod deploy;
mod error;
pub mod facts;
mod freshness;
pub mod frr;
mod installation;
mod installed;
#[cfg(feature = "client")]
mod maintain;
pub mod manifest;
mod node;
mod object;
pub mod plan;
mod read;
pub mod ready;
pub mod release;
#[cfg(feature = "client")]
mod remove;
pub mod spec;
mod trouble;
pub mod value;
#[cfg(feature = "client")]
mod watching;
pub mod webhook;
pub mod workload;

#[cfg(feature = "client")]
pub use cluster::{Cluster, ExecOutput, ExpectedNodes, SavedNode, Shell};
#[cfg(feature = "client")]
pub use deploy::{Bounds, Event, Observer, Repair, Report, StepReport, Stop};
pub use error::Error;
pub use freshness::{Freshness, PodStart};
pub use installation::{Installation, Source};
pub use installed::Installed;
pub use manifest::{Manifest, OPERATOR};
pub use node::{EXCLUDED, NodeView};
pub use object::{InNamespace, LAB_LABEL, NamespacedName, OWNER_LABEL, Object, ObjectRef};
pub use read::{PodView, PortView, ServiceView};
#[cfg(feature = "client")]
pub use remove::{Removal, RemovalReport, RemovalStep};

// Their types stand in public signatures.
pub use {ipnet, k8s_openapi, serde_json, serde_saphyr};

#[cfg(feature = "client")]
pub use kube;

/// The field manager under which this crate applies.
pub const FIELD_MANAGER: &str = "metallb-lab";
