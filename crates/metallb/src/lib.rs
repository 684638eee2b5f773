//! MetalLB and its operator on a Kubernetes cluster that is reached through a kubeconfig: typed resources, a plan,
//! server-side apply, and waits that watch.
//!
//! ```no_run
//! # #[cfg(feature = "client")]
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
//! The feature `client`, on by default, is all that talks to the Kubernetes API. Without it the crate has no client and no
//! runtime: the resources, manifests, plans and views alone.
//!
//! An [`Installation`] is all that should be; [`Cluster::plan`] says what is to be done, as a value that prints as a diff;
//! [`Cluster::deploy`] does it and returns when MetalLB runs; [`Cluster::remove`] goes the other way round. Nothing is
//! kept outside of the cluster: what is ours carries [`OWNER_LABEL`] and [`LAB_LABEL`], and what does not is left alone.

#[cfg(feature = "client")]
mod cluster;
#[cfg(feature = "client")]
pub mod deploy;
mod error;
pub mod facts;
mod freshness;
pub mod frr;
mod installation;
mod installed;
pub mod manifest;
mod node;
mod object;
pub mod plan;
mod read;
pub mod ready;
#[cfg(feature = "client")]
mod remove;
pub mod spec;
pub mod value;
#[cfg(feature = "client")]
mod watching;
pub mod webhook;
pub mod workload;

#[cfg(feature = "client")]
pub use cluster::{Cluster, ExecOutput, ExpectedNodes, SavedNode, Shell};
#[cfg(feature = "client")]
pub use deploy::{Bounds, Observer, Repair, Report, StepReport};
pub use error::Error;
pub use freshness::{Freshness, PodStart};
pub use installation::{Installation, Source};
pub use installed::Installed;
pub use manifest::{Manifest, OPERATOR};
pub use node::NodeView;
pub use object::{LAB_LABEL, OWNER_LABEL, Object, ObjectRef};
pub use read::{PodView, ServiceView};
#[cfg(feature = "client")]
pub use remove::{Removal, RemovalReport, RemovalStep};

/// The field manager under which this crate applies.
pub const FIELD_MANAGER: &str = "metallb-lab";
