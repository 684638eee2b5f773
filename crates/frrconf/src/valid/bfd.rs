//! BFD sessions: their two ends, and the profiles that they refer to.

use std::net::IpAddr;

use super::{Owner, Problem, repeated};
use crate::model::{BfdPeer, Echo, Instance, Peering, Reach};
use crate::values::Name;

pub(super) fn check(instance: &Instance, problems: &mut Vec<Problem>) {
    let peers = repeated(instance.bfd_peers.iter().map(BfdPeer::key));
    problems.extend(peers.into_iter().map(|(peer, ..)| Problem::Repeated { kind: "BFD peer", name: peer.to_string() }));
    let on_a_link = |peer: IpAddr| {
        let is =
            |other: &BfdPeer| matches!(other, BfdPeer::SingleHop { interface: Some(_), .. } if other.peer() == peer);
        instance.bfd_peers.iter().any(is)
    };
    let anywhere = instance.bfd_peers.iter().filter(|peer| matches!(peer, BfdPeer::SingleHop { interface: None, .. }));
    let both = anywhere.map(BfdPeer::peer).filter(|peer| on_a_link(*peer));
    problems.extend(both.map(Problem::WithAndWithoutInterface));

    for peer in &instance.bfd_peers {
        check_peer(peer, problems);
        if let Some(profile) = peer.profile() {
            let multihop = matches!(peer, BfdPeer::Multihop { .. });
            check_profile(instance, &Owner::BfdPeer(peer.peer()), profile, multihop, problems);
        }
    }
    for neighbor in instance.bgp.iter().flat_map(|bgp| &bgp.neighbors) {
        if let Some(profile) = neighbor.bfd.as_ref().and_then(|bfd| bfd.profile()) {
            let multihop = matches!(neighbor.peering, Peering::External { reach: Reach::Multihop(_), .. });
            check_profile(instance, &Owner::Neighbor(neighbor.address), profile, multihop, problems);
        }
    }
}

fn check_peer(peer: &BfdPeer, problems: &mut Vec<Problem>) {
    let address = peer.peer();
    let owner = || Owner::BfdPeer(address);
    problems.extend(super::routes::not_a_host(owner(), address));
    match peer {
        BfdPeer::SingleHop { interface: None, .. } if super::routes::is_link_local(address) => {
            problems.push(Problem::LinkLocal { owner: owner(), address, remedy: "name the interface" });
        }
        BfdPeer::Multihop { .. } if super::routes::is_link_local(address) => {
            problems.push(Problem::LinkLocal { owner: owner(), address, remedy: "give a global address" });
        }
        BfdPeer::Multihop { path, .. } if super::routes::is_link_local(path.local()) => {
            problems.push(Problem::LinkLocal {
                owner: owner(),
                address: path.local(),
                remedy: "give a global address",
            });
        }
        BfdPeer::Multihop { path, .. } if path.peer() == path.local() => problems.push(Problem::PeerIsLocal(address)),
        BfdPeer::Multihop { path, .. } => problems.extend(super::routes::not_a_host(owner(), path.local())),
        BfdPeer::SingleHop { .. } => {}
    }
}

/// Checks that the profile is defined and fits the session. Only its network shows if an iBGP
/// session is multihop.
fn check_profile(instance: &Instance, owner: &Owner, name: &Name, multihop: bool, problems: &mut Vec<Problem>) {
    match instance.bfd_profiles.iter().find(|profile| profile.name == *name) {
        None => problems.push(Problem::Undefined { owner: owner.clone(), kind: "BFD profile", name: name.clone() }),
        Some(profile) if multihop && matches!(profile.echo, Echo::On { .. }) => {
            problems.push(Problem::EchoOverMultihop { owner: owner.clone(), profile: name.clone() });
        }
        Some(_) => {}
    }
}
