//! From MetalLB's resources to an FRR instance.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{Advertisement, Speaker, SpeakerPeer};
use crate::model::{
    Action, Bfd, Bgp, Changes, Exchange, Families, GracefulRestart, Instance, Listen, Match, Neighbor, Peering,
    PrefixList, PrefixRule, PrefixRules, Reach, RestartRole, RouteMap, RouteMapEntry,
};
use crate::values::{Hops, InvalidWord, Name, OutOfRange, PrefixMatch, Sequence};

/// The reason why FRR cannot express a speaker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpeakerError {
    /// A name made from a peer's address is none. No address gives one, so far.
    #[error("peer {address}: {source}")]
    Name {
        /// The peer.
        address: IpAddr,
        /// The error of the name.
        source: InvalidWord,
    },
    /// More advertisements with properties of their own than a route map has entries.
    #[error("peer {address}: {source}; advertise fewer prefixes with a local preference or communities")]
    TooMany {
        /// The peer.
        address: IpAddr,
        /// The entry that was one too many.
        source: OutOfRange,
    },
}

impl Speaker {
    /// The FRR instance of the node. Static routes may be added before it is validated.
    ///
    /// # Errors
    /// [`SpeakerError`] where a route map would have more entries than FRR numbers.
    pub fn instance(&self) -> Result<Instance, SpeakerError> {
        let mut instance = Instance::new(self.hostname.clone());
        instance.bfd_profiles.clone_from(&self.bfd_profiles);
        let mut bgp = Bgp {
            router_id: self.router_id,
            listen: Listen::Never,
            graceful_restart: Some(GracefulRestart {
                role: RestartRole::Helper,
                preserve_forwarding_state: true,
                restart_time: None,
            }),
            ..Bgp::new(self.asn)
        };
        for peer in &self.peers {
            let names = Names::of(peer.address)?;
            bgp.neighbors.push(self.neighbor(peer, &names));
            self.filter(peer, &names, &mut instance)?;
            bgp.networks.extend(self.carried(peer).map(|advertisement| advertisement.prefix));
        }
        bgp.networks.sort();
        bgp.networks.dedup();
        instance.bgp = Some(bgp);
        Ok(instance)
    }

    fn neighbor(&self, peer: &SpeakerPeer, names: &Names) -> Neighbor {
        let reach = match peer.address {
            _ if peer.ebgp_multihop => Reach::Multihop(Hops::MAX),
            IpAddr::V6(_) if !peer.dual_stack_address_family => Reach::Unchecked,
            _ => Reach::Connected,
        };
        let exchange = Exchange {
            next_hop_self: false,
            inbound: Some(names.inbound.clone()),
            outbound: Some(names.outbound.clone()),
        };
        let (ipv4, ipv6) = peer.families();
        Neighbor {
            any_as: peer.dynamic_asn,
            port: peer.port,
            source: peer.source,
            timers: peer.timers,
            connect: peer.connect,
            password: peer.password.clone(),
            graceful_restart: peer.graceful_restart,
            bfd: peer.bfd_profile.clone().map(Bfd::Profile),
            families: Families { ipv4: ipv4.then(|| exchange.clone()), ipv6: ipv6.then_some(exchange) },
            ..Neighbor::new(peer.address, Peering::between(self.asn, peer.asn, reach))
        }
    }

    /// The advertisements that a session carries: those to the peer, of the session's families.
    fn carried(&self, peer: &SpeakerPeer) -> impl Iterator<Item = &Advertisement> {
        let (address, (ipv4, ipv6)) = (peer.address, peer.families());
        self.advertisements.iter().filter(move |advertisement| {
            let of_family = match advertisement.prefix {
                IpNet::V4(_) => ipv4,
                IpNet::V6(_) => ipv6,
            };
            of_family && advertisement.goes_to(address)
        })
    }

