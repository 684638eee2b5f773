//! Failover, measured: break one thing, record who noticed it, when and how, restore it, and judge.
//!
//! Stamps are those of the daemons (their logs) and of the kernel (its own messages), all of one clock; a client asks
//! all the time. Nothing here is measured by polling.

mod breakage;
pub mod event;
mod leftovers;
mod marks;
pub mod outcome;
mod pod;
pub mod predict;
mod redeploy;
mod repeat;
mod run;
pub mod scenario;
mod settled;
pub mod stamp;
pub mod study;
pub mod summary;
pub mod target;
mod vantage;
mod watch;
mod without_bfd;

pub use breakage::packets::CHAIN;
pub use leftovers::restore_leftovers;
pub use scenario::Scenario;
pub use study::{Asked, measure};
