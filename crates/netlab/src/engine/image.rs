//! What there is to know of images, and what goes wrong with them.

use std::collections::HashMap;

use super::EngineError;

/// Whether an image is there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageState {
    /// The reference that was asked for.
    pub reference: String,
    /// The image's id, where it is there.
    pub id: Option<String>,
}

/// How far a pull is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullProgress {
    /// The layer, where it is about one.
    pub layer: Option<String>,
    /// What is going on, in Docker's words.
    pub status: String,
    /// Bytes done and in all, where known.
    pub bytes: Option<(u64, u64)>,
}

/// What an image is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildContext {
    /// The tag that it gets.
    pub tag: String,
    /// The context, as a tar archive with a `Dockerfile` at its root.
    pub tar: Vec<u8>,
    /// Build arguments.
    pub args: HashMap<String, String>,
}

/// What went wrong with an image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// A pull failed.
    #[error("image {image} is not there and cannot be pulled: {cause}: {message}")]
    Pull {
        /// The image.
        image: String,
        /// The kind of failure.
        cause: PullCause,
        /// Docker's words.
        message: String,
    },
    /// A build or import failed.
    #[error("image {image} cannot be made: {message}")]
    Make {
        /// The image.
        image: String,
        /// Docker's words.
        message: String,
    },
    /// Writing a saved image failed.
    #[error("cannot write the archive of the images: {0}; is there room, and may it be written there?")]
    Write(String),
    /// The engine said no, or nothing.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Why a pull fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PullCause {
    /// The registry does not have it.
    #[error("the registry does not have it")]
    Missing,
    /// The registry wants credentials.
    #[error("the registry refuses anonymous access, or has no such repository")]
    Denied,
    /// No registry is reached.
    #[error("the registry cannot be reached")]
    Unreachable,
    /// Something else.
    #[error("the pull failed")]
    Other,
}