    /// A peer's lists and maps: nothing comes in; what is advertised goes out, its properties set on the way.
    fn filter(&self, peer: &SpeakerPeer, names: &Names, instance: &mut Instance) -> Result<(), SpeakerError> {
        let ours: Vec<&Advertisement> = self.carried(peer).collect();
        let refuse = |source| SpeakerError::TooMany { address: peer.address, source };
        let mut entries = Vec::new();
        for (index, advertisement) in ours.iter().enumerate() {
            let set = changes(advertisement);
            if set == Changes::default() {
                continue;
            }
            let list = names.list(&format!("properties-{}", index + 1))?;
            instance.prefix_lists.push(PrefixList { name: list.clone(), rules: only(advertisement.prefix) });
            entries.push(RouteMapEntry {
                matches: Some(Match::PrefixList(list)),
                set,
                then_next: true,
                ..RouteMapEntry::new(place(entries.len()).map_err(refuse)?, Action::Permit)
            });
        }
        for (list, rules) in [(&names.ipv4, ipv4_rules(&ours)), (&names.ipv6, ipv6_rules(&ours))] {
            instance.prefix_lists.push(PrefixList { name: list.clone(), rules });
            entries.push(RouteMapEntry {
                matches: Some(Match::PrefixList(list.clone())),
                ..RouteMapEntry::new(place(entries.len()).map_err(refuse)?, Action::Permit)
            });
        }
        let deny = RouteMapEntry::new(place(0).map_err(refuse)?, Action::Deny);
        instance.route_maps.push(RouteMap { name: names.inbound.clone(), entries: vec![deny] });
        instance.route_maps.push(RouteMap { name: names.outbound.clone(), entries });
        Ok(())
    }
}

impl SpeakerPeer {
    /// The families that the session carries, IPv4 and IPv6: its own, or both.
    const fn families(&self) -> (bool, bool) {
        let both = self.dual_stack_address_family;
        (both || self.address.is_ipv4(), both || self.address.is_ipv6())
    }
}

/// The names that MetalLB makes from a peer's address.
struct Names {
    address: IpAddr,
    inbound: Name,
    outbound: Name,
    ipv4: Name,
    ipv6: Name,
}

impl Names {
    fn of(address: IpAddr) -> Result<Self, SpeakerError> {
        let name = |suffix: &str| name(address, suffix);
        Ok(Self {
            address,
            inbound: name("in")?,
            outbound: name("out")?,
            ipv4: name("allowed-ipv4")?,
            ipv6: name("allowed-ipv6")?,
        })
    }

    fn list(&self, suffix: &str) -> Result<Name, SpeakerError> {
        name(self.address, suffix)
    }
}

fn name(address: IpAddr, suffix: &str) -> Result<Name, SpeakerError> {
    Name::new(format!("{address}-{suffix}")).map_err(|source| SpeakerError::Name { address, source })
}

fn place(index: usize) -> Result<Sequence, OutOfRange> {
    Sequence::new(u16::try_from(index).unwrap_or(u16::MAX).wrapping_add(1))
}

fn changes(advertisement: &Advertisement) -> Changes {
    Changes {
        local_preference: advertisement.local_preference,
        add_communities: advertisement.communities.clone(),
        add_large_communities: advertisement.large_communities.clone(),
        prefer_global: false,
    }
}

fn only(prefix: IpNet) -> PrefixRules {
    match prefix {
        IpNet::V4(prefix) => PrefixRules::Ipv4(vec![permit(prefix)]),
        IpNet::V6(prefix) => PrefixRules::Ipv6(vec![permit(prefix)]),
    }
}

fn ipv4_rules(advertisements: &[&Advertisement]) -> PrefixRules {
    let ours = advertisements.iter().filter_map(|advertisement| match advertisement.prefix {
        IpNet::V4(prefix) => Some(prefix),
        IpNet::V6(_) => None,
    });
    let prefixes: Vec<Ipv4Net> = ours.collect();
    PrefixRules::Ipv4(allowed(prefixes))
}

fn ipv6_rules(advertisements: &[&Advertisement]) -> PrefixRules {
    let ours = advertisements.iter().filter_map(|advertisement| match advertisement.prefix {
        IpNet::V4(_) => None,
        IpNet::V6(prefix) => Some(prefix),
    });
    let prefixes: Vec<Ipv6Net> = ours.collect();
    PrefixRules::Ipv6(allowed(prefixes))
}

/// Just these prefixes, or nothing in so many words: FRR lets nothing pass by a list that is not there, and everything
/// by one without an entry.
fn allowed<N: Ord + Copy>(mut prefixes: Vec<N>) -> Vec<PrefixRule<N>> {
    if prefixes.is_empty() {
        return vec![PrefixRule { action: Action::Deny, prefixes: PrefixMatch::Any }];
    }
    prefixes.sort();
    prefixes.dedup();
    prefixes.into_iter().map(permit).collect()
}

const fn permit<N: Copy>(prefix: N) -> PrefixRule<N> {
    PrefixRule { action: Action::Permit, prefixes: PrefixMatch::Exactly(prefix) }
}
