//! Conditions, looked at in what the watches show.

use kube::ResourceExt;
use settle::Verdict;

use super::super::Condition;
use super::world::Kind;
use super::{World, metallb, operated, rollout, service};
use crate::Error;

impl Condition {
    /// The kinds that must be watched for it.
    pub(crate) fn kinds(&self) -> &'static [Kind] {
        match self {
            Self::Established(_) => &[Kind::Definitions],
            Self::Deployment(_) => &[Kind::Deployments, Kind::Pods],
            Self::DaemonSet { .. } => &[Kind::DaemonSets, Kind::Nodes, Kind::Pods],
            Self::AsOperated => &[Kind::Deployments, Kind::DaemonSets, Kind::Pods],
            Self::MetalLb(_) => &[Kind::MetalLbs],
            Self::Addresses(_) | Self::Address(_) => &[Kind::Services],
            Self::Endpoints(_) => &[Kind::EndpointSlices],
        }
    }

    /// A problem that may or may not pass by itself.
    pub(crate) fn doubt(&self, world: &World) -> Option<Error> {
        let Self::MetalLb(name) = self else { return None };
        metallb::degraded(world, name).map(|message| Error::Degraded { name: name.clone(), message })
    }

    /// Looks whether it holds.
    pub(crate) fn look(&self, world: &World) -> Verdict<(), Error> {
        match self {
            Self::Established(names) => established(world, names),
            Self::Deployment(name) => rollout::deployment(world, name),
            Self::DaemonSet { any_of, frr } => {
                let here = |name: &&String| world.daemon_sets.iter().flatten().any(|set| set.name_any() == **name);
                match any_of.iter().find(here).or(any_of.first()) {
                    Some(name) => rollout::daemon_set(world, name, *frr),
                    None => Verdict::Ready(()),
                }
            }
            Self::AsOperated => operated::look(world),
            Self::MetalLb(name) => metallb::available(world, name),
            Self::Addresses(name) => service::has_addresses(world, name),
            Self::Address(name) => service::has_address(world, name),
            Self::Endpoints(name) => service::has_endpoints(world, name),
        }
    }
}

/// Looks at all of them: the first failure, or everything that is missing.
pub(crate) fn look_at_all(conditions: &[Condition], world: &World) -> Verdict<(), Error> {
    let mut missing = Vec::new();
    for condition in conditions {
        match condition.look(world) {
            Verdict::Ready(()) => {}
            Verdict::NotYet(text) => missing.push(text),
            failed @ Verdict::Failed(_) => return failed,
        }
    }
    Verdict::all_of(&missing)
}

fn established(world: &World, names: &[String]) -> Verdict<(), Error> {
    let Some(all) = &world.definitions else { return Verdict::NotYet("definitions not seen yet".to_owned()) };
    let is_established = |name: &&String| {
        let found = all.iter().find(|definition| definition.name_any() == **name);
        let conditions = found.and_then(|f| f.status.as_ref()).and_then(|status| status.conditions.as_ref());
        conditions.into_iter().flatten().any(|condition| condition.type_ == "Established" && condition.status == "True")
    };
    let missing: Vec<String> =
        names.iter().filter(|name| !is_established(name)).map(|name| format!("{name} is not established")).collect();
    Verdict::all_of(&missing)
}
