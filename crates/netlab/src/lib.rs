#![cfg_attr(feature = "docker", doc = include_str!("../README.md"))]
//!
//! # Overview
//!
//! A [`LabSpec`] states what should be; checked, it is a [`Lab`]. `observe` reads what is, [`plan`](plan()) compares
//! the two without touching anything, and `apply` is the only place with effects. `teardown` removes what carries the
//! lab's label. Containers that others made, such as a cluster's nodes, can be guests of a lab: they get routes,
//! nothing else. [`preflight`] finds what stands in a lab's way outside of Docker.
//!
//! Every function that works on an engine takes the trait `Engine`; `Docker` implements it, and offers further
//! requests: images, logs, events, interactive commands.

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
pub mod rtnetlink;
mod teardown;

#[cfg(feature = "engine")]
pub use apply::apply;
pub use apply::{Applied, ApplyError, Event, Failure, Observer, Outcome, StepError};
#[cfg(feature = "docker")]
pub use bytes::Bytes;
#[cfg(feature = "docker")]
pub use docker::{Attachment, Docker, InteractiveExec};
#[cfg(feature = "engine")]
pub use engine::{Answer, Engine};
pub use engine::{
    ApiVersion, ContainerState, CpuLimit, Ending, EndpointState, EngineError, EngineVersion, ExecOutput, ImageError,
    ImageState, Labels, Limits, NetworkState, ProcfsView, PullCause, PullProgress, RunState, Unreachable,
};
pub use fingerprint::Fingerprint;
#[cfg(feature = "engine")]
pub use futures::{Stream, future::BoxFuture};
pub use ipnet;
pub use model::{
    Capability, ContainerSpec, Defect, Endpoint, FileSpec, GuestSpec, InvalidLab, InvalidName, Lab, LabSpec, Mtu, Name,
    NetworkSpec, OnChange, Route, RouteEntry, RoutesBy,
};
#[cfg(feature = "engine")]
pub use observe::observe;
pub use observe::{Facts, Observed, Source};
pub use plan::{Object, Owner, Plan, Reason, Refusal, Refused, Step, Task, plan};
#[cfg(feature = "engine")]
pub use teardown::teardown;
pub use teardown::{TeardownFailure, TeardownReport};
#[cfg(feature = "docker")]
pub use tokio::io::{AsyncRead, AsyncWrite};
