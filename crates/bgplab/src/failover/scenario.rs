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
    Cordon "cordon" "A node takes no new pods (`kubectl cordon`)"
    Drain "drain" "A node is cordoned and its pods are evicted (`kubectl drain --ignore-daemonsets`)"
    Endpoint "endpoint" "The service's pods on a node are deleted"
    Upgrade "upgrade" "MetalLB is deployed in place as the lab file and the options have it, and stays"
    Backend "backend" "The other backend with FRR is deployed in place, and then the one before"
    RollingRestart "rolling-restart" "Every speaker is restarted, node after node (`kubectl rollout restart`)"
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
    /// The speakers of all nodes.
    Speakers,
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
            Self::RollingRestart | Self::Upgrade | Self::Backend => Kind::Speakers,
            _ => Kind::Node,
        }
    }

    /// Returns the way in which the others notice it.
    pub const fn notice(self, provider: ProviderName, bfdd: bool) -> Notice {
        match (self, provider) {
            (Self::Pause | Self::Drop | Self::Link, _) => Notice::Silence,
            (Self::Daemon, _) if bfdd => Notice::BfdSilence,
            (Self::Bgp | Self::Daemon | Self::Router, _) | (Self::Speaker, ProviderName::Standalone) => Notice::Closed,
            (Self::Speaker, _) => Notice::Open,
            (Self::NodeDelete | Self::Cordon | Self::Drain | Self::Endpoint, _) => Notice::Open,
            (Self::RollingRestart | Self::Upgrade | Self::Backend, _) => Notice::Open,
        }
    }

    /// `true` if it comes back by itself, so that its recovery counts from the break.
    pub const fn heals_itself(self) -> bool {
        matches!(self, Self::Speaker | Self::Daemon | Self::Endpoint | Self::RollingRestart | Self::Upgrade)
    }

    /// `true` if packets to the target still arrive.
    pub const fn leaves_the_path(self) -> bool {
        !matches!(self, Self::Pause | Self::Link | Self::Daemon | Self::Router)
    }

    /// `true` if only Kubernetes has the thing that it is done to.
    pub const fn needs_kubernetes(self) -> bool {
        matches!(self, Self::NodeDelete | Self::Cordon | Self::Drain | Self::Endpoint) || self.is_of_all_nodes()
    }

    /// `true` if it is done to the speakers of all nodes.
    const fn is_of_all_nodes(self) -> bool {
        matches!(self, Self::RollingRestart | Self::Upgrade | Self::Backend)
    }

    /// Checks that it can be done with a provider to a kind of target.
    ///
    /// # Errors
    /// The reason why it cannot.
    pub const fn on(self, provider: ProviderName, kind: Kind) -> Result<(), &'static str> {
        use ProviderName::{Existing, Standalone};
        match (self, kind, provider) {
            (_, _, Standalone) if self.needs_kubernetes() => Err("a standalone lab has no Kubernetes API"),
            (Self::Daemon | Self::Router, Kind::Node, _) => Err("it is done to a router"),
            (_, Kind::Node | Kind::Router, _) if self.is_of_all_nodes() => {
                Err("it is done to the speakers of all nodes")
            }
            (_, Kind::Speakers, _) if !self.is_of_all_nodes() => Err("it is done to one node or router"),
            (_, Kind::Router, _) if self.needs_kubernetes() || matches!(self, Self::Speaker) => {
                Err("it is done to a node")
            }
            (Self::Pause | Self::Drop | Self::Link | Self::NodeDelete | Self::Drain, Kind::Node, Existing) => {
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
            (Self::Cordon, _) => {
                "The scheduler leaves the node out. Its pods, its speaker and its sessions stay: MetalLB takes no notice, and \
                 nothing is lost."
            }
            (Self::Drain, _) => {
                "The node's pods are evicted, but for those of DaemonSets: the speaker stays, with its sessions and \
                 advertisements. A client loses what it asks while no pod of the service is ready elsewhere and, with \
                 externalTrafficPolicy Local, until the routers know that the node announces no more. The pods stay where they \
                 went when the node takes pods again."
            }
            (Self::Endpoint, _) => {
                "The pods are deleted with their own grace, and their deployment makes new ones. Until one is ready, nobody \
                 answers, unless other nodes have endpoints; with externalTrafficPolicy Local, the node withdraws the \
                 addresses, and the new pod's node announces them."
            }
            (Self::RollingRestart, _) => {
                "The DaemonSet replaces its pods one after the other, each once the one before is ready. A speaker's sessions \
                 go down with its FRR and come up again some seconds later; meanwhile the other nodes take the traffic."
            }
            (Self::Upgrade, _) => {
                "The operator's and MetalLB's parts are replaced while clients ask. The speakers' pods are replaced one after the \
                 other, and each one's sessions go down and come up again. The lab keeps the new MetalLB."
            }
            (Self::Backend, _) => {
                "FRR moves from the speakers' pods into those of frr-k8s, or back. The pods of one DaemonSet end while those of \
                 the other start: a node's sessions are down meanwhile, and several nodes may be without at one time. A run that \
                 is interrupted leaves the backend that it was at; `deploy-metallb` puts back that of the lab file."
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
        assert_eq!(standalone.count(), 7, "all but those of Kubernetes");
        assert!(Scenario::Drain.on(ProviderName::Standalone, Kind::Node).is_err());
        assert!(Scenario::RollingRestart.on(ProviderName::Kind, Kind::Node).is_err());
        assert!(Scenario::Pause.on(ProviderName::Kind, Kind::Speakers).is_err());
        assert!(Scenario::Pause.on(ProviderName::Existing, Kind::Node).is_err());
        assert_eq!(Scenario::Pause.on(ProviderName::Existing, Kind::Router), Ok(()));
    }
}
