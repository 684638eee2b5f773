//! A router's FRR configuration.

use std::collections::BTreeSet;

use frrconf::{
    Config,
    model::{BestPath, Bfd, Bgp, Exchange, Families, Instance, Listen, Neighbor, Peering, Reach, RouteMap},
    values::{Hops as Ttl, Hostname, Sequence, Text},
};

use super::{
    ComposeError,
    sessions::{self, End},
};
use crate::{Asn, Family, Hops, Lab, Link, Node, Peer, Role, Router};

const PREFER_GLOBAL: &str = "prefer-global";

/// Composes a router's FRR configuration: static routes, its sessions with other routers, and those with the given nodes.
///
/// # Errors
/// [`ComposeError`], which no checked lab causes.
pub fn router(lab: &Lab, router: &Router, nodes: &[Node]) -> Result<Config, ComposeError> {
    Ok(instance(lab, router, nodes)?.validate()?)
}

/// Composes the same, not validated yet.
pub(super) fn instance(lab: &Lab, router: &Router, nodes: &[Node]) -> Result<Instance, ComposeError> {
    let mut instance = Instance::new(Hostname::new(router.name.as_str())?);
    instance.static_routes = sessions::static_routes(lab, router.name.as_str())?;
    if let Role::Speaker(asn) = router.role {
        let peers: Vec<&Peer> = lab.peers.iter().filter(|peer| peer.router == router.name).collect();
        let links: Vec<&Link> =
            lab.links.iter().filter(|link| [&link.from.router, &link.to.router].contains(&&router.name)).collect();
        let all = peers.iter().map(|peer| &peer.session).chain(links.iter().map(|link| &link.session));
        // The profiles are there while there are no nodes yet: without one, FRR's bfdd would start only with the reload.
        instance.bfd_profiles = sessions::profiles(all, End::Router)?;
        instance.route_maps.push(RouteMap::prefer_global(sessions::name(PREFER_GLOBAL)?, Sequence::new(10)?));
        let mut bgp = Bgp::new(asn.into());
        bgp.best_path = best_path(lab);
        bgp.router_id = Some(sessions::router_id(router.id)?);
        if let Some(port) = sessions::port(lab.port(router.name.as_str()))? {
            bgp.listen = Listen::On(port);
        }
        for peer in peers {
            for node in nodes.iter().filter(|node| node.is_in(&peer.nodes)) {
                bgp.neighbors.extend(from_node(peer, node)?);
            }
        }
        for link in links {
            bgp.neighbors.push(between(lab, router, link)?);
        }
        instance.bgp = Some(bgp);
    }
    Ok(instance)
}

/// Composes the neighbor for a node's speaker.
fn from_node(peer: &Peer, node: &Node) -> Result<Option<Neighbor>, ComposeError> {
    let Some(address) = node.addresses.of(peer.session.family) else { return Ok(None) };
    let reach = match peer.session.hops {
        Hops::Direct => Reach::Connected,
        Hops::Routed(_) => Reach::Multihop(Ttl::MAX),
    };
    let peering = Peering::between(peer.router_asn.into(), peer.node_end.asn.into(), reach);
    let wants = |family| peer.families().contains(&family);
    let inbound = Exchange { inbound: Some(sessions::name(PREFER_GLOBAL)?), ..Exchange::default() };
    Ok(Some(Neighbor {
        description: Text::new(node.name.as_str()).ok(),
        password: peer.session.password.clone(),
        timers: sessions::timers(&peer.session)?,
        bfd: sessions::profile_name(&peer.session)?.map(Bfd::Profile),
        families: Families {
            ipv4: wants(Family::Ipv4).then(Exchange::default),
            ipv6: wants(Family::Ipv6).then_some(inbound),
        },
        ..Neighbor::new(address, peering)
    }))
}

/// Returns the address families of a link: those of its network.
pub(super) fn families(lab: &Lab, link: &Link) -> &'static [Family] {
    lab.network_at(link.to.address).map_or(&[], |network| network.subnets.families())
}

/// Returns the routers' choice among equal paths. Through two ASes there is only one path to the other; where there are
/// more, a router takes the paths through all of them, and which one it passes on does not depend on which came first.
pub(super) fn best_path(lab: &Lab) -> BestPath {
    let routers = lab.routers.iter().filter_map(|router| match router.role {
        Role::Speaker(asn) => Some(asn),
        Role::Forwarder => None,
    });
    let all: BTreeSet<Asn> = routers.chain([lab.cluster.asn]).collect();
    if all.len() > 2 { BestPath::BY_PATHS } else { BestPath::USUAL }
}

/// Composes the neighbor for the other end of a link.
fn between(lab: &Lab, router: &Router, link: &Link) -> Result<Neighbor, ComposeError> {
    let is_from = link.from.router == router.name;
    let (own, other) = if is_from { (&link.from, &link.to) } else { (&link.to, &link.from) };
    let peering = match Peering::between(own.asn.into(), other.asn.into(), Reach::Connected) {
        Peering::Internal { .. } => Peering::Internal { route_reflector_client: link.reflected && !is_from },
        external @ Peering::External { .. } => external,
    };
    // Over an IPv4 session, eBGP also gives a link-local next hop, which FRR would prefer; iBGP gives none.
    let external = matches!(peering, Peering::External { .. });
    let inbound = external.then(|| sessions::name(PREFER_GLOBAL)).transpose()?;
    let families = families(lab, link);
    let carries = |family| families.contains(&family);
    Ok(Neighbor {
        description: Text::new(other.router.as_str()).ok(),
        password: link.session.password.clone(),
        timers: sessions::timers(&link.session)?,
        connect: sessions::connect(link.session.timers.connect)?,
        port: sessions::port(lab.port(other.router.as_str()))?,
        bfd: sessions::profile_name(&link.session)?.map(Bfd::Profile),
        families: Families {
            ipv4: carries(Family::Ipv4).then(Exchange::default),
            ipv6: carries(Family::Ipv6).then(|| Exchange { inbound, ..Exchange::default() }),
        },
        ..Neighbor::new(other.address, peering)
    })
}
