//! Errors of the composition.

use frrconf::values::{InvalidWord, MixedFamilies, OutOfRange, TimersError};

/// A value that a checked lab has and a library refuses. The lab's own checks should have found it: a defect.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// A text that FRR does not take.
    #[error(transparent)]
    Word(#[from] InvalidWord),
    /// A number that FRR does not take.
    #[error(transparent)]
    Number(#[from] OutOfRange),
    /// Timers that FRR does not take.
    #[error(transparent)]
    Timers(#[from] TimersError),
    /// A route between two families.
    #[error(transparent)]
    Families(#[from] MixedFamilies),
    /// A speaker that FRR cannot have.
    #[error(transparent)]
    Speaker(#[from] frrconf::speaker::SpeakerError),
    /// A whole FRR instance that contradicts itself.
    #[error(transparent)]
    Instance(#[from] frrconf::Invalid),
    /// A template that cannot be rendered.
    #[error(transparent)]
    Render(#[from] frrconf::RenderError),
    /// A name that Docker does not take.
    #[error(transparent)]
    Name(#[from] netlab::InvalidName),
    /// Networks and containers that contradict each other.
    #[error(transparent)]
    Docker(#[from] netlab::InvalidLab),
    /// A name that Kubernetes does not take.
    #[error(transparent)]
    ResourceName(#[from] metallb::value::InvalidName),
    /// A password that MetalLB does not take.
    #[error(transparent)]
    ResourcePassword(#[from] metallb::value::InvalidPassword),
    /// A number that MetalLB does not take.
    #[error(transparent)]
    ResourceNumber(#[from] metallb::value::OutOfRange),
    /// Timers that MetalLB does not take.
    #[error(transparent)]
    ResourceTimers(#[from] metallb::value::TimersError),
    /// A community that MetalLB does not take.
    #[error(transparent)]
    ResourceCommunity(#[from] metallb::value::InvalidCommunity),
    /// Resources that contradict each other.
    #[error(transparent)]
    Resources(#[from] metallb::Error),
    /// A configuration that cannot be written as YAML.
    #[error("cannot write YAML: {0}")]
    Yaml(#[from] serde_saphyr::ser_error::Error),
}
