//! From an installation as a value to one that runs.

mod apply;
mod bounds;
mod installation;
mod mark;
mod observe;
mod repair;
mod run;
mod validation;

pub use bounds::Bounds;
pub use installation::{Installation, Source};
pub use repair::Repair;
pub use run::{Observer, Report, StepReport};

pub(crate) use apply::apply_with_retries;
