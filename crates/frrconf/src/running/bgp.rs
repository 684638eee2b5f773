//! The BGP instance and its neighbors.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use crate::values::Password;
use crate::views::Family;

/// A BGP instance.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningBgp {
    /// The AS.
    pub asn: u32,
    /// The identifier, where it is set.
    pub router_id: Option<Ipv4Addr>,
    /// `true` if eBGP exchanges nothing without a policy (`bgp ebgp-requires-policy`, FRR's default).
    pub requires_policy: bool,
    /// `true` if neighbors exchange IPv4 without `activate` (`bgp default ipv4-unicast`, FRR's default).
    pub default_ipv4: bool,
    /// `true` if only networks are announced that are in the routing table (`bgp network import-check`, FRR's default).
    pub import_check: bool,
    /// `true` if the whole instance is shut down.
    pub shutdown: bool,
    /// The neighbors that have an address.
    pub neighbors: BTreeMap<IpAddr, RunningNeighbor>,
    /// The networks that it originates.
    pub networks: BTreeSet<IpNet>,
}

/// The configuration of a neighbor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningNeighbor {
    /// The AS number, or `internal`, `external`.
    pub remote_as: Option<String>,
    /// The AS that we present to it instead of our own (`local-as`).
    pub local_as: Option<u32>,
    /// The password.
    pub password: Option<Password>,
    /// The TTL of an eBGP session's packets (`ebgp-multihop`).
    pub ebgp_multihop: Option<u8>,
    /// The largest distance in hops that its TTL may show (`ttl-security`, RFC 5082).
    pub ttl_security: Option<u8>,
    /// `true` if it is shut down.
    pub shutdown: bool,
    /// `true` if we wait for its connection.
    pub passive: bool,
    /// The address or interface of our end (`update-source`).
    pub update_source: Option<String>,
    /// The TCP port.
    pub port: Option<u16>,
    /// `true` if BFD watches it.
    pub bfd: bool,
    /// The BFD profile.
    pub bfd_profile: Option<String>,
    /// The settings of each address family.
    pub families: BTreeMap<Family, RunningExchange>,
}

/// The settings of a neighbor in one address family.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningExchange {
    /// `activate`, or its opposite, where it is printed.
    pub activate: Option<bool>,
    /// The route map for received routes.
    pub map_in: Option<String>,
    /// The route map for sent routes.
    pub map_out: Option<String>,
    /// The prefix list for received routes.
    pub list_in: Option<String>,
    /// The prefix list for sent routes.
    pub list_out: Option<String>,
    /// `true` if it is our route reflector client.
    pub reflector_client: bool,
    /// The number of prefixes that it may send.
    pub maximum_prefix: Option<u32>,
}

impl RunningBgp {
    /// An instance with FRR's defaults.
    pub(super) fn new(asn: u32) -> Self {
        Self {
            asn,
            router_id: None,
            requires_policy: true,
            default_ipv4: true,
            import_check: true,
            shutdown: false,
            neighbors: BTreeMap::new(),
            networks: BTreeSet::new(),
        }
    }

    /// Returns `true` if a neighbor exchanges a family.
    pub fn exchanges(&self, neighbor: &RunningNeighbor, family: Family) -> bool {
        let set = neighbor.families.get(&family).and_then(|exchange| exchange.activate);
        set.unwrap_or(self.default_ipv4 && family == Family::Ipv4)
    }

    /// The AS number that a neighbor is expected in.
    pub fn remote_as(&self, neighbor: &RunningNeighbor) -> Option<u32> {
        match neighbor.remote_as.as_deref()? {
            "internal" => Some(self.asn),
            number => number.parse().ok(),
        }
    }

    /// Takes a line of the instance, of an address family where it stands in one.
    pub(super) fn take(&mut self, family: Option<Family>, words: &[&str]) {
        match words {
            ["bgp", "router-id", id] => self.router_id = id.parse().ok(),
            ["no", "bgp", "ebgp-requires-policy"] => self.requires_policy = false,
            ["no", "bgp", "default", "ipv4-unicast"] => self.default_ipv4 = false,
            ["no", "bgp", "network", "import-check"] => self.import_check = false,
            ["bgp", "shutdown", ..] => self.shutdown = true,
            ["network", prefix, ..] => self.networks.extend(prefix.parse::<IpNet>()),
            ["no", "neighbor", address, rest @ ..] => self.neighbor(family, address, rest, false),
            ["neighbor", address, rest @ ..] => self.neighbor(family, address, rest, true),
            _ => {}
        }
    }

    fn neighbor(&mut self, family: Option<Family>, address: &str, words: &[&str], positive: bool) {
        let Ok(address) = address.parse() else { return };
        let neighbor: &mut RunningNeighbor = self.neighbors.entry(address).or_default();
        match family {
            Some(family) => neighbor.families.entry(family).or_default().take(words, positive),
            None if positive => neighbor.take(words),
            None => {}
        }
    }
}

impl RunningNeighbor {
    fn take(&mut self, words: &[&str]) {
        let own = |text: &str| Some(text.to_owned());
        match words {
            ["remote-as", asn] => self.remote_as = own(asn),
            ["local-as", asn, ..] => self.local_as = asn.parse().ok(),
            ["password", password] => self.password = Some(Password::as_it_runs(password)),
            ["ebgp-multihop"] => self.ebgp_multihop = Some(u8::MAX),
            ["ebgp-multihop", hops] => self.ebgp_multihop = hops.parse().ok(),
            ["ttl-security", "hops", hops] => self.ttl_security = hops.parse().ok(),
            ["shutdown", ..] => self.shutdown = true,
            ["passive"] => self.passive = true,
            ["update-source", source] => self.update_source = own(source),
            ["port", port] => self.port = port.parse().ok(),
            ["bfd"] => self.bfd = true,
            ["bfd", "profile", profile] => (self.bfd, self.bfd_profile) = (true, own(profile)),
            ["bfd", ..] => self.bfd = true,
            _ => {}
        }
    }
}

impl RunningExchange {
    fn take(&mut self, words: &[&str], positive: bool) {
        let own = |text: &str| Some(text.to_owned());
        match words {
            ["activate"] => self.activate = Some(positive),
            _ if !positive => {}
            ["route-map", name, "in"] => self.map_in = own(name),
            ["route-map", name, "out"] => self.map_out = own(name),
            ["prefix-list", name, "in"] => self.list_in = own(name),
            ["prefix-list", name, "out"] => self.list_out = own(name),
            ["route-reflector-client"] => self.reflector_client = true,
            ["maximum-prefix", count, ..] => self.maximum_prefix = count.parse().ok(),
            _ => {}
        }
    }
}
