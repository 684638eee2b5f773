//! A standalone node: FRR, configured as by MetalLB's speaker.

use frrconf::{
    Config,
    speaker::{Advertisement, Speaker, SpeakerPeer},
    values::{Community, Hostname},
};

use super::{
    ComposeError, service,
    sessions::{self, End},
};
use crate::{Lab, Node, NodeRole, Peer, Provider};

/// Composes a node's FRR configuration.
///
/// # Errors
/// [`ComposeError`], which no checked lab causes.
pub fn speaker(lab: &Lab, node: &Node) -> Result<Config, ComposeError> {
    let speaker = Speaker {
        hostname: Hostname::new(node.name.as_str())?,
        asn: lab.cluster.asn.into(),
        router_id: Some(sessions::router_id(node.addresses.v4)?),
        peers: lab.peers.iter().map(|peer| speaker_peer(lab, peer)).collect::<Result<_, _>>()?,
        bfd_profiles: sessions::profiles(lab.peers.iter().map(|peer| &peer.session), End::Node)?,
        advertisements: advertisements(lab, node)?,
    };
    let mut instance = speaker.instance()?;
    instance.static_routes = sessions::static_routes(lab, &[&lab.cluster.network])?;
    Ok(instance.validate()?)
}

fn speaker_peer(lab: &Lab, peer: &Peer) -> Result<SpeakerPeer, ComposeError> {
    let usual = match lab.cluster.provider {
        Provider::Standalone { connect_time } => connect_time,
        Provider::Kind | Provider::Existing { .. } => None,
    };
    Ok(SpeakerPeer {
        ebgp_multihop: lab.is_ebgp_multihop(peer),
        dual_stack_address_family: peer.dual_stack,
        timers: sessions::timers(&peer.session)?,
        connect: sessions::connect(peer.session.timers.connect.or(usual))?,
        password: peer.session.password.clone(),
        bfd_profile: sessions::profile_name(&peer.session)?,
        ..SpeakerPeer::new(peer.address, peer.router_asn.into())
    })
}

/// Returns the node's advertisements: none on the control plane, which load balancing excludes.
fn advertisements(lab: &Lab, node: &Node) -> Result<Vec<Advertisement>, ComposeError> {
    if node.role == NodeRole::ControlPlane {
        return Ok(Vec::new());
    }
    service::advertised(lab)
        .map(|advertised| {
            let communities = advertised.by.communities.iter().map(|community| community.as_str().parse::<Community>());
            let peers = lab.peers.iter().filter(|peer| advertised.by.peers.contains(&peer.name));
            Ok(Advertisement {
                peers: peers.map(|peer| peer.address).collect(),
                local_preference: advertised.by.local_preference,
                communities: communities.collect::<Result<_, _>>()?,
                ..Advertisement::new(advertised.prefix)
            })
        })
        .collect()
}
