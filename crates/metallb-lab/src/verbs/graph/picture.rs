//! The content of a lab's picture, whatever it is drawn with.

use std::collections::BTreeMap;

use labfile::compose;
use labfile::{Addresses, Hops, Lab, Name, Node, NodeRole, Peer, Provider, Role, Router, Session};

/// More alike routers or nodes than this are drawn as the first two, the rest, and the last.
const HANDFUL: usize = 5;

/// A picture: networks, what is on them, and the sessions between.
pub(super) struct Picture {
    pub(super) title: String,
    /// The nodes' network first.
    pub(super) bands: Vec<Band>,
    pub(super) cluster: Group,
    /// The routers.
    pub(super) cards: Vec<Card>,
    pub(super) edges: Vec<Edge>,
}

/// A network.
pub(super) struct Band {
    pub(super) name: String,
    pub(super) subnets: Vec<String>,
    /// The static routes of what is on it.
    pub(super) routes: Vec<String>,
}

/// The nodes.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) nodes: Vec<Card>,
    pub(super) advertises: Option<String>,
}

/// A node, a router, or many alike.
pub(super) struct Card {
    pub(super) title: String,
    pub(super) subtitle: String,
    /// Bands that it is in, by index, with the addresses there.
    pub(super) at: Vec<(usize, Vec<String>)>,
    pub(super) is_many: bool,
}

/// An end of an edge.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Every node.
    Cluster,
    /// A router, by its index among the cards.
    Card(usize),
}

/// A BGP session, or one to each of many.
pub(super) struct Edge {
    pub(super) from: End,
    pub(super) to: usize,
    pub(super) label: String,
    pub(super) detail: String,
}

impl Picture {
    /// The picture of a lab.
    pub(super) fn of(lab: &Lab) -> Self {
        let mut networks: Vec<_> = lab.networks.iter().collect();
        networks.sort_by_key(|network| network.name != lab.cluster.network);
        let index: BTreeMap<&Name, usize> =
            networks.iter().enumerate().map(|(i, network)| (&network.name, i)).collect();
        let routes = |name: &Name| {
            let from = lab.routes.iter().filter(|route| route.from == *name);
            let text = |(to, hops): (ipnet::IpNet, Vec<std::net::IpAddr>)| {
                let hops: Vec<_> = hops.iter().map(ToString::to_string).collect();
                format!("{to} via {}", hops.join(" and "))
            };
            from.flat_map(|route| route.ways().map(text)).collect()
        };
        let bands = networks.iter().map(|network| Band {
            name: network.name.to_string(),
            subnets: network.subnets.iter().map(|net| net.to_string()).collect(),
            routes: routes(&network.name),
        });
        let (cards, card_of) = cards(lab, &index);
        let edges = edges(lab, &card_of);
        Self { title: format!("Lab {}", lab.name), bands: bands.collect(), cluster: group(lab), cards, edges }
    }
}

fn group(lab: &Lab) -> Group {
    let pinned = matches!(lab.cluster.provider, Provider::Standalone { .. });
    let role = |node: &&Node| match node.role {
        NodeRole::ControlPlane => "control plane, advertises nothing",
        NodeRole::Worker => "worker",
        NodeRole::Only => "control plane and worker",
    };
    let all = &lab.cluster.placement;
    let card = |range: &[usize]| {
        let these: Vec<&Node> = range.iter().map(|index| &all[*index]).collect();
        let (first, last) = (these[0], these[these.len() - 1]);
        // Docker chooses a kind node's addresses.
        let addresses = if pinned { between(&first.addresses, &last.addresses) } else { Vec::new() };
        many((&first.name, &last.name), &words(these.iter().map(role)), these.len(), vec![(0, addresses)])
    };
    let mut prefixes: Vec<String> = Vec::new();
    for prefix in compose::service_addresses(lab).iter().flat_map(|address| &address.prefixes) {
        let text = prefix.prefix.to_string();
        // Services share addresses and aggregates.
        if !prefixes.contains(&text) {
            prefixes.push(text);
        }
    }
    let place = match lab.cluster.provider {
        Provider::Standalone { .. } => "standalone: FRR in the nodes' place".to_owned(),
        Provider::Kind | Provider::Existing { .. } => {
            format!("MetalLB {}, backend {}", lab.metallb.version, backend(lab))
        }
    };
    Group {
        title: format!("{} · AS {}", lab.cluster.name, lab.cluster.asn),
        subtitle: place,
        nodes: handful(all.len()).iter().map(|range| card(range)).collect(),
        advertises: (!prefixes.is_empty()).then(|| prefixes.join(", ")),
    }
}

fn backend(lab: &Lab) -> &'static str {
    match lab.metallb.backend {
        labfile::Backend::Frr => "frr",
        labfile::Backend::FrrK8s => "frr-k8s",
        labfile::Backend::Native => "native",
    }
}

