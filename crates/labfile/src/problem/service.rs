//! Problems of services, and of the pools that they take addresses from.

use std::net::IpAddr;

use super::words::other;
use crate::{Family, Name};

/// A problem of a service; its `Display` says what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ServiceProblem {
    /// Two services of one name in one namespace.
    #[error("another service has the name `{name}` in namespace `{namespace}`")]
    SameName { name: Name, namespace: Name },
    /// Two pools that serve alike.
    #[error("MetalLB may give service `{service}` an address of pool `{first}` or of pool `{second}`")]
    Ambiguous { service: Name, first: Name, second: Name },
    /// No pool serves it.
    #[error("service `{service}` gets no address: no pool is assigned to it automatically, and it asks for none")]
    NoPool { service: Name, pools: Vec<Name> },
    /// A pool that does not take it.
    #[error("pool `{pool}` gives service `{service}` no address: {}", not_taken(takes_namespace))]
    NotTaken { service: Name, pool: Name, takes_namespace: bool, allowed: String },
    /// Families that its pool does not have.
    #[error("service `{service}` {needs}, and pool `{pool}` has {has} only")]
    Families { service: Name, needs: &'static str, pool: Name, has: Family },
    /// Families that contradict its policy.
    #[error("{found} contradicts {other}")]
    Policy { found: String, other: String, expected: String },
    /// A family that the cluster does not have.
    #[error("service `{service}` has {family}, and the cluster's services have none")]
    NoFamily { service: Name, family: Family },
    /// An address that no pool has.
    #[error("{address} is no address of {}", pool.as_ref().map_or_else(|| "any pool".to_owned(), |pool| format!("pool `{pool}`")))]
    Outside { address: IpAddr, pool: Option<Name>, example: Option<IpAddr> },
    /// Addresses of two pools.
    #[error("the addresses of service `{0}` are of two pools, and MetalLB gives those of one")]
    TwoPools(Name),
    /// An address of two services that do not share it.
    #[error("service `{first}` has the address {address}, too, and the two cannot share it: {}", why.cause())]
    NotShared { address: IpAddr, first: Name, why: Unshared },
    /// An address that another service may have taken.
    #[error(
        "service `{by}` may take {address} before this one: MetalLB gives it the first free addresses of pool `{pool}`"
    )]
    Taken { address: IpAddr, by: Name, pool: Name },
    /// A pool with fewer addresses than services.
    #[error("pool `{pool}` has no {family} address left for service `{service}`")]
    Full { pool: Name, family: Family, service: Name },
    /// Pods that run nowhere.
    #[error("the pods of service `{service}` run nowhere: no worker has {labels}")]
    NoNode { service: Name, labels: String },
    /// A service that advertisements of its pool pass over.
    #[error("the addresses of service `{service}` are announced to nobody: no advertisement of its pool selects it")]
    Unselected { service: Name, labels: Vec<String> },
    /// A service of some nodes whose prefix other nodes announce, too.
    #[error(
        "service `{service}` has the external traffic policy Local, and advertisement `{by}` announces a prefix that it shares: packets arrive at nodes without its pods"
    )]
    LocalInAggregate { service: Name, by: Name },
    /// Selected services that have an aggregate for an address.
    #[error("advertisement `{0}` selects services and has an aggregation length: MetalLB takes one of the two")]
    SelectedAggregate(Name),
}

/// The reason why two services cannot share an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unshared {
    /// One has no sharing key, or another.
    Key { own: Option<String>, other: Option<String> },
    /// One has the external traffic policy Local, and its own pods.
    Pods,
    /// Both have this port.
    Port(String),
}

impl Unshared {
    fn cause(&self) -> String {
        let key = |key: &Option<String>| key.as_ref().map_or_else(|| "none".to_owned(), |key| format!("`{key}`"));
        match self {
            Self::Key { own, other } => format!("its sharing key is {}, and this one's {}", key(other), key(own)),
            Self::Pods => {
                "with the external traffic policy Local only nodes with one's own pods announce it".to_owned()
            }
            Self::Port(port) => format!("{port} is a port of both"),
        }
    }
}

impl ServiceProblem {
    /// Returns what would be right, for the label beside the problem.
    pub(super) fn expected(&self) -> String {
        let names = |all: &[Name]| all.iter().map(|name| format!("pool = \"{name}\"")).collect::<Vec<_>>().join(" or ");
        match self {
            Self::SameName { .. } => "expected another name, or another namespace".to_owned(),
            Self::Ambiguous { first, second, .. } => {
                format!("expected pool = \"{first}\" or pool = \"{second}\" here, or priorities of the two")
            }
            Self::NoPool { pools, .. } if pools.is_empty() => {
                "expected a pool with addresses of its families, for services like it".to_owned()
            }
            Self::NoPool { pools, .. } => format!("expected {} here", names(pools)),
            Self::NotTaken { allowed, .. } => format!("expected {allowed}, or another pool"),
            Self::Families { has, .. } => {
                format!("expected families = [\"{}\"], or a pool with both families", word(*has))
            }
            Self::Policy { expected, .. } => format!("expected {expected}"),
            Self::NoFamily { family, .. } => {
                let other = other(*family);
                format!("expected {other} alone, or {family} for pods, services and the nodes' network")
            }
            Self::Outside { example: Some(example), .. } => {
                format!("expected an address of a pool, such as \"{example}\"")
            }
            Self::Outside { example: None, .. } => "expected an address of a pool".to_owned(),
            Self::TwoPools(_) => "expected addresses of one pool".to_owned(),
            Self::NotShared { why: Unshared::Key { own, other }, .. } => {
                let key = other.as_ref().or(own.as_ref()).map_or("key", String::as_str);
                format!("expected another address, or sharing-key = \"{key}\" at both")
            }
            Self::NotShared { why: Unshared::Pods, .. } => {
                "expected another address, or the external traffic policy Cluster at both".to_owned()
            }
            Self::NotShared { why: Unshared::Port(_), .. } => "expected another address, or other ports".to_owned(),
            Self::Taken { by, .. } => format!("expected a later address, or `addresses` at service `{by}`, too"),
            Self::Full { .. } => "expected a larger pool, or a sharing-key with another service".to_owned(),
            Self::NoNode { .. } => {
                "expected labels of a worker: kubernetes.io/hostname, or one that [[node]] gives it".to_owned()
            }
            Self::Unselected { labels, .. } => format!("service-selectors that select {}, or none", labels.join(", ")),
            Self::LocalInAggregate { .. } => {
                "a pool of its own, or an advertisement without aggregation length".to_owned()
            }
            Self::SelectedAggregate(_) => "expected either of service-selectors and aggregation lengths".to_owned(),
        }
    }
}

/// Writes a family as the file does.
pub(crate) const fn word(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "ipv4",
        Family::Ipv6 => "ipv6",
    }
}

fn not_taken(takes_namespace: &bool) -> &'static str {
    if *takes_namespace {
        "its service-allocation selects other services"
    } else {
        "its service-allocation is for other namespaces"
    }
}
