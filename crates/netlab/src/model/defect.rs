//! The defects of a lab specification.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{Name, Route};

/// A lab specification that cannot be built, with all its defects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidLab {
    /// The defects; never empty.
    pub defects: Vec<Defect>,
}

/// One defect of a lab specification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// Two networks of one name.
    #[error("two networks are named {0}: rename one")]
    DuplicateNetwork(Name),
    /// Two containers (or guests) of one name.
    #[error("two containers are named {0}: rename one")]
    DuplicateContainer(Name),
    /// A container with a name of one character.
    #[error("container {0}: a container's name has two characters at least: give it another")]
    ShortName(Name),
    /// Two networks whose ranges overlap.
    #[error("networks {a} ({a_range}) and {b} ({b_range}) overlap: give one another range")]
    Overlap {
        /// One network.
        a: Name,
        /// The range.
        a_range: IpNet,
        /// The other network.
        b: Name,
        /// The range.
        b_range: IpNet,
    },
    /// A network without any range.
    #[error("network {0} has no range: give it an IPv4 range, an IPv6 range, or both")]
    NoRange(Name),
    /// A network too small to hold a bridge and a container.
    #[error("network {network}: {range} has no room for containers: use a prefix length of at most {longest}")]
    TooSmall {
        /// The network.
        network: Name,
        /// The range.
        range: IpNet,
        /// The longest prefix length that leaves room.
        longest: u8,
    },
    /// A range with bits set beyond its prefix length.
    #[error("network {network}: {range} has host bits: write {}", range.trunc())]
    HostBits {
        /// The network.
        network: Name,
        /// The range as specified.
        range: IpNet,
    },
    /// A range for dynamic addresses outside its network.
    #[error("network {network}: the dynamic range {dynamic} is not inside a range of the network of that family")]
    DynamicOutside {
        /// The network.
        network: Name,
        /// The dynamic range.
        dynamic: IpNet,
    },
    /// A container without a network.
    #[error("container {0} is on no network: give it an endpoint")]
    NoEndpoint(Name),
    /// An endpoint or guest on a network that the lab does not have.
    #[error("container {container} is on network {network}, which the lab does not have")]
    UnknownNetwork {
        /// The container.
        container: Name,
        /// The unknown network.
        network: Name,
    },
    /// Two endpoints of a container on one network.
    #[error("container {container} is on network {network} twice")]
    DuplicateEndpoint {
        /// The container.
        container: Name,
        /// The network.
        network: Name,
    },
    /// A pinned address that its network cannot give.
    #[error(
        "container {container}: {address} cannot be given on network {network} ({ranges}): it is outside the ranges, or the address of the network, its broadcast or its bridge"
    )]
    AddressOutside {
        /// The container.
        container: Name,
        /// The pinned address.
        address: IpAddr,
        /// The network.
        network: Name,
        /// The network's ranges, as text.
        ranges: String,
    },
    /// Two containers with one pinned address.
    #[error("containers {a} and {b} both have {address}: give one another address")]
    DuplicateAddress {
        /// One container.
        a: Name,
        /// The other container.
        b: Name,
        /// The address.
        address: IpAddr,
    },
    /// A route with a next hop that is on no network that the container is connected to.
    #[error("container {container}: a next hop of {route} is on none of its networks")]
    UnreachableNextHop {
        /// The container.
        container: Name,
        /// The route.
        route: Route,
    },
    /// A route without a next hop.
    #[error("container {container}: the route to {dst} has no next hop")]
    NoNextHop {
        /// The container.
        container: Name,
        /// The destination.
        dst: IpNet,
    },
    /// Two routes to one destination.
    #[error("container {container} has two routes to {dst}")]
    DuplicateRoute {
        /// The container.
        container: Name,
        /// The destination.
        dst: IpNet,
    },
    /// A route to a network that the container is connected to.
    #[error("container {container}: {route} covers a network that it is connected to")]
    RouteToConnected {
        /// The container.
        container: Name,
        /// The route.
        route: Route,
    },
    /// A file path that is not absolute, has `.`, `..` or special characters, or occurs twice.
    #[error("container {container}: file path {path:?} must be absolute, without `.` and `..`, and be there once")]
    BadPath {
        /// The container.
        container: Name,
        /// The path.
        path: String,
    },
    /// An empty reload command.
    #[error("container {container}: the reload command of {path} is empty")]
    EmptyReload {
        /// The container.
        container: Name,
        /// The file's path.
        path: String,
    },
    /// A sysctl outside `net.*`.
    #[error("container {container}: sysctl {key} is not one of net.*, the only ones that are the container's own")]
    BadSysctl {
        /// The container.
        container: Name,
        /// The sysctl.
        key: String,
    },
    /// An image reference that is empty or has spaces.
    #[error("container {container}: image reference {image:?} is empty or has spaces")]
    BadImage {
        /// The container.
        container: Name,
        /// The reference.
        image: String,
    },
}

impl fmt::Display for InvalidLab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, defect) in self.defects.iter().enumerate() {
            write!(f, "{}{defect}", if i > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidLab {}
