//! Container engines: the requests to one, its answers, its errors.

mod error;
mod image;
#[cfg(feature = "engine")]
mod interface;
mod limits;
mod state;

pub use error::{EngineError, Unreachable};
pub use image::{ImageError, ImageState, PullCause, PullProgress};
#[cfg(feature = "engine")]
pub use interface::{Answer, Engine};
pub use limits::{CpuLimit, Limits};
pub use state::{
    ApiVersion, ContainerState, Ending, EndpointState, EngineVersion, ExecOutput, Labels, NetworkState, ProcfsView,
    RunState,
};
#[cfg(feature = "docker")]
pub(crate) use state::{LAB, NAME, SPEC};
