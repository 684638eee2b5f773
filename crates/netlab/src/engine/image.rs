//! Images: state, progress, errors.

use super::EngineError;

/// The state of an image on the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageState {
    /// The reference as requested.
    pub reference: String,
    /// The image's id; `None` where the engine does not have it.
    pub id: Option<String>,
}

/// The progress of a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullProgress {
    /// The layer, where the progress is about one.
    pub layer: Option<String>,
    /// The status, in Docker's words.
    pub status: String,
    /// Bytes done and in total, where known.
    pub bytes: Option<(u64, u64)>,
}

/// A request about an image that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// A pull failed.
    #[error("image {image} is not there and cannot be pulled: {cause}: {message}")]
    Pull {
        /// The image.
        image: String,
        /// The kind of failure.
        cause: PullCause,
        /// Docker's message.
        message: String,
    },
    /// An import or load failed.
    #[error("image {image} cannot be made: {message}")]
    Make {
        /// The image.
        image: String,
        /// Docker's message.
        message: String,
    },
    /// Writing a saved image failed.
    #[error("cannot write the archive of the images: {0}; is there room, and may it be written there?")]
    Write(String),
    /// The engine refused, or does not answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// The reason why a pull failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PullCause {
    /// The registry does not have it.
    #[error("the registry does not have it")]
    Missing,
    /// The registry wants credentials.
    #[error("the registry refuses anonymous access, or has no such repository")]
    Denied,
    /// The registry is not reached.
    #[error("the registry cannot be reached")]
    Unreachable,
    /// Something else.
    #[error("the pull failed")]
    Other,
}
