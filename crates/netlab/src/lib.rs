//! Docker networks, containers, addresses and static routes: model → observe → plan → apply → verify.
//!
//! A [`LabSpec`] says what should be; checked, it is a [`Lab`]. [`observe`](observe()) reads what is, [`plan`](plan())
//! compares the two without touching anything, and [`apply`](apply()) is the only place with effects. The second plan
//! is empty. There is no state file: what belongs to a lab is found by its labels, and what lacks them is never changed.
//!
//! ```no_run
//! # async fn up(engine: &dyn netlab::Engine, spec: netlab::LabSpec) -> Result<(), Box<dyn std::error::Error>> {
//! use netlab::{Lab, apply, observe, plan};
//!
//! let lab = Lab::try_from(spec)?;
//! let plan = plan(&lab, &observe(engine, &lab, &[]).await?)?;
//! apply(engine, &plan, &netlab::Silent).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - Without any, the crate is its pure half: the model, everything that can be observed, planned and reported as types,
//!   [`plan`](plan()), [`preflight`], [`iproute`], [`Fingerprint`]. It depends on no engine and no runtime.
//! - `engine`: the trait [`Engine`], and what works on any engine: [`observe`](observe()), [`apply`](apply()),
//!   [`teardown`](teardown()).
//! - `docker` (default): [`Docker`], the engine through its API. Implies `engine`.
//! - `fake`: an engine in memory that answers as Docker does, for tests. Implies `engine`; do not ship it.

mod apply;
#[cfg(feature = "docker")]
mod docker;
mod engine;
#[cfg(feature = "fake")]
pub mod fake;
mod fingerprint;
pub mod iproute;
mod model;
mod observe;
mod plan;
pub mod preflight;
mod teardown;

#[cfg(feature = "engine")]
pub use apply::apply;
pub use apply::{Applied, ApplyError, Failure, Observer, Outcome, Silent, StepError, StepEvent};
#[cfg(feature = "docker")]
pub use docker::{Docker, InteractiveExec};
#[cfg(feature = "engine")]
pub use engine::{Answer, Engine};
pub use engine::{
    ApiVersion, BuildContext, ContainerState, Ending, EndpointState, EngineError, EngineVersion, ExecOutput,
    ImageError, ImageState, Labels, NetworkState, Peek, PullCause, PullProgress, RunState, Unreachable,
};
pub use fingerprint::Fingerprint;
pub use model::{
    Capability, ContainerSpec, Defect, Endpoint, FileSpec, GuestSpec, InvalidLab, InvalidName, Lab, LabSpec, Mtu, Name,
    NetworkSpec, OnChange, Route, RoutesBy,
};
#[cfg(feature = "engine")]
pub use observe::observe;
pub use observe::{Facts, Observed, Probe, RouteEntry, Source};
pub use plan::{Object, Owner, Plan, Reason, Refusal, Refused, Step, Task, plan};
#[cfg(feature = "engine")]
pub use teardown::teardown;
pub use teardown::{TeardownFailure, TeardownReport};
