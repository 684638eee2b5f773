//! Names that can be typed for values that a library knows.
//!
//! Options of every verb say no more of their values than the names: help would repeat it at each verb.

use bgplab::failover;
use clap::ValueEnum;

/// The provider of the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Provider {
    // A kind cluster, created and deleted with the lab.
    Kind,
    // No Kubernetes: plain FRR containers stand where the nodes are, configured as MetalLB's speakers.
    Standalone,
    // A cluster that is there already; only what is outside it is built.
    Existing,
}

impl From<Provider> for labfile::ProviderName {
    fn from(name: Provider) -> Self {
        match name {
            Provider::Kind => Self::Kind,
            Provider::Standalone => Self::Standalone,
            Provider::Existing => Self::Existing,
        }
    }
}

/// The program that speaks BGP on the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    // FRR in the speakers' pods.
    Frr,
    // The frr-k8s daemon.
    FrrK8s,
    // MetalLB's own BGP: no BFD, no IPv6.
    Native,
}

impl From<Backend> for labfile::Backend {
    fn from(name: Backend) -> Self {
        match name {
            Backend::Frr => Self::Frr,
            Backend::FrrK8s => Self::FrrK8s,
            Backend::Native => Self::Native,
        }
    }
}

/// The way in which the operator, or MetalLB without one, is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    // `make deploy` in a checkout of the MetalLB Operator.
    Make,
    // The operator's manifest.
    Manifest,
    // MetalLB's own manifest, without operator.
    Direct,
}

impl From<Method> for labfile::Method {
    fn from(name: Method) -> Self {
        match name {
            Method::Make => Self::Make,
            Method::Manifest => Self::Manifest,
            Method::Direct => Self::Direct,
        }
    }
}

/// The thing that a failover breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// All processes of a node or router stand still, and nothing passes: a machine that hangs
    Pause,
    /// BFD's and BGP's packets are dropped in a node or router; others pass
    Drop,
    /// A node or router is taken off its network
    Link,
    /// The program that speaks for a node is killed: its pod, or FRR's daemons on a standalone node
    Speaker,
    /// The sessions with a node or router are shut down by the administrator, on the router
    Bgp,
    /// A daemon of a router is killed
    Daemon,
    /// A node is deleted from the Kubernetes API, as the documentation does it
    NodeDelete,
    /// A router is killed as a whole
    Router,
}

impl From<Scenario> for failover::Scenario {
    fn from(name: Scenario) -> Self {
        match name {
            Scenario::Pause => Self::Pause,
            Scenario::Drop => Self::Drop,
            Scenario::Link => Self::Link,
            Scenario::Speaker => Self::Speaker,
            Scenario::Bgp => Self::Bgp,
            Scenario::Daemon => Self::Daemon,
            Scenario::NodeDelete => Self::NodeDelete,
            Scenario::Router => Self::Router,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_printed() {
        let typed = |scenario: &Scenario| scenario.to_possible_value().unwrap().get_name().to_owned();
        let typed: Vec<String> = Scenario::value_variants().iter().map(typed).collect();
        assert_eq!(typed, failover::Scenario::ALL.map(|scenario| scenario.word().to_owned()));
    }
}
