//! Contradictions in a configuration, found before anything is applied.

use std::fmt;

use super::{Backend, BfdProfile, BgpPeer, BgpPeerSpec, Configuration, IpAddressPool, Neighbor, RemoteAs};
use crate::NodeView;
use crate::value::{AddressRange, CommunityRef, CommunityValue};

/// A part of a configuration that MetalLB would refuse or silently ignore.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contradiction {
    /// The resource's kind and name.
    pub object: String,
    /// The problem, and the way out.
    pub why: String,
}

/// All contradictions of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Contradictions(pub Vec<Contradiction>);

impl fmt::Display for Contradictions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.0.iter().map(|c| format!("{}: {}", c.object, c.why)).collect();
        f.write_str(&texts.join("; "))
    }
}

/// Collects contradictions.
struct Finder(Vec<Contradiction>);

impl Finder {
    fn say(&mut self, kind: &str, name: &str, why: impl Into<String>) {
        self.0.push(Contradiction { object: format!("{kind} {name}"), why: why.into() });
    }
}

impl Configuration {
    /// Checks that MetalLB accepts the configuration with this backend (after `internal/config` of MetalLB).
    ///
    /// # Errors
    /// Every contradiction, not only the first.
    pub fn check(&self, backend: Backend) -> Result<(), Contradictions> {
        let mut found = Finder(Vec::new());
        self.check_pools(&mut found);
        self.check_references(&mut found);
        for peer in &self.peers {
            check_peer(peer.name(), &peer.spec, &mut found);
        }
        if backend.is_frr() {
            self.check_frr(&mut found);
        } else {
            self.check_native(&mut found);
        }
        if found.0.is_empty() { Ok(()) } else { Err(Contradictions(found.0)) }
    }

    /// Checks that no pool contains a node's own address.
    ///
    /// # Errors
    /// Each pool and node.
    pub fn check_nodes(&self, nodes: &[NodeView]) -> Result<(), Contradictions> {
        let mut found = Finder(Vec::new());
        for (pool, range) in self.ranges() {
            for node in nodes {
                for address in node.addresses.iter().filter(|address| range.contains(**address)) {
                    found.say(
                        "IPAddressPool",
                        pool,
                        format!("{range} contains {address}, which node {} has", node.name),
                    );
                }
            }
        }
        if found.0.is_empty() { Ok(()) } else { Err(Contradictions(found.0)) }
    }

    /// The ranges of all pools, with the pool's name.
    pub(crate) fn ranges(&self) -> Vec<(&str, AddressRange)> {
        self.pools.iter().flat_map(|pool| pool.spec.addresses.iter().map(|range| (pool.name(), *range))).collect()
    }

    fn check_pools(&self, found: &mut Finder) {
        let ranges = self.ranges();
        for (i, (pool, range)) in ranges.iter().enumerate() {
            for (other_pool, other) in ranges.iter().take(i).filter(|(_, other)| range.overlaps(other)) {
                found.say("IPAddressPool", pool, format!("{range} overlaps {other} of pool {other_pool}"));
            }
        }
        for pool in self.pools.iter().filter(|pool| pool.spec.addresses.is_empty()) {
            found.say("IPAddressPool", pool.name(), "has no addresses");
        }
    }

    fn check_references(&self, found: &mut Finder) {
        let profiles: Vec<&str> = self.bfd_profiles.iter().map(BfdProfile::name).collect();
        let pools: Vec<&str> = self.pools.iter().map(IpAddressPool::name).collect();
        let peers: Vec<&str> = self.peers.iter().map(BgpPeer::name).collect();
        for peer in &self.peers {
            if let Some(profile) = peer.spec.bfd_profile.iter().find(|name| !profiles.contains(&name.as_str())) {
                found.say("BGPPeer", peer.name(), format!("there is no BFD profile {profile}"));
            }
        }
        for advertisement in &self.advertisements {
            let (name, spec) = (advertisement.name(), &advertisement.spec);
            for pool in spec.ip_address_pools.iter().filter(|pool| !pools.contains(&pool.as_str())) {
                found.say("BGPAdvertisement", name, format!("there is no pool {pool}"));
            }
            for peer in spec.peers.iter().filter(|peer| !peers.contains(&peer.as_str())) {
                found.say("BGPAdvertisement", name, format!("there is no peer {peer}"));
            }
        }
    }

