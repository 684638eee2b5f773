//! Obstacles to a plan: objects that are not the lab's, and containers that cannot be looked into.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{Name, give_way, or_remove};

/// A lab that cannot be brought about, with every obstacle.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// The obstacles; never empty.
    pub refusals: Vec<Refusal>,
}

/// One obstacle to a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A network of that name without the lab's label.
    #[error(
        "network {name} ({ranges}) is there and {owner}: it is left as it is; give the lab's network another name{}",
        or_remove(name.as_str(), id)
    )]
    ForeignNetwork {
        /// The name.
        name: Name,
        /// The id, shortened.
        id: String,
        /// The ranges, as text.
        ranges: String,
        /// The owner.
        owner: Owner,
    },
    /// A container of that name without the lab's label.
    #[error(
        "container {name} (image {image}) is there and {owner}: it is left as it is; give the lab's container another name, or remove it (`docker rm -f {name}`) if nobody needs it"
    )]
    ForeignContainer {
        /// The name.
        name: Name,
        /// The image.
        image: String,
        /// The owner.
        owner: Owner,
    },
    /// A range that another network has.
    #[error(
        "network {network}: {range} overlaps with {other_range} of Docker's network {other}; give the lab's network another range, or {}",
        give_way(other, *other_range)
    )]
    RangeTaken {
        /// The lab's network.
        network: Name,
        /// The range.
        range: IpNet,
        /// The other network.
        other: String,
        /// The other's range.
        other_range: IpNet,
    },
    /// A pinned address that another container has.
    #[error(
        "container {container}: {address} on network {network} is taken by container {by}; pin another address, or reserve a dynamic range in the network, or remove {by}"
    )]
    AddressTaken {
        /// The lab's container.
        container: Name,
        /// The address.
        address: IpAddr,
        /// The network.
        network: Name,
        /// The container that has it.
        by: String,
    },
    /// A network that has to be removed or created anew while other containers are on it.
    #[error(
        "network {network} has to be removed, and containers that the lab did not make are on it: {by}; remove or disconnect them first"
    )]
    NetworkInUse {
        /// The network.
        network: Name,
        /// The names of these containers.
        by: String,
    },
    /// A running container of the lab that cannot be looked into: it may have all that it needs.
    #[error(
        "container {name} runs and cannot be looked into: {why}; run this again, and restart it (`docker restart {name}`) if that does not help"
    )]
    Unseen {
        /// The name.
        name: Name,
        /// The reason.
        why: String,
    },
    /// A container of a guest's name that is not on the lab's network.
    #[error(
        "container {name} is there and not on network {network} of the lab: it is someone else's; remove or rename it, or choose another cluster name"
    )]
    GuestElsewhere {
        /// The name.
        name: Name,
        /// The network that it should be on.
        network: Name,
    },
}

/// The owner of an object that is not the lab's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Owner {
    /// It carries no lab's label.
    Nobody,
    /// It belongs to another lab.
    Lab(String),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("not made by this lab"),
            Self::Lab(lab) => write!(f, "belongs to lab {lab}"),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, refusal) in self.refusals.iter().enumerate() {
            write!(f, "{}{refusal}", if i > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}
