//! Problems of a lab file whose every field is valid by itself.

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
    /// A name that refers to nothing.
    #[error("there is no {what} `{name}`")]
    Unknown { what: What, name: String, known: Vec<String> },
    /// A name that is taken.
    #[error("another {what} has the name `{name}`")]
    Duplicate { what: What, name: String },
    /// A value that is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A second value of a family, of which there can be one.
    #[error("{found} is the second value of this family")]
    SecondOfFamily { found: String },
    /// An address outside its network.
    #[error("{address} is outside network `{network}`")]
    Outside { address: IpAddr, network: Name, subnets: Vec<IpNet> },
    /// A dynamic part outside its network.
    #[error("{part} is not within network `{network}`")]
    NotAPart { part: IpNet, network: Name, subnets: Vec<IpNet> },
    /// An address that the network itself needs.
    #[error("{address} is the {what} of network `{network}`")]
    Reserved { address: IpAddr, what: &'static str, network: Name },
    /// An address that Docker may assign to a node.
    #[error("{address} may be assigned to a node: it is in the dynamic part of network `{network}`")]
    Dynamic { address: IpAddr, network: Name, part: IpNet },
    /// An address that Docker assigns to a node before the router exists.
    #[error("{address} is a node's: network `{network}` has no dynamic part, and nodes take {given}")]
    NodeFirst { address: IpAddr, network: Name, given: AddressRange },
    /// Two things with one address.
    #[error("`{second}` has the address {address}, which `{first}` has, too")]
    SameAddress { address: IpAddr, first: String, second: String },
    /// Ranges that share addresses.
    #[error("{second} overlaps {first}")]
    Overlap { first: String, second: String },
    /// More nodes than addresses.
    #[error("{nodes} nodes need an address each, and {part}, the dynamic part of network `{network}`, has only {room}")]
    Exhausted { nodes: usize, room: u128, part: String, network: Name },
    /// Counted addresses that run beyond the subnet.
    #[error("the addresses of {count} routers, from {first} on, go beyond the subnet")]
    PastTheEnd { count: u16, first: IpAddr },
    /// A number that is out of range.
    #[error("{value} is out of range")]
    Range { value: String, expected: &'static str },
    /// A name or a text that is valid by itself, but not for this purpose.
    #[error("{value} cannot be used here")]
    Unfit { value: String, expected: &'static str },
    /// A prefix that is larger than the subnets of a pool's range, or longer than an address.
    #[error("/{length} {}", too_long_or_short(.of.as_ref().filter(|_| length < least)))]
    Aggregation { length: u8, of: Option<(AddressRange, Name)>, least: u8, most: u8 },
    /// A time that is not a BGP timer.
    #[error("{0} cannot be a BGP timer")]
    Timer(Span),
    /// A keepalive interval that is too long for the hold time.
    #[error("a keepalive every {keepalive} s cannot keep a session whose hold time is {hold} s")]
    Keepalive { keepalive: u16, hold: u16 },
    /// A pattern without a count, or a count without a pattern.
    #[error("`{name}` {}", if *.has_count { "is one name for several routers" } else { "is a pattern, and there is no `count`" })]
    Pattern { name: String, has_count: bool },
    /// A peer's name and its router's are not both patterns.
    #[error("one of `{peer}` and `{router}` is a pattern, and the other is not")]
    PeerPattern { peer: String, router: String },
    /// A forwarder in a session.
    #[error("router `{0}` is a forwarder, and has no BGP sessions")]
    ForwarderSession(Name),
    /// A router that has no address of the family that a session needs.
    #[error("router `{router}` has no {family} address on {on}")]
    NoAddress { router: Name, family: Family, on: String },
    /// No way between the ends of a session.
    #[error("there are no routes in both directions between networks `{from}` and `{to}`")]
    NoRoute { from: Name, to: Name },
    /// A route between a network and itself, or through a router that is not there.
    #[error("{0}")]
    Route(&'static str),
    /// A router with two routes to one network.
    #[error("router `{router}` already has a route to network `{to}`, from network `{by}`")]
    TwoWays { router: Name, to: Name, by: Name },
    /// A route reflector in another AS.
    #[error("`{client}` is in AS {client_asn}, `{reflector}` in AS {reflector_asn}")]
    Reflector { client: Name, client_asn: u32, reflector: Name, reflector_asn: u32 },
    /// A session that both ends name, or of a router with itself.
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
    /// A feature that the native backend lacks.
    #[error("the native backend has no {0}")]
    Native(&'static str),
    /// Fields of an installation that do not fit together.
    #[error("{0}")]
    Install(&'static str),
    /// An option that does not apply to this file.
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
