//! What keeps a pod from coming up.

use std::fmt;

/// What keeps a container from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The image is not on the node, and the pull policy forbids to fetch it.
    NeverPulled {
        /// The image.
        image: String,
    },
    /// The image could not be pulled; `given_up` once the kubelet only tries now and then.
    NotPulled {
        /// The image.
        image: String,
        /// The kubelet's words.
        message: String,
        /// Whether the kubelet has backed off.
        given_up: bool,
    },
    /// A ConfigMap or Secret that it needs is not there (yet).
    Unconfigured {
        /// The kubelet's words.
        message: String,
    },
    /// It ends again and again.
    Crashing {
        /// The last line that it logged, where it is known.
        last_words: Option<String>,
        /// How often it was started again.
        restarts: i32,
    },
    /// No node takes the pod.
    Unschedulable {
        /// The scheduler's words.
        message: String,
    },
}

/// A pod that does not come up, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PodTrouble {
    /// The pod.
    pub pod: String,
    /// Its container; empty where it is the pod's own trouble.
    pub container: String,
    /// Why.
    pub trouble: Trouble,
}

impl PodTrouble {
    /// Whether it is the pull policy that forbids to fetch the image.
    pub const fn is_pull_policy(&self) -> bool {
        matches!(self.trouble, Trouble::NeverPulled { .. })
    }

    /// Whether it is an image that is missing.
    pub const fn is_image(&self) -> bool {
        matches!(self.trouble, Trouble::NeverPulled { .. } | Trouble::NotPulled { .. })
    }

    /// Whether waiting on will not help.
    pub fn is_final(&self) -> bool {
        match &self.trouble {
            Trouble::NeverPulled { .. } => true,
            Trouble::NotPulled { given_up, .. } => *given_up,
            Trouble::Crashing { last_words, .. } => last_words.as_deref().is_some_and(is_unknown_flag),
            Trouble::Unconfigured { .. } | Trouble::Unschedulable { .. } => false,
        }
    }
}

/// Whether a program ended because it does not know one of its flags (Go's flag and pflag packages).
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
            Trouble::Crashing { last_words: Some(line), .. } if is_unknown_flag(line) => write!(
                f,
                " does not know a flag that it was started with ({line}): the operator's version and MetalLB's do not fit"
            ),
            Trouble::Crashing { last_words: Some(line), restarts } => {
                write!(f, " crashes (started again {restarts} times); its last words: {line}")
            }
            Trouble::Crashing { last_words: None, restarts } => write!(f, " crashes (started again {restarts} times)"),
            Trouble::Unschedulable { message } => write!(f, " finds no node: {message}"),
        }
    }
}
