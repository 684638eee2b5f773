//! Explains why a MetalLB BGP lab is not as it should be.
//!
//! [`Evidence`] is what was seen, gathered by someone else: this crate does no I/O. Rules are pure functions from evidence
//! to findings. Each finding knows what it breaks ([`Break`]), and each failed [`Check`] what it needs: so a finding names
//! the checks that it explains, and one that follows from another further out is put under it.

mod advice;
mod check;
mod conclude;
pub mod evidence;
mod finding;
mod needs;
mod report;
mod rule;
mod rules;
mod subject;
mod text;

pub use advice::{Advice, COMMAND};
pub use check::{Check, Topic};
pub use conclude::Diagnosis;
pub use evidence::Evidence;
pub use finding::{Break, Finding, Layer};
pub use report::Report;
pub use subject::{Component, Subject};
