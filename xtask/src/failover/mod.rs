//! Failover, measured: break one thing, write down who noticed it when and how, put it back, and judge.
//!
//! Stamps are those of the daemons (their logs) and of the kernel (its own messages), all of one clock; a client asks all
//! the time. Nothing here is measured by looking again and again.

mod breakage;
mod event;
mod marks;
mod mend;
mod observer;
mod outcome;
mod pod;
mod predict;
mod repeat;
pub(crate) mod report;
mod run;
mod scenario;
mod settled;
mod stamp;
mod study;
mod summary;
mod target;
mod watch;
mod without_bfd;

pub(crate) use breakage::packets::CHAIN;
pub(crate) use mend::mend;
pub(crate) use scenario::Scenario;
pub(crate) use study::{Asked, measure};