/// The indexes that each card stands for: all alone, or the first two, the rest, the last.
fn handful(count: usize) -> Vec<Vec<usize>> {
    if count <= HANDFUL {
        return (0..count).map(|index| vec![index]).collect();
    }
    vec![vec![0], vec![1], (2..count - 1).collect(), vec![count - 1]]
}

/// The routers' cards; single-homed routers of one network are gathered where they are many.
fn cards(lab: &Lab, index: &BTreeMap<&Name, usize>) -> (Vec<Card>, BTreeMap<Name, usize>) {
    let mut homes: BTreeMap<Vec<usize>, Vec<&Router>> = BTreeMap::new();
    for router in &lab.routers {
        let home = router.attachments.iter().filter_map(|(network, _)| index.get(network).copied()).collect();
        homes.entry(home).or_default().push(router);
    }
    let (mut cards, mut card_of) = (Vec::new(), BTreeMap::new());
    for routers in homes.values() {
        for range in handful(routers.len()) {
            let these: Vec<&Router> = range.iter().map(|index| routers[*index]).collect();
            card_of.extend(these.iter().map(|router| (router.name.clone(), cards.len())));
            cards.push(card(&these, index));
        }
    }
    (cards, card_of)
}

fn card(routers: &[&Router], index: &BTreeMap<&Name, usize>) -> Card {
    let (first, last) = (routers[0], routers[routers.len() - 1]);
    let roles = routers.iter().map(|router| match router.role {
        Role::Speaker(asn) => format!("AS {asn}"),
        Role::Forwarder => "forwards only".to_owned(),
    });
    let at = first
        .attachments
        .iter()
        .zip(&last.attachments)
        .map(|((network, low), (_, high))| (index.get(network).copied().unwrap_or_default(), between(low, high)));
    many((first.name.as_str(), last.name.as_str()), &words(roles), routers.len(), at.collect())
}

/// The card of so many that are alike, from the first to the last.
fn many((first, last): (&str, &str), role: &str, count: usize, at: Vec<(usize, Vec<String>)>) -> Card {
    let (title, subtitle) = match count {
        1 => (first.to_owned(), role.to_owned()),
        _ => (format!("{first} … {last}"), format!("{count} more · {role}")),
    };
    Card { title, subtitle, at, is_many: count > 1 }
}

/// Each of some words once.
fn words(all: impl Iterator<Item = impl Into<String>>) -> String {
    let mut words: Vec<String> = all.map(Into::into).collect();
    words.dedup();
    words.join(", ")
}

/// The addresses from one to another, family by family.
fn between(low: &Addresses, high: &Addresses) -> Vec<String> {
    let text = |(low, high)| if low == high { format!("{low}") } else { format!("{low} … {high}") };
    low.iter().zip(high.iter()).map(text).collect()
}

fn edges(lab: &Lab, card_of: &BTreeMap<Name, usize>) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let mut many: BTreeMap<usize, Vec<&Peer>> = BTreeMap::new();
    for peer in &lab.peers {
        let Some(to) = card_of.get(&peer.router) else { continue };
        many.entry(*to).or_default().push(peer);
    }
    for (to, peers) in many {
        let routers = peers.iter().map(|peer| &peer.router).collect::<std::collections::BTreeSet<_>>().len();
        // Several peers of one router are sessions of their own; those of many routers are alike.
        let groups: Vec<&[&Peer]> = if routers > 1 { vec![&peers] } else { peers.chunks(1).collect() };
        for group in groups {
            let (first, last) = (group[0], group[group.len() - 1]);
            let name =
                if group.len() == 1 { first.name.to_string() } else { format!("{} … {}", first.name, last.name) };
            let families: Vec<String> = first.families().iter().map(ToString::to_string).collect();
            edges.push(Edge {
                from: End::Cluster,
                to,
                label: name,
                detail: format!(
                    "{} over {}{} · carries {}",
                    kind(lab.cluster.asn == first.router_asn),
                    first.session.family,
                    bfd(&first.session),
                    families.join(", ")
                ),
            });
        }
    }
    for link in &lab.links {
        let (Some(from), Some(to)) = (card_of.get(&link.from.router), card_of.get(&link.to.router)) else { continue };
        if from != to && !edges.iter().any(|edge| edge.from == End::Card(*from) && edge.to == *to) {
            let role = if link.reflected { ", route reflector client" } else { "" };
            let detail = format!("{}{role}{}", kind(link.from.asn == link.to.asn), bfd(&link.session));
            edges.push(Edge { from: End::Card(*from), to: *to, label: String::new(), detail });
        }
    }
    edges
}

fn kind(internal: bool) -> &'static str {
    if internal { "iBGP" } else { "eBGP" }
}

fn bfd(session: &Session) -> &'static str {
    match (&session.bfd, session.hops) {
        (None, _) => "",
        (Some(_), Hops::Direct) => " · BFD single-hop",
        (Some(_), Hops::Routed(_)) => " · BFD multihop",
    }
}
