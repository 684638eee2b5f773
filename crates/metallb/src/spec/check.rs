//! Contradictions in a configuration, found before anything is applied.

use std::fmt;

use super::{Backend, BfdProfile, BgpPeer, Configuration, IpAddressPool, PeerAsn};
use crate::NodeView;
use crate::value::{AddressRange, CommunityValue};

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
        for peer in self.peers.iter().filter(|peer| peer.spec.ebgp_multi_hop && peer.spec.is_internal()) {
            let why = "ebgpMultiHop is for peers of another AS number; iBGP needs no such setting";
            found.say("BGPPeer", peer.name(), why);
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
            // Where nodes are selected, only MetalLB knows which peers meet on one.
            let is_everywhere = |peer: &&BgpPeer| peer.spec.node_selectors.is_empty();
            for other in self.peers.iter().take(i).filter(is_everywhere).filter(|_| is_everywhere(&peer)) {
                let (name, other_name) = (peer.name(), other.name());
                if peer.spec.peer_address == other.spec.peer_address {
                    found.say("BGPPeer", name, format!("has the same neighbor as {other_name}"));
                }
                if peer.spec.my_asn != other.spec.my_asn {
                    found.say(
                        "BGPPeer",
                        name,
                        format!("has another myASN than {other_name}: FRR runs one AS number per node"),
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
                (spec.connect_time.is_some(), "connectTime"),
                (spec.dual_stack_address_family, "dualStackAddressFamily"),
                (spec.disable_mp, "disableMP"),
                (spec.enable_graceful_restart, "enableGracefulRestart"),
                (matches!(spec.peer_asn, PeerAsn::Dynamic(_)), "dynamicASN"),
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
            let communities = advertisement.spec.communities.iter();
            for large in communities.filter(|community| matches!(community, CommunityValue::Large(..))) {
                found.say("BGPAdvertisement", advertisement.name(), format!("{large}: {CHOOSE}"));
            }
        }
    }
}
