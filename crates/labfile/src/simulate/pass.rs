//! The routes that a speaker passes on, and those that its neighbor makes of them.

use std::{net::IpAddr, rc::Rc};

use frrconf::values::Community;
use ipnet::IpNet;

use super::{
    decide::Decision,
    fabric::{Channel, Fabric},
    route::{LOCAL_PREFERENCE, Offer, Origin, Route},
};
use crate::Family;

impl Fabric {
    /// Returns what arrives of a route that starts at the channel's beginning.
    pub(super) fn started(&self, channel: &Channel, origin: &Origin) -> Offer {
        let Some(next_hop) = channel.own.of(Family::of(origin.prefix.addr())) else { return Offer::default() };
        let sent = Route {
            next_hop,
            local_preference: origin.local_preference.unwrap_or(LOCAL_PREFERENCE),
            path: Vec::new(),
            communities: origin.communities.clone(),
            originator: None,
            clusters: Vec::new(),
        };
        let arrived = self.arrived(channel, self.outside(channel, sent));
        Offer { certain: arrived.is_some(), routes: arrived.map(Rc::new).into_iter().collect() }
    }

    /// Returns what arrives of a speaker's decision.
    pub(super) fn passed(&self, channel: &Channel, prefix: IpNet, decision: Option<&Decision>) -> Offer {
        let Some(decision) = decision else { return Offer::default() };
        let mut offer = Offer { routes: Vec::new(), certain: decision.certain };
        for (by, route) in &decision.best {
            let by = self.channels.get(*by);
            let sent = by.and_then(|by| self.sent(by, route, channel, prefix));
            match sent.and_then(|sent| self.arrived(channel, sent)) {
                Some(route) if offer.routes.iter().any(|other| **other == route) => {}
                Some(route) => offer.routes.push(Rc::new(route)),
                None => offer.certain = false,
            }
        }
        offer
    }

    /// Returns what goes out of a route that came in by another channel.
    fn sent(&self, by: &Channel, route: &Route, out: &Channel, prefix: IpNet) -> Option<Route> {
        let external = self.is_external(out);
        let kept = |community| route.communities.contains(community);
        if kept(&Community::NO_ADVERTISE) || external && (kept(&Community::NO_EXPORT) || kept(&Community::LOCAL_AS)) {
            return None;
        }
        let reflected = !external && !self.is_external(by);
        if reflected && !by.from_client && !out.to_client {
            return None;
        }
        let mut sent = Route { next_hop: self.next_hop(route, out, prefix)?, ..route.clone() };
        if reflected {
            sent.originator = sent.originator.or(Some(by.from));
            sent.clusters.insert(0, out.from);
        }
        Some(self.outside(out, sent))
    }

    /// Returns the next hop on the way out: within an AS the same; to another AS the speaker itself, unless the
    /// neighbor reaches the next hop on the session's own network (a third party, RFC 4271 section 5.1.3).
    fn next_hop(&self, route: &Route, out: &Channel, prefix: IpNet) -> Option<IpAddr> {
        let same_family = out.far.is_ipv4() == route.next_hop.is_ipv4();
        let third = || self.speakers.get(out.from).is_some_and(|from| from.shares(route.next_hop, out.far));
        if !self.is_external(out) || same_family && third() {
            return Some(route.next_hop);
        }
        out.own.of(Family::of(prefix.addr()))
    }

    /// Adds and removes what changes at the border of an AS.
    fn outside(&self, out: &Channel, mut route: Route) -> Route {
        if self.is_external(out) {
            route.path.splice(0..0, self.asn(out.from));
            route.local_preference = LOCAL_PREFERENCE;
            route.originator = None;
            route.clusters.clear();
        }
        route
    }

    /// Returns the route that a speaker keeps of one that arrives: none that it has passed on itself, and none through
    /// itself.
    fn arrived(&self, channel: &Channel, mut route: Route) -> Option<Route> {
        let to = self.speakers.get(channel.to)?;
        let own = channel.to;
        let again = route.path.contains(&to.asn) || route.originator == Some(own) || route.clusters.contains(&own);
        if again || to.has(route.next_hop) {
            return None;
        }
        if self.is_external(channel) && route.communities.contains(&Community::GRACEFUL_SHUTDOWN) {
            route.local_preference = 0;
        }
        Some(route)
    }
}
