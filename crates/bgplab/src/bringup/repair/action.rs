//! Repairs of a node, in words and in steps.

use labfile::Addresses;

/// Repair that a node needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// It is paused where it belongs.
    Unpause,
    /// It does not run.
    Start {
        /// `true` if it starts where it was made; else nothing records where that was.
        pinned: bool,
    },
    /// It does not run, and might start anywhere.
    StartAt(Addresses),
    /// It runs somewhere else than where it was made.
    Move {
        /// The addresses that it has now.
        from: Addresses,
        /// The addresses that it was made with.
        to: Addresses,
    },
    /// It runs, off the cluster's network.
    Connect(Addresses),
    /// It runs where it belongs by chance, and the control plane does not: a restart of the engine could have it take
    /// the control plane's address.
    Pin(Addresses),
    /// It runs where it belongs, and may have started while the control plane did not.
    Rejoin,
}

impl Action {
    /// The step's name.
    pub(super) const fn verb(&self) -> &'static str {
        match self {
            Self::Unpause => "unpause-node",
            Self::Start { .. } | Self::StartAt(_) => "start-node",
            Self::Move { .. } => "move-node",
            Self::Connect(_) => "connect-node",
            Self::Pin(_) => "pin-node",
            Self::Rejoin => "rejoin-node",
        }
    }

    /// Describes what is wrong, and what is done about it.
    pub(super) fn on(&self, network: &str) -> String {
        match self {
            Self::Unpause => "paused: let it go on".to_owned(),
            Self::Start { .. } => "does not run: start".to_owned(),
            Self::StartAt(at) => format!("does not run: start at {}, where it was made", list(at)),
            Self::Move { from, to } => {
                format!("at {}, and was made at {}: stop, pin there, start", list(from), list(to))
            }
            Self::Connect(at) => format!("off network {network}: connect at {}", list(at)),
            Self::Pin(at) => format!("at {} by chance: stop, pin there, start", list(at)),
            Self::Rejoin => "may have looked for the control plane in vain: restart the kubelet".to_owned(),
        }
    }

    /// `true` if the node has to stop for it.
    pub(super) const fn stops(&self) -> bool {
        matches!(self, Self::Move { .. } | Self::Pin(_))
    }

    /// The addresses that the node gets.
    pub(super) const fn target(&self) -> Option<&Addresses> {
        match self {
            Self::StartAt(to) | Self::Move { to, .. } | Self::Connect(to) | Self::Pin(to) => Some(to),
            Self::Unpause | Self::Start { .. } | Self::Rejoin => None,
        }
    }
}

fn list(addresses: &Addresses) -> String {
    addresses.iter().map(|address| address.to_string()).collect::<Vec<_>>().join(" ")
}