    fn check_frr(&self, found: &mut Finder) {
        for (i, peer) in self.peers.iter().enumerate() {
            for other in self.peers.iter().take(i) {
                // Peers of disjoint nodes do not meet in one FRR; which nodes those are, only the cluster knows.
                if !peer.spec.node_selectors.is_empty() || !other.spec.node_selectors.is_empty() {
                    continue;
                }
                let (name, other_name) = (peer.name(), other.name());
                if peer.spec.neighbor == other.spec.neighbor && peer.spec.vrf == other.spec.vrf {
                    found.say("BGPPeer", name, format!("has the same neighbor as {other_name}"));
                }
                if peer.spec.my_asn != other.spec.my_asn && peer.spec.vrf == other.spec.vrf {
                    found.say(
                        "BGPPeer",
                        name,
                        format!("has another myASN than {other_name}: FRR runs one AS number per node"),
                    );
                }
                if peer.spec.router_id != other.spec.router_id {
                    found.say(
                        "BGPPeer",
                        name,
                        format!("has another router id than {other_name}: FRR has one per node"),
                    );
                }
            }
        }
        let ipv6 = self.pools.iter().any(|pool| pool.spec.addresses.iter().any(AddressRange::is_ipv6));
        for profile in self.bfd_profiles.iter().filter(|profile| ipv6 && profile.spec.echo_mode == Some(true)) {
            found.say("BFDProfile", profile.name(), "BFD echo cannot be used beside an IPv6 pool");
        }
    }

    fn check_native(&self, found: &mut Finder) {
        const CHOOSE: &str = "the native backend has none: choose frr or frr-k8s";
        for profile in &self.bfd_profiles {
            found.say("BFDProfile", profile.name(), format!("BFD: {CHOOSE}"));
        }
        for peer in &self.peers {
            let spec = &peer.spec;
            let fields = [
                (spec.bfd_profile.is_some(), "bfdProfile"),
                (spec.timers.is_some(), "keepaliveTime"),
                (spec.vrf.is_some(), "vrf"),
                (spec.connect_time.is_some(), "connectTime"),
                (spec.enable_graceful_restart, "enableGracefulRestart"),
                (spec.disable_mp, "disableMP"),
                (spec.dual_stack_address_family, "dualStackAddressFamily"),
                (matches!(spec.remote, RemoteAs::Dynamic(_)), "dynamicASN"),
                (matches!(spec.neighbor, Neighbor::Interface(_)), "interface"),
            ];
            for (_, field) in fields.iter().filter(|(set, _)| *set) {
                found.say("BGPPeer", peer.name(), format!("{field}: {CHOOSE}"));
            }
        }
        for pool in &self.pools {
            for range in pool.spec.addresses.iter().filter(|range| range.is_ipv6()) {
                found.say("IPAddressPool", pool.name(), format!("{range} is IPv6: {CHOOSE}"));
            }
        }
        for advertisement in &self.advertisements {
            for community in &advertisement.spec.communities {
                if let CommunityRef::Value(large @ CommunityValue::Large(..)) = community {
                    found.say("BGPAdvertisement", advertisement.name(), format!("{large}: {CHOOSE}"));
                }
            }
        }
    }
}

fn check_peer(name: &str, spec: &BgpPeerSpec, found: &mut Finder) {
    if spec.ebgp_multi_hop && spec.remote == RemoteAs::Asn(spec.my_asn) {
        found.say("BGPPeer", name, "ebgpMultiHop is for peers of another AS number; iBGP needs no such setting");
    }
    if let (Neighbor::Address(peer), Some(source)) = (&spec.neighbor, spec.source_address)
        && peer.is_ipv4() != source.is_ipv4()
    {
        found.say(
            "BGPPeer",
            name,
            format!("source address {source} and peer {peer} are of different address families"),
        );
    }
    if spec.disable_mp && spec.dual_stack_address_family {
        found.say("BGPPeer", name, "disableMP and dualStackAddressFamily exclude each other");
    }
}
