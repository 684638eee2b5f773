//! Problems of a lab file whose every field is valid by itself.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use metallb::release::Feature;

use super::{AddressRange, Family, Name, Version, values::Span};

mod expected;
mod own;
mod service;
mod what;
mod words;

pub(crate) use own::OwnProblem;
pub(crate) use service::{ServiceProblem, Unshared, word};
pub(crate) use what::What;
use words::{carry_none, of};

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
    /// Two routers of one AS with one BGP identifier.
    #[error("`{second}` has the router id {id}, which `{first}` has, too, in the same AS")]
    SameId { id: Ipv4Addr, first: Name, second: Name },
    /// Networks between which no family can be routed.
    #[error("networks `{from}` and `{to}` have no address family in common")]
    NoFamily { from: Name, to: Name },
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
    #[error("there are no {}routes in both directions between networks `{from}` and `{to}`", of(*.family))]
    NoRoute { from: Name, to: Name, family: Option<Family> },
    /// A route between a network and itself, or a second one.
    #[error("{0}")]
    Route(&'static str),
    /// A gateway that the packets of a route do not reach.
    #[error("router `{router}` is not on network `{network}`")]
    NotOn { router: Name, network: Name },
    /// A gateway without a route to the destination.
    #[error("packets by this route end at router `{router}`, which has no {}route to network `{to}`", of(*.family))]
    NoWayOn { router: Name, to: Name, family: Option<Family> },
    /// Routes that lead in a circle.
    #[error("packets by this route to network `{to}` run in a circle: {}", arrows(routers))]
    Circle { routers: Vec<Name>, to: Name },
    /// The end of a route without a route back.
    #[error("packets by this route are not answered: {who} on network `{on}` has no {}route to network `{to}`", of(*.family))]
    NoWayBack { who: String, family: Option<Family>, on: Name, to: Name },
    /// A minimum TTL that packets fall short of.
    #[error("BFD profile `{profile}` takes no packet with a TTL below {given}, and a session's arrive with {arrives}")]
    MinimumTtl { profile: Name, given: u8, arrives: u8 },
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
    /// A pool of an advertisement whose nodes have no session with its peers.
    #[error(
        "the {family} addresses of pool `{pool}` are announced to nobody: no node that announces them has a session with a peer that they go to"
    )]
    NowhereAnnounced { pool: Name, family: Family },
    /// A selector without nodes, or whose nodes announce nothing.
    #[error("`{selector}` selects {}", none_of(nodes))]
    SelectsNone { selector: String, nodes: Vec<String> },
    /// No pool for the service.
    #[error("the service gets no address: no pool is assigned automatically, and it asks for none")]
    NoPool { first: Name },
    /// Two pools for one service.
    #[error("MetalLB may give the service an address of pool `{first}` or of pool `{second}`")]
    Ambiguous { first: Name, second: Name },
    /// Something about a service.
    #[error(transparent)]
    Service(#[from] ServiceProblem),
    /// Something about a check of the file's own.
    #[error(transparent)]
    Own(#[from] OwnProblem),
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
    #[error("{has} have {family} and {lacks} have none")]
    HalfDualStack { has: &'static str, lacks: &'static str, family: Family },
    /// Peers that a node's FRR, or this version of MetalLB, cannot have side by side.
    #[error(
        "peer `{}` has {what} {}, and `{}` has {}: {}",
        second.0, second.1, first.0, first.1, side_by_side(node.as_deref())
    )]
    SideBySide { what: &'static str, first: Box<(Name, String)>, second: Box<(Name, String)>, node: Option<String> },
    /// Two ports of one router.
    #[error("router `{router}` listens on TCP port {port} for peer `{first}`, and FRR listens on one port only")]
    Ports { router: Name, first: String, port: u16 },
    /// Something that the version of MetalLB does not have yet.
    #[error("MetalLB {version} has no {what}")]
    Since { what: String, version: String, since: String },
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

impl Problem {
    /// Returns the problem of something that this version does not have yet.
    pub(crate) fn since(what: String, version: &Version, feature: Feature) -> Self {
        let (major, minor, patch) = feature.since();
        Self::Since { what, version: version.to_string(), since: format!("v{major}.{minor}.{patch}") }
    }
}

/// Says why two peers cannot differ.
fn side_by_side(node: Option<&str>) -> String {
    match node {
        Some(node) => format!("{node} has both, and FRR has one"),
        None => "this MetalLB takes one for all nodes".to_owned(),
    }
}

/// Says why a prefix length does not fit: because of this range of this pool, or of no length at all.
fn too_long_or_short(of: Option<&(AddressRange, Name)>) -> String {
    let Some((range, pool)) = of else { return "is no prefix length of this family".to_owned() };
    format!("is shorter than the largest subnet in {range} of pool `{pool}`, a /{}", range.shortest_length())
}

/// Says that these nodes announce nothing, or that there are none.
fn none_of(nodes: &[String]) -> String {
    match nodes {
        [] => "no node".to_owned(),
        nodes => format!("only {}, which load balancing excludes: nothing is announced", nodes.join(", ")),
    }
}

/// Names routers in the order in which packets pass them.
fn arrows(routers: &[Name]) -> String {
    routers.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → ")
}
