//! `show ip nht` and `show ipv6 nht`: through what the next hops of BGP and of static routes are reached.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::answer::{by_key, read};
use super::{Family, RouteHop, ViewError, nexthops_text};

/// Every next hop that somebody asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TrackedHops {
    /// By address.
    pub hops: BTreeMap<IpAddr, Resolution>,
}

/// How one next hop is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The protocol of the route that it is reached by; `None` where it is not.
    #[serde(default, rename(deserialize = "resolvedProtocol"))]
    pub protocol: Option<String>,
    /// That route's prefix; FRR before 9 does not say.
    #[serde(default)]
    pub prefix: Option<IpNet>,
    /// That route's next hops.
    #[serde(default, rename(deserialize = "nexthops"))]
    pub via: Vec<RouteHop>,
}

impl Resolution {
    /// Whether it is reached at all.
    pub fn is_resolved(&self) -> bool {
        self.protocol.is_some()
    }

    /// Of several resolutions of one next hop, the first that is one.
    pub(super) fn first(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().find(Self::is_resolved).unwrap_or_default()
    }

    /// Whether it is reached by nothing better than a default route: on a lab's router, the wrong way.
    pub fn is_by_default_route(&self) -> bool {
        self.prefix.map_or(self.protocol.as_deref() == Some("kernel"), |prefix| prefix.prefix_len() == 0)
    }
}

impl TrackedHops {
    /// The command that prints one family's next hops as JSON; FRR 8 does not know it.
    pub const fn command(family: Family) -> &'static str {
        match family {
            Family::Ipv4 => "show ip nht json",
            Family::Ipv6 => "show ipv6 nht json",
        }
    }

    /// The command that prints one family's next hops for people; every FRR knows it.
    pub const fn text_command(family: Family) -> &'static str {
        match family {
            Family::Ipv4 => "show ip nht",
            Family::Ipv6 => "show ipv6 nht",
        }
    }

    /// Reads the answer of [`TrackedHops::command`].
    ///
    /// # Errors
    /// [`ViewError`] where there is no document, or not this one; [`ViewError::UnknownCommand`] from FRR 8, which
    /// answers [`TrackedHops::text_command`] only.
    pub fn parse(family: Family, answer: &str) -> Result<Self, ViewError> {
        let vrfs: BTreeMap<String, BTreeMap<String, Hops>> = read(Self::command(family), answer)?;
        let of_family = vrfs.into_values().filter_map(|mut families| families.remove(&family.to_string()));
        let hops = of_family.flat_map(|Hops(hops)| hops).map(|(address, hop)| (address, hop.into()));
        Ok(Self { hops: hops.collect() })
    }

    /// Reads the answer of [`TrackedHops::text_command`].
    ///
    /// # Errors
    /// [`ViewError::UnknownCommand`] or [`ViewError::Refused`] where that is what the answer says.
    pub fn parse_text(family: Family, answer: &str) -> Result<Self, ViewError> {
        nexthops_text::read(Self::text_command(family), answer).map(|hops| Self { hops })
    }
}

/// Next hops among a family's settings (`resolveViaDefault`).
#[derive(Deserialize)]
#[serde(transparent)]
struct Hops(#[serde(deserialize_with = "by_key")] BTreeMap<IpAddr, Hop>);

/// One resolution in itself, or (from 10.5 on) a list of them; an unresolved one is an empty list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Hop {
    Several { resolutions: Vec<Resolution> },
    One(Resolution),
}

impl From<Hop> for Resolution {
    fn from(hop: Hop) -> Self {
        match hop {
            Hop::One(resolution) => resolution,
            Hop::Several { resolutions } => Self::first(resolutions),
        }
    }
}
