//! The reasons why a spec is stuck: from what should be, which is derived from MetalLB's resources and the suite's routers, and
//! from what is. No effects here.

mod known;
mod services;
mod sessions;

use std::net::IpAddr;

use diagnosis::evidence::Frr;
use metallb::facts::{Balanced, PeerView, PoolView};

pub use known::known;

/// Everything that a look at a stuck spec sees.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The nodes.
    pub nodes: Vec<NodeSeen>,
    /// The suite's routers that run.
    pub routers: Vec<RouterSeen>,
    /// MetalLB's peers.
    pub peers: Vec<PeerView>,
    /// MetalLB's pools.
    pub pools: Vec<PoolView>,
    /// The services of type LoadBalancer, each with the controller's words on an address that it does not get.
    pub services: Vec<(Balanced, Option<String>)>,
    /// The pings that got no answer, from a node to an address.
    pub unanswered: Vec<(String, IpAddr)>,
}

/// A node.
#[derive(Debug, Clone, Default)]
pub struct NodeSeen {
    /// The name.
    pub name: String,
    /// The addresses.
    pub addresses: Vec<IpAddr>,
    /// The answers of its FRR; `None` with a backend that has none.
    pub frr: Option<Frr>,
}

/// A router of the suite's.
#[derive(Debug, Clone, Default)]
pub struct RouterSeen {
    /// The container's name.
    pub name: String,
    /// The addresses.
    pub addresses: Vec<IpAddr>,
    /// The answers of its FRR.
    pub frr: Frr,
    /// `true` if it has wget, by which the suite asks services.
    pub has_wget: bool,
    /// `true` if it forwards IPv6.
    pub forwards_ipv6: bool,
}

/// A session that MetalLB's resources ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Session<'a> {
    /// The node.
    pub node: &'a str,
    /// The node's address.
    pub from: IpAddr,
    /// The router.
    pub router: &'a str,
    /// The router's address.
    pub to: IpAddr,
    /// The peer.
    pub peer: &'a PeerView,
}

impl Seen {
    /// Returns the sessions that have to be: of each peer that is a router of the suite's, with each node that has it.
    ///
    /// A peer that selects nodes is there where the node's FRR knows it: which nodes it selects is MetalLB's to say.
    #[must_use]
    pub fn sessions(&self) -> Vec<Session<'_>> {
        let mut sessions = Vec::new();
        for peer in &self.peers {
            let Ok(to) = peer.address.parse::<IpAddr>() else { continue };
            let Some(router) = self.routers.iter().find(|router| router.addresses.contains(&to)) else { continue };
            for node in &self.nodes {
                let Some(from) = node.addresses.iter().find(|own| own.is_ipv4() == to.is_ipv4()) else { continue };
                let known = || node.frr.as_ref().is_some_and(|frr| frr.configured(to).is_some());
                if !peer.selects_nodes || known() {
                    sessions.push(Session { node: &node.name, from: *from, router: &router.name, to, peer });
                }
            }
        }
        sessions
    }

    /// Returns the pings that show whether the nodes reach the routers, of sessions that are down.
    #[must_use]
    pub fn pings(&self) -> Vec<(String, IpAddr)> {
        let down = self.sessions().into_iter().filter(|session| !self.is_up(session));
        let mut pings: Vec<(String, IpAddr)> = down.map(|session| (session.node.to_owned(), session.to)).collect();
        pings.sort();
        pings.dedup();
        pings
    }

    /// Returns `true` if the router says that a session is up.
    fn is_up(&self, session: &Session<'_>) -> bool {
        let neighbor = self.router(session.router).and_then(|router| router.frr.neighbor(session.from));
        neighbor.is_some_and(|neighbor| neighbor.state == frrconf::views::BgpState::Established)
    }

    fn router(&self, name: &str) -> Option<&RouterSeen> {
        self.routers.iter().find(|router| router.name == name)
    }

    fn node(&self, name: &str) -> Option<&NodeSeen> {
        self.nodes.iter().find(|node| node.name == name)
    }
}

/// Returns the reasons, the most telling first.
#[must_use]
pub fn reasons(seen: &Seen) -> Vec<String> {
    let mut reasons = sessions::reasons(seen);
    reasons.extend(services::reasons(seen));
    let without: Vec<&str> =
        seen.routers.iter().filter(|router| !router.has_wget).map(|router| router.name.as_str()).collect();
    if !without.is_empty() {
        reasons.push(format!(
            "{} without wget, by which the suite asks services: no spec that does passes",
            list(&without)
        ));
    }
    reasons
}

/// Returns names as a list in words.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests;
