//! The kinds of things that a problem can be of.

/// The kinds of things that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A Docker network.
    Network,
    /// A router.
    Router,
    /// A container: a router or a node.
    Container,
    /// A BFD profile.
    BfdProfile,
    /// A pool.
    Pool,
    /// A peer.
    Peer,
    /// An advertisement.
    Advertisement,
    /// A BGP community.
    Community,
    /// A node.
    Node,
    /// A selector.
    Selector,
    /// An expression of a selector.
    Expression,
    /// A namespace.
    Namespace,
    /// A port of a service.
    Port,
    /// An address family.
    Family,
    /// A value of an expression.
    Value,
    /// A check.
    Check,
    /// A router or node.
    Place,
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Network => "network",
            Self::Router => "router",
            Self::Container => "container",
            Self::BfdProfile => "BFD profile",
            Self::Pool => "pool",
            Self::Peer => "peer",
            Self::Advertisement => "advertisement",
            Self::Community => "community",
            Self::Node => "node",
            Self::Selector => "selector",
            Self::Expression => "expression",
            Self::Namespace => "namespace",
            Self::Port => "port",
            Self::Family => "family",
            Self::Value => "value",
            Self::Check => "check",
            Self::Place => "router or node",
        })
    }
}
