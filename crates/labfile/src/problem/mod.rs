//! What can be wrong in a lab file whose every field is right in itself.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{AddressRange, Family, Name, values::Span};

mod expected;

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
    /// A prefix that is larger than the subnets of a pool's range, or longer than an address.
    #[error("/{length} {}", too_long_or_short(.of.as_ref().filter(|_| length < least)))]
    Aggregation { length: u8, of: Option<(AddressRange, Name)>, least: u8, most: u8 },
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
    /// A family of a pool that no session carries.
    #[error("the {family} addresses of pool `{pool}` are announced to nobody: {}", carry_none(peers, *family))]
    Unannounced { pool: Name, family: Family, peers: Vec<Name> },
    /// A pool that no advertisement takes.
    #[error("the {family} addresses of pool `{pool}` are announced to nobody: no advertisement takes the pool")]
    Unadvertised { pool: Name, family: Family },
    /// No pool for the service.
    #[error("the service gets no address: no pool is assigned automatically, and it asks for none")]
    NoPool { first: Name },
    /// Two pools for one service.
    #[error("MetalLB may give the service an address of pool `{first}` or of pool `{second}`")]
    Ambiguous { first: Name, second: Name },
    /// Echo packets beside IPv6 addresses.
    #[error(
        "BFD profile `{profile}` has echo packets, and advertisement `{advertisement}` brings this peer IPv6 addresses of pool `{pool}`"
    )]
    EchoIpv6 { profile: Name, pool: Name, advertisement: Name },
    /// Two local preferences of one prefix.
    #[error(
        "advertisement `{second}` gives the prefixes of pool `{pool}` local preference {second_value}, and `{first}` gives them {first_value}"
    )]
    LocalPreference { pool: Name, first: Name, first_value: u32, second: Name, second_value: u32 },
    /// A value that a list has already.
    #[error("{what} `{name}` is listed twice")]
    Repeated { what: What, name: String },
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

/// Says why a prefix length does not fit: because of this range of this pool, or of no length at all.
fn too_long_or_short(of: Option<&(AddressRange, Name)>) -> String {
    let Some((range, pool)) = of else { return "is no prefix length of this family".to_owned() };
    format!("is shorter than the largest subnet in {range} of pool `{pool}`, a /{}", range.shortest_length())
}

/// Says that none of these peers carries the family.
fn carry_none(peers: &[Name], family: Family) -> String {
    const SHOWN: usize = 4;
    let other = if family == Family::Ipv4 { Family::Ipv6 } else { Family::Ipv4 };
    let mut names: Vec<String> = peers.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    if peers.len() > SHOWN {
        names.push(format!("{} more", peers.len() - SHOWN));
    }
    match names.split_last() {
        None => "there is no peer".to_owned(),
        Some((one, [])) => format!("the session of peer {one} carries {other} only"),
        Some((last, others)) => format!("the sessions of peers {} and {last} carry {other} only", others.join(", ")),
    }
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
    /// A BGP community.
    Community,
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
        })
    }
}
