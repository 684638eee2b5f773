//! Problems that keep pods from coming up.

use std::fmt;

/// A problem that keeps a container from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The image is not on the node, and the pull policy forbids pulling it.
    NeverPulled {
        /// The image.
        image: String,
    },
    /// The image could not be pulled.
    NotPulled {
        /// The image.
        image: String,
        /// The kubelet's message.
        message: String,
        /// `true` once the kubelet has backed off.
        given_up: bool,
    },
    /// A ConfigMap or Secret that it needs does not exist (yet).
    Unconfigured {
        /// The kubelet's message.
        message: String,
    },
    /// It crashes again and again.
    Crashing {
        /// The last line that it logged, if known.
        last_log_line: Option<String>,
        /// The number of restarts.
        restarts: i32,
    },
    /// No node takes the pod.
    Unschedulable {
        /// The scheduler's message.
        message: String,
    },
}

/// A pod that does not come up, and the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PodTrouble {
    /// The pod.
    pub pod: String,
    /// The container; empty for a problem of the pod itself.
    pub container: String,
    /// The reason.
    pub trouble: Trouble,
}

impl PodTrouble {
    /// `true` if the pull policy forbids pulling the image.
    pub const fn is_pull_policy(&self) -> bool {
        matches!(self.trouble, Trouble::NeverPulled { .. })
    }

    /// `true` if an image is missing.
    pub const fn is_image(&self) -> bool {
        matches!(self.trouble, Trouble::NeverPulled { .. } | Trouble::NotPulled { .. })
    }

    /// `true` if waiting longer will not help.
    pub fn is_final(&self) -> bool {
        match &self.trouble {
            Trouble::NeverPulled { .. } => true,
            Trouble::NotPulled { given_up, .. } => *given_up,
            Trouble::Crashing { last_log_line, .. } => last_log_line.as_deref().is_some_and(is_unknown_flag),
            Trouble::Unconfigured { .. } | Trouble::Unschedulable { .. } => false,
        }
    }
}

/// `true` if a program ended because of an unknown flag (Go's flag and pflag packages).
fn is_unknown_flag(line: &str) -> bool {
    line.contains("flag provided but not defined")
        || line.contains("unknown flag")
        || line.contains("unknown shorthand")
}

impl fmt::Display for PodTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pod {}", self.pod)?;
        if !self.container.is_empty() {
            write!(f, ", container {}", self.container)?;
        }
        match &self.trouble {
            Trouble::NeverPulled { image } => {
                write!(
                    f,
                    ": image {image} is not on the node, and the pull policy is Never: load it, or change the policy"
                )
            }
            Trouble::NotPulled { image, message, .. } => write!(f, ": image {image} cannot be pulled: {message}"),
            Trouble::Unconfigured { message } => write!(f, ": waits for its configuration: {message}"),
            Trouble::Crashing { last_log_line: Some(line), .. } if is_unknown_flag(line) => write!(
                f,
                " does not know a flag that it was started with ({line}): the versions of the operator and MetalLB do not match"
            ),
            Trouble::Crashing { last_log_line: Some(line), restarts } => {
                write!(f, " crashes (restarted {restarts} times); its last log line: {line}")
            }
            Trouble::Crashing { last_log_line: None, restarts } => write!(f, " crashes (restarted {restarts} times)"),
            Trouble::Unschedulable { message } => write!(f, " finds no node: {message}"),
        }
    }
}
