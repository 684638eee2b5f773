//! The label beside each problem: what would be right.

use ipnet::IpNet;

use super::Problem;
use super::words::other;

impl Problem {
    /// Returns what would be right, for the label beside the problem.
    pub(crate) fn expected(&self) -> Option<String> {
        let list = |items: &[String]| items.join(", ");
        let nets = |items: &[IpNet]| items.iter().map(IpNet::to_string).collect::<Vec<_>>().join(" or ");
        Some(match self {
            Self::Parse(_) => return None,
            Self::Unknown { known, what, .. } if known.is_empty() => format!("this file has no {what}"),
            Self::Unknown { known, .. } => format!("expected one of: {}", list(known)),
            Self::Duplicate { what, .. } => format!("expected a name that no other {what} has"),
            Self::Missing(what) => format!("expected {what}"),
            Self::SecondOfFamily { .. } => "expected at most one of IPv4 and one of IPv6".to_owned(),
            Self::Outside { subnets, .. } => format!("expected an address in {}", nets(subnets)),
            Self::NotAPart { subnets, .. } => format!("expected a subnet within {}", nets(subnets)),
            Self::Reserved { .. } => "expected an address that a container can have".to_owned(),
            Self::Dynamic { part, .. } => format!("expected an address outside {part}"),
            Self::NodeFirst { .. } => {
                "expected a later address, or a `dynamic` part of the network without it".to_owned()
            }
            Self::SameAddress { .. } => "expected an unused address".to_owned(),
            Self::SameId { .. } => "expected another one, such as router-id = \"10.0.0.9\"".to_owned(),
            Self::NoFamily { .. } => "expected a network with a subnet of a family that the other one has".to_owned(),
            Self::Overlap { .. } => "expected a range that overlaps no other".to_owned(),
            Self::Exhausted { .. } => "expected fewer nodes, or a larger dynamic part".to_owned(),
            Self::PastTheEnd { .. } => "expected a smaller count, or a larger network".to_owned(),
            Self::Range { expected, .. } | Self::Unfit { expected, .. } => format!("expected {expected}"),
            Self::Aggregation { least, most, .. } if least == most => format!("expected {most}"),
            Self::Aggregation { least, most, .. } => format!("expected {least} to {most}"),
            Self::Timer(_) => {
                "expected whole seconds, 1s to 65535s (a hold time: 3s or more, or 0s for never)".to_owned()
            }
            Self::Keepalive { hold, .. } => format!("expected at most a third of the hold time, {} s", hold / 3),
            Self::Pattern { has_count: true, .. } => "expected a name with {n}, such as r{n}".to_owned(),
            Self::Pattern { has_count: false, .. } => "expected a name without {n}, or a `count`".to_owned(),
            Self::PeerPattern { .. } => "expected {n} in both, or in neither".to_owned(),
            Self::ForwarderSession(_) => "expected a router whose role is speaker".to_owned(),
            Self::NoAddress { family, .. } => {
                format!("expected an {family} subnet and address there, or family = \"{}\"", other(*family).word())
            }
            Self::NoRoute { family: Some(family), .. } => {
                format!("expected {family} subnets of all networks between, or family = \"{}\"", other(*family).word())
            }
            Self::NoRoute { from, to, family: None } => {
                format!("expected a route from `{from}` to `{to}`, and one back, or a router on both")
            }
            Self::Route(_) => "expected two networks, and one route from one to the other".to_owned(),
            Self::NotOn { network, .. } => format!("expected a router on network `{network}`"),
            Self::NoWayOn { family: Some(family), .. } => {
                format!("expected a way through networks with {family}")
            }
            Self::NoWayOn { router, to, family: None } => {
                format!("expected a route to `{to}` from another network that `{router}` is on")
            }
            Self::Circle { .. } => "expected routes that come closer to the destination".to_owned(),
            Self::NoWayBack { on, to, family: None, .. } => format!("expected a route from `{on}` to `{to}`, too"),
            Self::NoWayBack { family: Some(family), .. } => {
                format!("expected a way back through networks with {family}")
            }
            Self::MinimumTtl { arrives, .. } => format!("expected {arrives} or less, or none: it is known"),
            Self::TwoWays { .. } => {
                "expected a network whose routers have no other route to the destination".to_owned()
            }
            Self::Reflector { .. } => "expected a route reflector in the client's own AS".to_owned(),
            Self::Neighbor(_) => "expected each session at one end only".to_owned(),
            Self::EchoMultihop(_) => "expected a profile without echo-mode".to_owned(),
            Self::Unannounced { peers, .. } if peers.is_empty() => "a peer".to_owned(),
            Self::Unannounced { family, .. } => format!(
                "dual-stack = true at a peer, a peer whose family is \"{}\", or a pool without {family}",
                super::word(*family)
            ),
            Self::Unadvertised { .. } => "an advertisement whose pools contain it, or have no limit".to_owned(),
            Self::NowhereAnnounced { .. } => {
                "node-selectors that the advertisement and one of its peers have in common".to_owned()
            }
            Self::SelectsNone { nodes, .. } if nodes.is_empty() => {
                "expected a label that a node has: { \"kubernetes.io/hostname\" = NODE }, or one that [[node]] gives it"
                    .to_owned()
            }
            Self::SelectsNone { .. } => "a label of a node that announces".to_owned(),
            Self::NoPool { first } => format!("auto-assign = true at a pool, or pool = \"{first}\" in [workload]"),
            Self::Ambiguous { first, second } => {
                format!("expected auto-assign = false here or at `{first}`, or pool = \"{second}\" in [workload]")
            }
            Self::Service(problem) => problem.expected(),
            Self::Own(problem) => problem.expected(),
            Self::EchoIpv6 { .. } => "expected a profile without echo-mode, or a pool without IPv6".to_owned(),
            Self::LocalPreference { first_value, .. } => format!(
                "expected {first_value} here too, peers that the other does not have, or other aggregation lengths"
            ),
            Self::Repeated { what, .. } => format!("expected each {what} once"),
            Self::HalfDualStack { family, .. } => {
                format!("expected {family} for pods, services and the nodes' network, or for none")
            }
            Self::SideBySide { first, node: Some(_), .. } => {
                format!("expected {} here too, or node-selectors that have no node in common", first.1)
            }
            Self::SideBySide { first, node: None, .. } => {
                format!("expected {} here too, or version v0.16.0 or later in [metallb]", first.1)
            }
            Self::Ports { port, .. } => format!("expected port = {port} here too"),
            Self::Since { since, .. } => {
                format!("expected version {since} or later in [metallb], or a file without it")
            }
            Self::Native(_) => "expected backend frr or frr-k8s, or a lab without it".to_owned(),
            Self::Install(_) => {
                "expected `checkout` for make; `file`, or `url` with `sha256`, for manifest and direct".to_owned()
            }
            Self::Override(_) => return None,
        })
    }
}
