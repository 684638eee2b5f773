//! The acts on a lab: each takes the [`Context`](crate::Context) of a run, and returns a typed result.

mod diagnose;

pub(crate) use diagnose::look;
pub use diagnose::{diagnose, explained};
