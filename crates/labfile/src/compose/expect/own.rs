//! The lab file's own checks, with the addresses of the places that they name.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use serde::Serialize;

use crate::{Claim, Lab, Name, Node, Provider, Title};

/// A check of the lab file's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Own {
    /// The name, in words.
    pub name: Title,
    /// The claim that has to hold.
    pub claim: Claim,
    /// The steps of a path: the places of each, with their addresses.
    pub steps: Vec<BTreeMap<String, BTreeSet<IpAddr>>>,
    /// `true` if it can hold with MetalLB only.
    pub by_metallb: bool,
}

/// Returns the checks.
pub(super) fn own(lab: &Lab, nodes: &[Node]) -> Vec<Own> {
    let of_routers = lab.routers.iter().map(|router| {
        let own = router.attachments.iter().flat_map(|(_, own)| own.iter());
        (router.name.as_str(), own.collect())
    });
    let of_nodes = nodes.iter().map(|node| (node.name.as_str(), node.addresses.iter().collect()));
    let places: BTreeMap<&str, BTreeSet<IpAddr>> = of_routers.chain(of_nodes).collect();
    let addresses = |name: &Name| places.get(name.as_str()).cloned().unwrap_or_default();
    let is_place = |address: &IpAddr| places.values().any(|own| own.contains(address));
    let is_router = |name: &Name| lab.routers.iter().any(|router| router.name == *name);
    let one = |check: &crate::OwnCheck| Own {
        name: check.name.clone(),
        claim: asked(lab, &check.claim),
        steps: match &check.claim {
            Claim::Path { steps, .. } => {
                steps.iter().map(|step| step.iter().map(|name| (name.to_string(), addresses(name))).collect()).collect()
            }
            _ => Vec::new(),
        },
        by_metallb: match &check.claim {
            Claim::Prefix { .. } | Claim::Absent { .. } => true,
            Claim::Session { near, far } => !is_router(near) || !is_router(far),
            Claim::Answer { to, .. } | Claim::Path { to, .. } => !is_place(to),
        },
    };
    lab.checks.iter().map(one).collect()
}

/// Returns a claim as it is asked: standalone nodes have no application, and answer pings in its place.
fn asked(lab: &Lab, claim: &Claim) -> Claim {
    match claim {
        Claim::Answer { from, to, answers, .. } if matches!(lab.cluster.provider, Provider::Standalone { .. }) => {
            Claim::Answer { from: from.clone(), to: *to, port: None, answers: *answers }
        }
        claim => claim.clone(),
    }
}
