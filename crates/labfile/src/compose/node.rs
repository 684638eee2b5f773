//! A standalone node: FRR, configured as by MetalLB's speaker.

use frrconf::{
    Config,
    speaker::{Advertisement, Speaker, SpeakerPeer},
    values::Hostname,
};

use super::{
    ComposeError,
    service::{self, Advertised},
    sessions::{self, End},
};
use crate::{Lab, Node, Peer, Provider, identity::identifier};

/// Composes a node's FRR configuration.
///
/// # Errors
/// [`ComposeError`], which no checked lab causes.
pub fn speaker(lab: &Lab, node: &Node) -> Result<Config, ComposeError> {
    let router_id = lab.peers_of(node).find_map(|peer| peer.node_end.router_id);
    let speaker = Speaker {
        hostname: Hostname::new(node.name.as_str())?,
        asn: lab.node_asn(node).into(),
        router_id: Some(sessions::router_id(router_id.unwrap_or(identifier(&node.name, [&node.addresses])))?),
        peers: lab.peers_of(node).map(|peer| speaker_peer(lab, peer)).collect::<Result<_, _>>()?,
        bfd_profiles: sessions::profiles(lab.peers_of(node).map(|peer| &peer.session), End::Node)?,
        advertisements: advertisements(lab, node)?,
    };
    let mut instance = speaker.instance()?;
    instance.static_routes = sessions::static_routes(lab, &node.name)?;
    Ok(instance.validate()?)
}

fn speaker_peer(lab: &Lab, peer: &Peer) -> Result<SpeakerPeer, ComposeError> {
    let usual = match lab.cluster.provider {
        Provider::Standalone { connect_time } => connect_time,
        Provider::Kind | Provider::Existing { .. } => None,
    };
    Ok(SpeakerPeer {
        port: sessions::port(peer.port)?,
        source: peer.node_end.source,
        dynamic_asn: peer.node_end.dynamic_asn,
        graceful_restart: peer.node_end.graceful_restart,
        ebgp_multihop: peer.is_ebgp_multihop(),
        dual_stack_address_family: peer.dual_stack,
        timers: sessions::timers(&peer.session)?,
        connect: sessions::connect(peer.session.timers.connect.or(usual))?,
        password: peer.session.password.clone(),
        bfd_profile: sessions::profile_name(&peer.session)?,
        ..SpeakerPeer::new(peer.address, peer.router_asn.into())
    })
}

/// Returns the node's advertisements to peers that it has, of the services that are on it.
fn advertisements(lab: &Lab, node: &Node) -> Result<Vec<Advertisement>, ComposeError> {
    let goes = |one: &&Advertised| node.is_in(&one.by.nodes) && lab.peers_of(node).any(|peer| one.by.goes_to(peer));
    let placed = service::as_written(lab);
    let here = placed.iter().filter(|placed| lab.announces(node, placed.service));
    service::once(here.flat_map(|placed| placed.prefixes()).filter(goes))
        .into_iter()
        .map(|advertised| {
            let communities = &advertised.by.communities;
            // Without a name in the advertisement it goes to all of them, which no address says.
            let peers = lab.peers_of(node).filter(|peer| advertised.by.peers.contains(&peer.name));
            Ok(Advertisement {
                peers: peers.map(|peer| peer.address).collect(),
                local_preference: advertised.by.local_preference,
                communities: communities.iter().filter_map(|community| community.standard()).collect(),
                large_communities: communities.iter().filter_map(|community| community.large()).collect(),
                ..Advertisement::new(advertised.prefix)
            })
        })
        .collect()
}
