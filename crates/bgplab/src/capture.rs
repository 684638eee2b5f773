//! Choosing the places of a capture, and the packets that belong to it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use netlab::{Docker, Engine};

use crate::bringup::{existing, nodes_there};
use crate::failure::Failure;
use labfile::compose;
use labfile::{Lab, Node, Provider, Role};

/// A wish for packets; the default is each session at one of its ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Routers and nodes to listen at, by name.
    pub on: Vec<String>,
    /// The two ends of the only session, as `frr1-kind-worker`.
    pub session: Option<String>,
    /// The network to listen on, at all who are on it.
    pub link: Option<String>,
}

/// The places of a capture, and the packets that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// The containers to listen in, by name.
    pub places: Vec<String>,
    /// The two ends of the packets, each by its addresses; `None` means any.
    pub pair: Option<[BTreeSet<IpAddr>; 2]>,
    /// The ranges of the network on which each packet counts once; `None` means every network, at each place.
    pub link: Option<Vec<IpNet>>,
}

/// The routers and nodes of a lab, with the addresses that are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members(BTreeMap<String, Member>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Member {
    is_router: bool,
    networks: BTreeSet<String>,
    addresses: BTreeSet<IpAddr>,
}

impl Members {
    /// Looks at the members of a lab: its nodes' addresses are what the engine or the API says.
    ///
    /// # Errors
    /// An error of the engine or of the API.
    pub async fn look(lab: &Lab, docker: &Docker) -> Result<Self, Failure> {
        let nodes = match lab.cluster.provider {
            Provider::Standalone { .. } => compose::known_nodes(lab).to_vec(),
            Provider::Kind => nodes_there(lab, &docker.containers().await?).0,
            Provider::Existing { .. } => existing::nodes(&existing::cluster(lab).await?).await?,
        };
        Ok(Self::of(lab, &nodes))
    }

    /// Returns the members of a lab whose nodes are these.
    #[must_use]
    pub fn of(lab: &Lab, nodes: &[Node]) -> Self {
        let routers = lab.routers.iter().map(|router| {
            let networks = router.attachments.iter().map(|(network, _)| network.to_string()).collect();
            let addresses = router.attachments.iter().flat_map(|(_, addresses)| addresses.iter()).collect();
            (router.name.to_string(), Member { is_router: true, networks, addresses })
        });
        let addresses =
            |name: &str| nodes.iter().filter(|node| node.name == name).flat_map(|node| node.addresses.iter()).collect();
        let network = || BTreeSet::from([lab.cluster.network.to_string()]);
        // An existing cluster's nodes are what its API says.
        let named: Vec<String> = match lab.cluster.provider {
            Provider::Existing { .. } => nodes.iter().map(|node| node.name.clone()).collect(),
            Provider::Kind | Provider::Standalone { .. } => lab.cluster.node_names().map(|(name, _)| name).collect(),
        };
        let of_nodes = named.into_iter().map(|name| {
            let addresses = addresses(&name);
            (name, Member { is_router: false, networks: network(), addresses })
        });
        Self(routers.chain(of_nodes).collect())
    }

    /// Returns the owner of each address.
    #[must_use]
    pub fn by_address(&self) -> BTreeMap<IpAddr, String> {
        let each = |(name, member): (&String, &Member)| {
            member.addresses.iter().map(|address| (*address, name.clone())).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(each).collect()
    }

    fn find(&self, name: &str) -> Result<&Member, Failure> {
        self.0.get(name).ok_or_else(|| {
            let names: Vec<&str> = self.0.keys().map(String::as_str).collect();
            Failure::wrong_use(format!("the lab has no router or node `{name}`"))
                .next(format!("one of {}", names.join(", ")))
        })
    }

    /// Returns the two ends in `A-B`: names may hold hyphens themselves.
    fn ends<'a>(&self, session: &'a str) -> Result<[&'a str; 2], Failure> {
        let mut splits =
            session.match_indices('-').filter_map(|(at, _)| Some([session.get(..at)?, session.get(at + 1..)?]));
        let ends = splits.rfind(|ends| ends.iter().all(|name| self.0.contains_key(*name)));
        ends.ok_or_else(|| {
            let names: Vec<&str> = self.0.keys().map(String::as_str).collect();
            Failure::wrong_use(format!("`{session}` is not two of the lab's routers and nodes with a hyphen between"))
                .next(format!("two of {}", names.join(", ")))
        })
    }
}

