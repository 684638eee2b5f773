//! The things that a check, or a cause, depends on, by which it is known what explains it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::Break;
use crate::subject::{Component, Subject};
use labfile::Claim;
use labfile::compose::{NextHops, SessionState, TableEntry};

/// Everything that something depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Breaks that break it, named exactly.
    of: BTreeSet<Break>,
    /// Ways that its packets take: from where, to which address.
    legs: BTreeSet<(String, IpAddr)>,
}

impl Needs {
    /// The needs of a failed check.
    pub(crate) fn of_check(check: &Check, e: &Evidence) -> Self {
        let mut needs = Self::default();
        needs.of.insert(Break::Check(check.topic, check.subject.clone()));
        if check.topic == Topic::Metallb {
            needs.of.insert(Break::Metallb);
        }
        match &check.subject {
            Subject::Network(network) => drop(needs.of.insert(Break::Network(network.clone()))),
            Subject::Container(name) => needs.container(name, e),
            Subject::Node(node) | Subject::Speaker { node } => needs.place(node),
            Subject::Cluster(_) => {
                let names = e.lab.cluster.node_names().filter(|(_, role)| role.is_control_plane());
                names.for_each(|(name, _)| needs.place(&name));
            }
            Subject::Component(component) => needs.component(*component, e),
            Subject::Service(_) | Subject::Endpoints { .. } | Subject::TrafficPolicy { .. } => {
                needs.of.insert(Break::Metallb);
            }
            Subject::ServiceAddress { address, .. } => needs.of.extend([Break::Metallb, Break::Answer(*address)]),
            Subject::NodePort { from, node, .. } => {
                needs.place(from);
                needs.place(node);
                // The port leads to the same endpoints as the service's addresses.
                let addresses = labfile::compose::service_addresses(&e.lab).into_iter().map(|service| service.address);
                needs.of.extend(addresses.map(Break::Answer));
            }
            Subject::Way { from, address, .. } => needs.packets(from, *address, e),
            Subject::Session { near, far } => {
                needs.session(near, far, e);
                needs.counts([near, far], e);
            }
            Subject::Prefix { place, prefix } => needs.table(place, *prefix, e),
            Subject::Answer { from, address, .. } => needs.answer(from, *address, e),
            Subject::Own(name) => {
                let own = e.expected.own.iter().filter(|own| own.name.as_str() == name);
                own.for_each(|own| needs.claim(&own.claim, e));
            }
        }
        needs
    }

    /// The needs of a claim of the lab file's own. One that something is not there needs nothing.
    fn claim(&mut self, claim: &Claim, e: &Evidence) {
        match claim {
            Claim::Prefix { at, prefix, .. } => self.table(at.as_str(), *prefix, e),
            Claim::Session { near, far } => self.session(near.as_str(), far.as_str(), e),
            Claim::Answer { from, to, answers: true, .. } | Claim::Path { from, to, .. } => match e.place_at(*to) {
                Some(_) => self.packets(from.as_str(), *to, e),
                None => self.answer(from.as_str(), *to, e),
            },
            _ => {}
        }
    }

    /// The needs of a cause, which may itself be but a consequence of another.
    pub(crate) fn of_break(own: &Break, e: &Evidence) -> Self {
        let mut needs = Self::default();
        match own {
            Break::Session(a, b) | Break::BfdSession(a, b) => needs.session(a, b, e),
            Break::Way(at, to) => {
                needs.place(at);
                let first = to.hosts().next().unwrap_or_else(|| to.addr());
                needs.leg((at.clone(), first), e);
            }
            Break::Forwarding(at, _) | Break::Bgp(at) | Break::Bfd(at) | Break::Tables(at) => needs.place(at),
            Break::Attachment(place, network) => {
                needs.place(place);
                needs.of.insert(Break::Network(network.clone()));
            }
            Break::Prefix(router, prefix) => needs.table(router, *prefix, e),
            Break::Announced(node, _) => {
                needs.place(node);
                needs.of.insert(Break::Bgp(node.clone()));
            }
            Break::Node(node) => needs.place(node),
            Break::Place(_) | Break::Network(_) | Break::Metallb | Break::Check(..) => {}
            Break::Answer(_) => drop(needs.of.insert(Break::Metallb)),
        }
        needs
    }

    /// Returns `true` if a break breaks it.
    pub(crate) fn broken_by(&self, by: &Break) -> bool {
        match by {
            Break::Way(at, to) => self.legs.iter().any(|(from, address)| from == at && to.contains(address)),
            other => self.of.contains(other),
        }
    }

    fn place(&mut self, place: &str) {
        self.of.extend([Break::Place(place.to_owned()), Break::Node(place.to_owned())]);
    }

    /// A part of MetalLB needs the nodes on which its pods are.
    fn component(&mut self, component: Component, e: &Evidence) {
        let pods = e.cluster.iter().flat_map(|cluster| &cluster.facts.pods).filter(|pod| !pod.ready);
        pods.filter(|pod| component.has_pod(&pod.name)).for_each(|pod| self.place(&pod.node));
    }

