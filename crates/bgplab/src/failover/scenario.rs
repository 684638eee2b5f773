//! The scenarios: failures that can be caused on purpose, their targets, and how the others notice them.

use std::fmt;

use serde::{Deserialize, Serialize};

use labfile::ProviderName;

/// Defines the scenarios, each with its word and what it is.
macro_rules! scenarios {
    ($($name:ident $word:literal $about:literal)*) => {
        /// A failure that is caused on purpose.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Scenario {
            $(#[doc = $about] #[serde(rename = $word)] $name,)*
        }

        impl Scenario {
            /// Every scenario.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$name),*];

            /// Returns the word by which it is typed.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Returns the failure in a sentence.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }
        }
    };
}

scenarios! {
    Pause "pause" "All processes of a node or router stand still, and nothing passes: a machine that hangs"
    Drop "drop" "BFD's and BGP's packets are dropped in a node or router; others pass"
    Link "link" "A node or router is taken off its network"
    Speaker "speaker" "The program that speaks for a node is killed: its pod, or FRR's daemons on a standalone node"
    Bgp "bgp" "The sessions with a node or router are shut down by the administrator, on the router"
    Daemon "daemon" "A daemon of a router is killed"
    NodeDelete "node-delete" "A node is deleted from the Kubernetes API, as the documentation does it"
    Router "router" "A router is killed as a whole"
}

/// The kind of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A node of the cluster, or the container in its place.
    Node,
    /// A router.
    Router,
}

/// The way in which the others notice a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// They hear nothing any more.
    Silence,
    /// They hear nothing of BFD any more; sessions without it go on.
    BfdSilence,
    /// The connection ends: closed by the kernel of the process that died, or after a notification.
    Closed,
    /// They need not notice it, or there is no bound on when they do.
    Open,
}

impl Scenario {
    /// Returns the kind of target that is broken if none is named.
    pub const fn usual(self) -> Kind {
        match self {
            Self::Daemon | Self::Router => Kind::Router,
            Self::Pause | Self::Drop | Self::Link | Self::Speaker | Self::Bgp | Self::NodeDelete => Kind::Node,
        }
    }

    /// Returns the way in which the others notice it.
    pub const fn notice(self, provider: ProviderName, bfdd: bool) -> Notice {
        match (self, provider) {
            (Self::Pause | Self::Drop | Self::Link, _) => Notice::Silence,
            (Self::Daemon, _) if bfdd => Notice::BfdSilence,
            (Self::Bgp | Self::Daemon | Self::Router, _) | (Self::Speaker, ProviderName::Standalone) => Notice::Closed,
            (Self::Speaker | Self::NodeDelete, _) => Notice::Open,
        }
    }

    /// `true` if it comes back by itself, so that its recovery counts from the break.
    pub const fn heals_itself(self) -> bool {
        matches!(self, Self::Speaker | Self::Daemon)
    }

    /// `true` if packets to the target still arrive.
    pub const fn leaves_the_path(self) -> bool {
        matches!(self, Self::Drop | Self::Speaker | Self::Bgp | Self::NodeDelete)
    }

    /// Checks that it can be done with a provider to a kind of target.
    ///
    /// # Errors
    /// The reason why it cannot.
    pub const fn on(self, provider: ProviderName, kind: Kind) -> Result<(), &'static str> {
        use ProviderName::{Existing, Standalone};
        match (self, kind, provider) {
            (Self::Daemon | Self::Router, Kind::Node, _) => Err("it is done to a router"),
            (Self::Speaker | Self::NodeDelete, Kind::Router, _) => Err("it is done to a node"),
            (Self::NodeDelete, _, Standalone) => Err("a standalone lab has no Kubernetes API to delete a node from"),
            (Self::Pause | Self::Drop | Self::Link | Self::NodeDelete, Kind::Node, Existing) => {
                Err("the machines of an existing cluster are not the lab's to break")
            }
            _ => Ok(()),
        }
    }

    /// Returns the explanation that its figures need.
    pub const fn explained(self, provider: ProviderName) -> &'static str {
        match (self, provider) {
            (Self::Pause, _) => {
                "All processes stand still, and every packet is dropped, as on a machine that hangs (the kernel of a \
                 container that is only paused would go on forwarding). Links stay up: only timers notice."
            }
            (Self::Drop, _) => {
                "The control protocols are cut off, the data path is not: packets to the service pass all the time, and \
                 its way is changed without need."
            }
            (Self::Link, _) => {
                "The container loses its interface with its routes. Peers across a router see no link go down: only \
                 timers notice."
            }
            (Self::Speaker, ProviderName::Standalone) => {
                "bgpd and bfdd are killed; the kernel closes their connections, which the peers see at once. Routes and \
                 addresses of the node stay, so it still forwards. watchfrr starts the daemons again."
            }
            (Self::Speaker, _) => {
                "The pod is deleted with no grace; its death follows within a second or two of the request, and closes \
                 its connections. The node still forwards. The daemon set makes a new pod."
            }
            (Self::Bgp, _) => {
                "The router sends a notification (Cease, administrative shutdown) and withdraws at once. Packets that \
                 still come to the node are forwarded."
            }
            (Self::Daemon, _) => {
                "bgpd's death closes its connections and zebra removes its routes; bfdd's death is silence for the \
                 peers. watchfrr starts the daemon again, after up to ten seconds."
            }
            (Self::NodeDelete, _) => {
                "An object of the API goes; containers, kubelet and FRR run on, and so do sessions and packets. MetalLB takes \
                 the addresses of a node that is no more back over the session that stays up, some seconds later, and \
                 Kubernetes collects its pods after a minute or so. That is not a failure that BFD is there for. The node \
                 comes back as the object that it was, and its kubelet is restarted: the sessions go down and up then."
            }
            (Self::Router, _) => {
                "The container is killed; its kernel closes its connections, which the peers see at once. What it knew it \
                 has to learn again."
            }
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_target_is_never_refused_where_the_scenario_exists() {
        for scenario in Scenario::ALL {
            assert_eq!(scenario.on(ProviderName::Kind, scenario.usual()), Ok(()), "{scenario}");
        }
        let standalone = Scenario::ALL.iter().filter(|s| s.on(ProviderName::Standalone, s.usual()).is_ok());
        assert_eq!(standalone.count(), 7, "all but node-delete");
        assert!(Scenario::Pause.on(ProviderName::Existing, Kind::Node).is_err());
        assert_eq!(Scenario::Pause.on(ProviderName::Existing, Kind::Router), Ok(()));
    }
}
