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
    let addresses = |name: &Name| -> BTreeSet<IpAddr> {
        let router = lab.routers.iter().find(|router| router.name == *name).into_iter();
        let of_router = router.flat_map(|router| router.attachments.iter()).flat_map(|(_, own)| own.iter());
        let node = nodes.iter().find(|node| node.name == name.as_str()).into_iter();
        of_router.chain(node.flat_map(|node| node.addresses.iter())).collect()
    };
    let of_place = |address: IpAddr| {
        let at_router = lab.routers.iter().flat_map(|router| router.attachments.iter()).flat_map(|(_, own)| own.iter());
        at_router.chain(nodes.iter().flat_map(|node| node.addresses.iter())).any(|own| own == address)
    };
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
            Claim::Answer { to, .. } | Claim::Path { to, .. } => !of_place(*to),
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