    fn container(&mut self, name: &str, e: &Evidence) {
        self.place(name);
        self.of.extend(e.networks_of(name).into_iter().map(|n| Break::Attachment(name.to_owned(), n.to_string())));
        self.of.extend(e.networks_of(name).into_iter().map(|network| Break::Network(network.to_string())));
        let own = e.topology.containers().iter().find(|spec| spec.name.as_str() == name).map(|spec| &spec.routes);
        let guest = || e.topology.guests().iter().find(|spec| spec.name.as_str() == name).map(|spec| &spec.routes);
        let routes = own.or_else(guest).into_iter().flatten();
        self.legs.extend(routes.map(|route| (name.to_owned(), route.dst().addr())));
    }

    /// Packets from a place to an address, and their answers.
    fn packets(&mut self, from: &str, to: IpAddr, e: &Evidence) {
        self.place(from);
        let there = e.place_at(to).map(str::to_owned);
        self.one_way(from, to, e);
        let Some(there) = there else { return };
        self.place(&there);
        let own = e.networks_of(from).into_iter().filter_map(|network| e.addresses_on(from, network));
        let back: Vec<IpAddr> = own.flat_map(|own| own.iter()).filter(|own| own.is_ipv4() == to.is_ipv4()).collect();
        for address in back {
            self.one_way(&there, address, e);
        }
    }

    fn one_way(&mut self, from: &str, to: IpAddr, e: &Evidence) {
        let legs = e.legs(from, to);
        for (at, _) in legs.iter().skip(1) {
            self.place(at);
            self.of.insert(Break::Forwarding(at.clone(), to.is_ipv4()));
        }
        if let (Some(there), Some(network)) = (e.place_at(to), e.network_at(to)) {
            self.of.insert(Break::Attachment(there.to_owned(), network.to_string()));
        }
        legs.into_iter().for_each(|leg| self.leg(leg, e));
    }

    /// A hop, with the networks on which it goes out.
    fn leg(&mut self, leg: (String, IpAddr), e: &Evidence) {
        let (at, to) = &leg;
        for network in e.next_hops(at, *to).into_iter().filter_map(|hop| e.network_at(hop)) {
            self.of.extend([Break::Network(network.to_string()), Break::Attachment(at.clone(), network.to_string())]);
        }
        self.legs.insert(leg);
    }

    fn session(&mut self, a: &str, b: &str, e: &Evidence) {
        self.of.extend([Break::session(a, b), Break::bfd_session(a, b)]);
        for end in [a, b] {
            self.of.extend([Break::Bgp(end.to_owned()), Break::Bfd(end.to_owned())]);
            self.place(end);
        }
        let is = |session: &&SessionState| {
            [(a, b), (b, a)].contains(&(session.opener.name.as_str(), session.answerer.name.as_str()))
        };
        let bare = e
            .expected
            .bare_bfd
            .iter()
            .filter(|pair| [(a, b), (b, a)].contains(&(pair.node.name.as_str(), pair.router.name.as_str())));
        let ends = e.expected.sessions.iter().filter(is).map(|session| (&session.opener, session.answerer.address));
        for (from, to) in ends.chain(bare.map(|pair| (&pair.node, pair.router.address))) {
            self.packets(&from.name, to, e);
        }
    }

    /// The prefixes that a node sends, which the check of its session counts.
    fn counts(&mut self, ends: [&str; 2], e: &Evidence) {
        for entry in e.expected.announced.iter().filter(|entry| entry.by && ends.contains(&entry.node.as_str())) {
            let (node, prefix) = (entry.node.clone(), entry.prefix);
            self.of.extend([Break::Announced(node, prefix), Break::Answer(prefix.addr())]);
        }
    }

    fn table(&mut self, place: &str, prefix: IpNet, e: &Evidence) {
        // Routers may learn from each other: each is followed once.
        if !self.of.insert(Break::Prefix(place.to_owned(), prefix)) {
            return;
        }
        self.place(place);
        self.of.extend([
            Break::Tables(place.to_owned()),
            Break::Bgp(place.to_owned()),
            Break::Announced(place.to_owned(), prefix),
            Break::Answer(prefix.addr()),
        ]);
        let Some(entry) =
            e.expected.tables.iter().find(|entry| entry.router.as_str() == place && entry.prefix == prefix)
        else {
            return;
        };
        let (NextHops::All(hops) | NextHops::AnyOf(hops)) = &entry.next_hops;
        for hop in hops {
            self.one_way(place, *hop, e);
        }
        for source in &entry.learned_from {
            self.session(place, source, e);
            self.of.insert(Break::Announced(source.clone(), prefix));
            if e.lab.routers.iter().any(|router| router.name.as_str() == source) {
                self.table(source, prefix, e);
            }
        }
    }

    fn answer(&mut self, from: &str, address: IpAddr, e: &Evidence) {
        self.of.insert(Break::Answer(address));
        let holds = |entry: &&TableEntry| entry.router.as_str() == from && entry.prefix.contains(&address);
        let Some(own) = e.expected.tables.iter().filter(holds).max_by_key(|entry| entry.prefix.prefix_len()) else {
            return;
        };
        self.table(from, own.prefix, e);
        let (NextHops::All(hops) | NextHops::AnyOf(hops)) = &own.next_hops;
        for hop in hops {
            self.packets(from, *hop, e);
            for between in e.between(from, *hop) {
                self.table(&between, own.prefix, e);
            }
        }
        self.of.insert(Break::Metallb);
    }
}

#[cfg(test)]
mod tests;
