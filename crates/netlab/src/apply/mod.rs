//! Carrying out a plan: the only place with effects.

mod observer;
#[cfg(feature = "engine")]
mod order;
mod report;
#[cfg(feature = "engine")]
mod run;
#[cfg(feature = "engine")]
mod tar;

pub use observer::{Event, Observer};
#[cfg(feature = "engine")]
pub use order::apply;
pub use report::{Applied, ApplyError, Failure, Outcome, StepError};
#[cfg(feature = "engine")]
pub(crate) use run::{ignore_not_found, remove_container};
