//! Docker networks, containers, addresses and static routes: model → observe → plan → apply → verify.
//!
//! A [`LabSpec`] says what should be; checked, it is a [`Lab`]. [`observe`](observe()) reads what is, [`plan`](plan())
//! compares the two without touching anything, and [`apply`](apply()) is the only place with effects. The second plan
//! is empty. There is no state file: what belongs to a lab is found by its labels, and what lacks them is never changed.
//!
//! ```no_run
//! # async fn up(spec: netlab::LabSpec) -> Result<(), Box<dyn std::error::Error>> {
//! use netlab::{Docker, Lab, apply, observe, plan};
//!
//! let lab = Lab::try_from(spec)?;
//! let docker = Docker::connect().await?;
//! let plan = plan(&lab, &observe(&docker, &lab, &[]).await?)?;
//! apply(&docker, &plan, &netlab::Silent).await?;
//! # Ok(())
//! # }
//! ```

mod apply;
mod docker;
mod engine;
#[cfg(feature = "fake")]
pub mod fake;
mod fingerprint;
mod model;
mod observe;
mod plan;
pub mod preflight;
mod teardown;

pub use apply::{Applied, ApplyError, Failure, Observer, Outcome, Silent, StepError, StepEvent, apply};
pub use docker::{BuildContext, Docker, Ending, ImageError, ImageState, InteractiveExec, PullCause, PullProgress};
pub use engine::{
    Answer, ApiVersion, ContainerState, EndpointState, Engine, EngineError, EngineVersion, ExecOutput, Labels,
    NetworkState, Peek, RunState, Unreachable,
};
pub use fingerprint::Fingerprint;
pub use model::{
    Capability, ContainerSpec, Defect, Endpoint, FileSpec, GuestSpec, InvalidLab, InvalidName, Lab, LabSpec, Mtu, Name,
    NetworkSpec, OnChange, Route, RoutesBy,
};
pub use observe::{Facts, Observed, Probe, RouteEntry, Source, observe};
pub use plan::{Object, Owner, Plan, Reason, Refusal, Refused, Step, Task, plan};
pub use teardown::{TeardownFailure, TeardownReport, teardown};