/// Chooses the places and packets of a wish.
///
/// # Errors
/// Wrong use where the lab has no such router, node, session or network; a step failure where an end of the session has no
/// address, because it does not run.
pub fn choose(lab: &Lab, members: &Members, wish: &Wish) -> Result<Choice, Failure> {
    let mut choice = Choice { places: wish.on.clone(), pair: None, link: None };
    wish.on.iter().try_for_each(|name| members.find(name).map(drop))?;
    if let Some(session) = &wish.session {
        let ends = members.ends(session)?;
        let of = |name| members.find(name);
        let [a, b] = [of(ends[0])?, of(ends[1])?];
        for (name, member) in ends.iter().zip([a, b]) {
            if member.addresses.is_empty() {
                let next = "without --session, `--on ROUTER` listens from the first packet on";
                return Err(Failure::step(format!("{name} has no address: it does not run")).next(next));
            }
        }
        choice.pair = Some([a.addresses.clone(), b.addresses.clone()]);
        if choice.places.is_empty() {
            // At the router's end: it is here, whatever the nodes are.
            let at = if a.is_router { ends[0] } else { ends[1] };
            choice.places = vec![at.to_owned()];
        }
    } else if let Some(name) = &wish.link {
        let network = lab.network(name).ok_or_else(|| {
            let names: Vec<&str> = lab.networks.iter().map(|network| network.name.as_str()).collect();
            Failure::wrong_use(format!("the lab has no network `{name}`")).next(format!("one of {}", names.join(", ")))
        })?;
        choice.link = Some(network.subnets.iter().collect());
        choice.places = members
            .0
            .iter()
            .filter(|(_, member)| member.networks.contains(name))
            .map(|(name, _)| name.clone())
            .collect();
    } else if choice.places.is_empty() {
        choice.places = answerers(lab);
    }
    let mut seen = BTreeSet::new();
    choice.places.retain(|place| seen.insert(place.clone()));
    Ok(choice)
}

/// Returns the routers that answer a session, of nodes or of other routers: each session is seen at one of its ends. Where there is
/// none, all that speak.
fn answerers(lab: &Lab) -> Vec<String> {
    let answering = lab.peers.iter().map(|peer| &peer.router).chain(lab.links.iter().map(|link| &link.to.router));
    let answering: BTreeSet<String> = answering.map(ToString::to_string).collect();
    if answering.is_empty() {
        let speakers = lab.routers.iter().filter(|router| matches!(router.role, Role::Speaker(_)));
        return speakers.map(|router| router.name.to_string()).collect();
    }
    answering.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use labfile::{Overrides, ProviderName};

    fn wish() -> Wish {
        Wish::default()
    }

    fn chosen(wish: &Wish) -> Result<Choice, serde_json::Value> {
        let lab =
            Lab::documented(&Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() }).unwrap();
        let members = Members::of(&lab, &lab.cluster.placement);
        choose(&lab, &members, wish).map_err(|failure| failure.to_json())
    }

    #[test]
    fn each_session_is_seen_at_one_end() {
        let choice = chosen(&wish()).unwrap();
        assert_eq!(choice.places, ["frr1", "frr2"]);
        let choice = chosen(&Wish { on: vec!["kind-worker".to_owned()], ..wish() }).unwrap();
        assert_eq!(choice.places, ["kind-worker"]);
        let twice = ["frr1", "frr2", "frr1"].map(str::to_owned).to_vec();
        assert_eq!(chosen(&Wish { on: twice, ..wish() }).unwrap().places, ["frr1", "frr2"]);
        assert_eq!(chosen(&Wish { on: vec!["frr9".to_owned()], ..wish() }).unwrap_err()["code"], 2);
    }

    #[test]
    fn the_ends_of_a_session_may_hold_hyphens() {
        for session in ["frr1-kind-worker", "kind-worker-frr1"] {
            let choice = chosen(&Wish { session: Some(session.to_owned()), ..wish() }).unwrap();
            assert_eq!(choice.places, ["frr1"], "{session}: at the router's end");
            let [a, b] = choice.pair.unwrap();
            let router = if session.starts_with("frr1") { a } else { b };
            assert_eq!(router, BTreeSet::from(["10.0.2.3".parse().unwrap(), "fd00:10:0:2::3".parse().unwrap()]));
        }
        let choice = chosen(&Wish { session: Some("next-hop-router-frr1".to_owned()), ..wish() }).unwrap();
        assert_eq!(choice.places, ["next-hop-router"]);
        for session in ["frr1", "frr1-", "frr1-kind", "frr1–kind-worker"] {
            let refused = chosen(&Wish { session: Some(session.to_owned()), ..wish() }).unwrap_err();
            assert_eq!(refused["code"], 2, "{session}");
        }
    }

    #[test]
    fn on_a_link_everybody_is_listened_to() {
        let choice = chosen(&Wish { link: Some("kind2".to_owned()), ..wish() }).unwrap();
        assert_eq!(choice.places, ["frr1", "frr2", "next-hop-router"]);
        assert!(choice.link.is_some());
        assert!(
            chosen(&Wish { link: Some("kind3".to_owned()), ..wish() }).unwrap_err()["next"]
                .as_str()
                .unwrap()
                .contains("kind2")
        );
    }
}
