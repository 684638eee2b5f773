//! The label beside each problem: what would be right.

use ipnet::IpNet;

use super::Problem;

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
            Self::Overlap { .. } => "expected a range that overlaps no other".to_owned(),
            Self::Exhausted { .. } => "expected fewer nodes, or a larger dynamic part".to_owned(),
            Self::PastTheEnd { .. } => "expected a smaller count, or a larger network".to_owned(),
            Self::Range { expected, .. } | Self::Unfit { expected, .. } => format!("expected {expected}"),
            Self::Aggregation { least, most, .. } if least == most => format!("expected {most}"),
            Self::Aggregation { least, most, .. } => format!("expected {least} to {most}"),
            Self::Timer(_) => "expected whole seconds, 1s to 65535s (a hold time: 3s or more)".to_owned(),
            Self::Keepalive { hold, .. } => format!("expected at most a third of the hold time, {} s", hold / 3),
            Self::Pattern { has_count: true, .. } => "expected a name with {n}, such as r{n}".to_owned(),
            Self::Pattern { has_count: false, .. } => "expected a name without {n}, or a `count`".to_owned(),
            Self::PeerPattern { .. } => "expected {n} in both, or in neither".to_owned(),
            Self::ForwarderSession(_) => "expected a router whose role is speaker".to_owned(),
            Self::NoAddress { family, .. } => format!("expected an {family} address there, or another family"),
            Self::NoRoute { from, to } => {
                format!("expected a route from `{from}` to `{to}`, and one back, or a router on both")
            }
            Self::Route(_) => "expected two networks, and a router on both".to_owned(),
            Self::TwoWays { .. } => {
                "expected a network whose routers have no other route to the destination".to_owned()
            }
            Self::Reflector { .. } => "expected a route reflector in the client's own AS".to_owned(),
            Self::Neighbor(_) => "expected each session at one end only".to_owned(),
            Self::EchoMultihop(_) => "expected a profile without echo-mode".to_owned(),
            Self::Unannounced { peers, .. } if peers.is_empty() => "a peer".to_owned(),
            Self::Unannounced { family, .. } => format!(
                "dual-stack = true at a peer, a peer whose family is \"{}\", or a pool without {family}",
                family.to_string().to_lowercase()
            ),
            Self::Unadvertised { .. } => "an advertisement whose pools contain it, or have no limit".to_owned(),
            Self::NoPool { first } => format!("auto-assign = true at a pool, or pool = \"{first}\" in [workload]"),
            Self::Ambiguous { first, second } => {
                format!("expected auto-assign = false here or at `{first}`, or pool = \"{second}\" in [workload]")
            }
            Self::EchoIpv6 { .. } => "expected a profile without echo-mode, or a pool without IPv6".to_owned(),
            Self::LocalPreference { first_value, .. } => format!(
                "expected {first_value} here too, peers that the other does not have, or other aggregation lengths"
            ),
            Self::Repeated { what, .. } => format!("expected each {what} once"),
            Self::HalfDualStack { .. } => {
                "expected IPv6 for pods, services and the nodes' network, or for none".to_owned()
            }
            Self::Native(_) => "expected backend frr or frr-k8s, or a lab without it".to_owned(),
            Self::Install(_) => {
                "expected `checkout` for make; `file`, or `url` with `sha256`, for manifest and direct".to_owned()
            }
            Self::Override(_) => return None,
        })
    }
}
