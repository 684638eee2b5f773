//! Carrying out a plan: the only place with effects.

#[cfg(feature = "engine")]
mod order;
mod report;
#[cfg(feature = "engine")]
mod run;
#[cfg(feature = "engine")]
mod tar;

#[cfg(feature = "engine")]
pub use order::apply;
pub use report::{Applied, ApplyError, Failure, Observer, Outcome, Silent, StepError, StepEvent};
#[cfg(feature = "engine")]
pub(crate) use run::{ignore_not_found, remove_container};
