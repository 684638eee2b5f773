//! What can be wrong in a lab file whose every field is right in itself.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{AddressRange, Family, Name, values::Span};

/// One problem; its `Display` says what is wrong, [`Problem::expected`] what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    /// Not TOML, an unknown field, a value of the wrong type.
    #[error("{0}")]
    Parse(String),
    /// A name that leads nowhere.
    #[error("there is no {what} `{name}`")]
    Unknown { what: What, name: String, known: Vec<String> },
    /// A name that is taken.
    #[error("{what} `{name}` is there twice")]
    Duplicate { what: What, name: String },
    /// Nothing where there must be something.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Two of a family, where one can be.
    #[error("{found} is the second of its family")]
    SecondOfFamily { found: String },
    /// An address outside its network.
    #[error("{address} is outside network `{network}`")]
    Outside { address: IpAddr, network: Name, subnets: Vec<IpNet> },
    /// A part outside the whole.
    #[error("{part} is no part of network `{network}`")]
    NotAPart { part: IpNet, network: Name, subnets: Vec<IpNet> },
    /// An address that the network itself needs.
    #[error("{address} is the {what} of network `{network}`")]
    Reserved { address: IpAddr, what: &'static str, network: Name },
    /// An address that Docker may give to a node.
    #[error("{address} may be given to a node: it is in the dynamic part of network `{network}`")]
    Dynamic { address: IpAddr, network: Name, part: IpNet },
    /// An address that Docker gives to a node before the router is there.
    #[error("{address} is given to a node: network `{network}` has no dynamic part, and nodes take {given}")]
    NodeFirst { address: IpAddr, network: Name, given: AddressRange },
    /// Two with one address.
    #[error("`{second}` has the address {address}, which `{first}` has already")]
    SameAddress { address: IpAddr, first: String, second: String },
    /// Ranges that share addresses.
    #[error("{second} overlaps {first}")]
    Overlap { first: String, second: String },
    /// More nodes than addresses.
    #[error("{nodes} nodes find only {room} addresses in {part}, the dynamic part of network `{network}`")]
    Exhausted { nodes: usize, room: u128, part: String, network: Name },
    /// Addresses that run over the end.
    #[error("{count} routers from {first} on: the addresses end before")]
    PastTheEnd { count: u16, first: IpAddr },
    /// A number that is out of its bounds.
    #[error("{value} is out of bounds")]
    Bounds { value: String, expected: &'static str },
    /// A time that BGP cannot say.
    #[error("{0} cannot be a BGP timer")]
    Timer(Span),
    /// A keepalive interval that is too long for the hold time.
    #[error("a keepalive every {keepalive} s cannot keep a session whose hold time is {hold} s")]
    Keepalive { keepalive: u16, hold: u16 },
    /// A pattern without a count, or a count without a pattern.
    #[error("`{name}` {}", if *.has_count { "names many routers alike" } else { "names many, and there is no count" })]
    Pattern { name: String, has_count: bool },
    /// A peer's name and its router's are not both patterns.
    #[error("`{peer}` and `{router}` are not the same kind of name")]
    PeerPattern { peer: String, router: String },
    /// A forwarder in a session.
    #[error("router `{0}` only forwards, and has no BGP sessions")]
    ForwarderSession(Name),
    /// A router that has no address of the family that a session needs.
    #[error("router `{router}` has no {family} address on {on}")]
    NoAddress { router: Name, family: Family, on: String },
    /// No way between the ends of a session.
    #[error("no routes lead both ways between networks `{from}` and `{to}`")]
    NoRoute { from: Name, to: Name },
    /// A route between a network and itself, or through a router that is not there.
    #[error("{0}")]
    Route(&'static str),
    /// A router with two routes to one network.
    #[error("router `{router}` has a route to network `{to}` already, by network `{by}`")]
    TwoWays { router: Name, to: Name, by: Name },
    /// What route reflection needs.
    #[error("`{client}` is in AS {client_asn}, `{reflector}` in AS {reflector_asn}")]
    Reflector { client: Name, client_asn: u32, reflector: Name, reflector_asn: u32 },
    /// A session that both ends name, or that is with oneself.
    #[error("{0}")]
    Neighbor(&'static str),
    /// Echo packets across a router.
    #[error("BFD profile `{0}` has echo packets, which cannot cross the router between the ends of this session")]
    EchoMultihop(Name),
    /// One half of a dual-stack cluster.
    #[error("{has} have IPv6 and {lacks} have none")]
    HalfDualStack { has: &'static str, lacks: &'static str },
    /// What the native backend cannot do.
    #[error("the native backend has no {0}")]
    Native(&'static str),
    /// Fields of an installation that do not fit together.
    #[error("{0}")]
    Install(&'static str),
    /// An option of the command line that this file has no place for.
    #[error("{0}")]
    Override(&'static str),
}

/// Things that have names.
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
        })
    }
}

impl Problem {
    /// What would be right.
    pub(crate) fn expected(&self) -> Option<String> {
        let list = |items: &[String]| items.join(", ");
        let nets = |items: &[IpNet]| items.iter().map(IpNet::to_string).collect::<Vec<_>>().join(" or ");
        Some(match self {
            Self::Parse(_) => return None,
            Self::Unknown { known, what, .. } if known.is_empty() => format!("this file has no {what}"),
            Self::Unknown { known, .. } => format!("expected one of: {}", list(known)),
            Self::Duplicate { what, .. } => format!("expected a name that no other {what} has"),
            Self::Missing(what) => format!("expected {what}"),
            Self::SecondOfFamily { .. } => "expected at most one IPv4 and one IPv6".to_owned(),
            Self::Outside { subnets, .. } => format!("expected an address in {}", nets(subnets)),
            Self::NotAPart { subnets, .. } => format!("expected a part of {}", nets(subnets)),
            Self::Reserved { .. } => "expected an address that is free for a container".to_owned(),
            Self::Dynamic { part, .. } => format!("expected an address outside {part}"),
            Self::NodeFirst { .. } => {
                "expected a later address, or a `dynamic` part of the network without it".to_owned()
            }
            Self::SameAddress { .. } => "expected an address that nothing else has".to_owned(),
            Self::Overlap { .. } => "expected a range of its own".to_owned(),
            Self::Exhausted { .. } => "expected fewer nodes, or a larger dynamic part".to_owned(),
            Self::PastTheEnd { .. } => "expected a smaller count, or a larger network".to_owned(),
            Self::Bounds { expected, .. } => format!("expected {expected}"),
            Self::Timer(_) => "expected whole seconds, 1s to 65535s (a hold time: 3s or more)".to_owned(),
            Self::Keepalive { hold, .. } => format!("expected at most a third of it, {} s", hold / 3),
            Self::Pattern { has_count: true, .. } => "expected a name with {n}, such as r{n}".to_owned(),
            Self::Pattern { has_count: false, .. } => "expected a name without {n}, or a `count`".to_owned(),
            Self::PeerPattern { .. } => "expected {n} in both, or in neither".to_owned(),
            Self::ForwarderSession(_) => "expected a router whose role is speaker".to_owned(),
            Self::NoAddress { family, .. } => format!("expected an {family} address there, or another family"),
            Self::NoRoute { from, to } => {
                format!("expected a route from `{from}` to `{to}`, and one back, or a router on both")
            }
            Self::Route(_) => "expected two networks, and a router that is on both".to_owned(),
            Self::TwoWays { .. } => "expected a network whose routers have no other route there".to_owned(),
            Self::Reflector { .. } => "expected a route reflector in the client's own AS".to_owned(),
            Self::Neighbor(_) => "expected each session at one end only".to_owned(),
            Self::EchoMultihop(_) => "expected a profile without echo-mode".to_owned(),
            Self::HalfDualStack { .. } => {
                "expected IPv6 for pods, services and the nodes' network, or for none".to_owned()
            }
            Self::Native(_) => "expected backend frr or frr-k8s, or a peer without it".to_owned(),
            Self::Install(_) => {
                "expected `checkout` for make; `file`, or `url` with `sha256`, for manifest and direct".to_owned()
            }
            Self::Override(_) => return None,
        })
    }
}
