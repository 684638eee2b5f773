//! From an installation as a value to one that runs.

mod apply;
mod bounds;
mod gate;
mod in_the_way;
mod mark;
mod memberlist;
mod observe;
mod observer;
mod operands;
mod repair;
mod replace;
mod run;
mod stale;
mod terminating;
mod validation;

pub use bounds::Bounds;
pub use observer::{Event, Observer, Report, StepReport, Stop};
pub use repair::Repair;
pub use replace::Started;

pub use crate::installation::{Installation, Source};

pub(crate) use apply::{Patience, apply_with_retries};
pub(crate) use observer::{begin, step};
