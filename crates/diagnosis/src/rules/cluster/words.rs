//! MetalLB's own words: configuration that its parts do not take, addresses that it does not give, peers that it does
//! not advertise to.

use metallb::facts::{Offered, Refused};

use super::{Served, answers, kubectl, served, speaker, with_metallb};
use crate::check::{Check, Topic};
use crate::evidence::{ClusterEvidence, Evidence};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("configuration-refused", Layer::Resources, refused),
    Rule::inference("address-refused", Layer::Service, no_address),
    Rule::inference("not-advertised", Layer::Service, not_advertised),
];

/// A message once, with all the parts that say it.
fn refused(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut said: Vec<(&str, Vec<&Refused>)> = Vec::new();
    // MetalLB does not always say why; where that is seen otherwise, it is named once.
    let secrets = e.without_lab.as_ref().is_some_and(|without| !without.secrets.is_empty());
    let is_known = secrets || !super::resources::profile(e, &[]).is_empty();
    let counts = |refused: &&Refused| !(refused.message.is_empty() && is_known);
    for refused in with_metallb(e).iter().flat_map(|cluster| &cluster.facts.refused).filter(counts) {
        match said.iter_mut().find(|(message, _)| *message == refused.message) {
            Some((_, parts)) => parts.push(refused),
            None => said.push((&refused.message, vec![refused])),
        }
    }
    let found = |(message, parts): (&str, Vec<&Refused>)| {
        let part = |refused: &&Refused| match &refused.node {
            Some(node) => format!("the {} on {node}", refused.part),
            None => format!("the {}", refused.part),
        };
        let names = parts.iter().map(part).collect::<Vec<_>>().join(", ");
        let of_part = |refused: &&Refused| match &refused.node {
            Some(node) => speaker(node).to_vec(),
            None => answers(e).collect(),
        };
        let found = Found::new(
            format!(
                "MetalLB does not take its configuration ({names}), and goes on with the one before: {}",
                why(message)
            ),
            parts.iter().flat_map(of_part),
        );
        let seen = parts.iter().map(|refused| kubectl(&format!("get {}: {message}", refused.by)));
        seen.fold(found, Found::seen)
            .remedy(format!("change the resource that the message names; {} puts the lab's own back", super::DEPLOY))
    };
    said.into_iter().map(found).collect()
}

fn why(message: &str) -> &str {
    if message.is_empty() { "its log says why (kubectl -n metallb-system logs)" } else { message }
}

/// The controller's own reason why a service has no address.
fn no_address(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    let found = |served: Served<'_>| {
        let is_open = |check: &Check| matches!(&check.subject, Subject::ServiceAddress { service, .. } | Subject::Service(service) if *service == served.title);
        let words = served.refused()?;
        if !open.iter().any(is_open) || served.view.as_ref().is_ok_and(|service| !service.addresses.is_empty()) {
            return None;
        }
        let (namespace, name) = (&served.service.namespace, &served.service.name);
        Some(
            Found::new(format!("MetalLB gives service {} no address: {words}", served.title), served.answers())
                .seen(format!("kubectl -n {namespace} get events --field-selector involvedObject.name={name}: {words}"))
                .remedy("see the address pools, and which services have their addresses: kubectl get services -A"),
        )
    };
    served(e, cluster).filter_map(found).collect()
}

/// A node that announces by the lab, and by MetalLB's word does not, or not to every peer.
fn not_advertised(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    if !open.iter().any(|check| check.topic == Topic::Table) {
        return Vec::new();
    }
    served(e, cluster).flat_map(|served| withheld(e, cluster, &served)).collect()
}

/// The nodes on which MetalLB withholds a service from peers.
fn withheld(e: &Evidence, cluster: &ClusterEvidence, served: &Served<'_>) -> Vec<Found> {
    let Some(offered) = &served.application.offered else { return Vec::new() };
    let prefixes = served.prefixes(e);
    let to = |peer: &&labfile::Peer| {
        let mut advertisements = e.lab.advertisements.iter().filter(|a| a.selects(served.service));
        advertisements.any(|a| a.peers.is_empty() || a.peers.contains(&peer.name))
    };
    let wanted: Vec<&str> = e.lab.peers.iter().filter(to).map(|peer| peer.name.as_str()).collect();
    let found = |node: &labfile::Node| {
        let by = |entry: &labfile::compose::Announced| entry.node == node.name && entry.by;
        let announces = e.expected.announced.iter().any(|entry| by(entry) && prefixes.contains(&entry.prefix));
        let own = |offer: &&Offered| offer.node == node.name;
        let has: Vec<&String> = offered.iter().filter(own).flat_map(|offer| &offer.peers).collect();
        let missing: Vec<&str> = wanted.iter().copied().filter(|peer| !has.iter().any(|has| has == peer)).collect();
        if !announces || missing.is_empty() {
            return None;
        }
        let (node, service) = (&node.name, &served.title);
        let breaks = prefixes.iter().map(|prefix| Break::Announced(node.clone(), *prefix));
        let list = missing.join(", ");
        let pod = cluster.speakers.iter().find(|pod| pod.node == *node).map_or("speaker", |pod| pod.name.as_str());
        Some(
            Found::new(
                format!("by its own word, MetalLB does not advertise service {service} from {node} to {list}"),
                breaks,
            )
            .seen(kubectl(&format!("get servicebgpstatuses: none of {node} with {list}")))
            .remedy(format!("see its speaker's reason: {}", kubectl(&format!("logs {pod} -c speaker --tail=50")))),
        )
    };
    e.nodes.iter().filter_map(found).collect()
}
