//! MetalLB and its operator on a Kubernetes cluster that is reached through a kubeconfig: typed resources, a plan,
//! server-side apply, and waits that watch.
//!
//! ```no_run
//! # async fn install() -> Result<(), Box<dyn std::error::Error>> {
//! use metallb::spec::Backend;
//! use metallb::{Bounds, Cluster, Installation, Manifest, Source};
//!
//! let cluster = Cluster::connect("kubeconfig".as_ref(), None).await?;
//! let manifest = Manifest::parse(&std::fs::read_to_string("metallb-frr.yaml")?)?;
//! let installation = Installation::new("doc".parse()?, Backend::Frr, Source::Manifest(manifest));
//! cluster.deploy(&installation, Bounds::default(), &()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! An [`Installation`] is all that should be; [`Cluster::plan`] says what is to be done, as a value that prints as a diff;
//! [`Cluster::deploy`] does it and returns when MetalLB runs; [`Cluster::remove`] goes the other way round. Nothing is
//! kept outside of the cluster: what is ours carries [`OWNER_LABEL`] and [`LAB_LABEL`], and what does not is left alone.

mod cluster;
pub mod deploy;
mod error;
pub mod facts;
mod freshness;
pub mod frr;
mod installed;
pub mod manifest;
mod object;
pub mod plan;
mod read;
pub mod ready;
mod remove;
pub mod spec;
pub mod value;
mod watching;
pub mod webhook;
pub mod workload;

pub use cluster::{Cluster, ExecOutput, ExpectedNodes, NodeView, SavedNode, Shell};
pub use deploy::{Bounds, Installation, Observer, Repair, Report, Source, StepReport};
pub use error::Error;
pub use freshness::{Freshness, PodStart};
pub use installed::Installed;
pub use manifest::{Manifest, OPERATOR};
pub use object::{LAB_LABEL, OWNER_LABEL, ObjectRef};
pub use read::{PodView, ServiceView, SessionView};
pub use remove::{Removal, RemovalReport, RemovalStep};

/// The field manager under which this crate applies.
pub const FIELD_MANAGER: &str = "metallb-lab";
