//! Comparing the desired with the observed state.

use std::collections::BTreeMap;

use super::refusal::Owner;
use super::{Plan, Reason, Refusal, Refused, Step, Task};
use crate::engine::{ContainerState, Labels, NetworkState, RunState};
use crate::fingerprint::Fingerprint;
use crate::model::{ContainerSpec, Lab, Mtu, Name, NetworkSpec, overlap};
use crate::observe::Observed;

/// Compares a lab with the state of an engine. Pure: the same arguments give the same plan, and nothing is touched.
///
/// ```
/// # fn show(lab: &netlab::Lab, observed: &netlab::Observed) -> Result<(), netlab::Refused> {
/// let plan = netlab::plan(lab, observed)?;
/// println!("{plan}");
/// assert!(plan.steps().all(|step| !step.name().is_empty()));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Refused`], naming everything that stands in the way: objects that are not the lab's, and containers that cannot be
/// looked into.
pub fn plan(lab: &Lab, observed: &Observed) -> Result<Plan, Refused> {
    let mut builder = Builder::new(lab, observed);
    builder.sort_networks();
    builder.sort_containers();
    builder.removals();
    lab.networks().iter().for_each(|network| builder.network(network));
    lab.containers().iter().for_each(|container| builder.container(container));
    lab.guests().iter().for_each(|guest| builder.guest(guest));
    if builder.refusals.is_empty() { Ok(builder.plan) } else { Err(Refused { refusals: builder.refusals }) }
}

pub(super) struct Builder<'a> {
    pub(super) lab: &'a Lab,
    pub(super) observed: &'a Observed,
    /// The networks of the lab that stay, by name.
    pub(super) kept: BTreeMap<&'a str, &'a NetworkState>,
    /// The networks of the lab that are removed, by id.
    leaving: BTreeMap<&'a str, (&'a NetworkState, Reason)>,
    /// The containers of the lab that are removed, by name.
    pub(super) going: BTreeMap<&'a str, (&'a ContainerState, Reason)>,
    /// The removals of containers, and of networks: positions in the plan.
    pub(super) removed_containers: Vec<usize>,
    removed_networks: Vec<usize>,
    /// The creations of networks, by name: positions in the plan.
    pub(super) created: BTreeMap<&'a str, usize>,
    /// The starts of containers, by name: positions in the plan.
    pub(super) started: BTreeMap<&'a str, usize>,
    pub(super) plan: Plan,
    pub(super) refusals: Vec<Refusal>,
}

impl<'a> Builder<'a> {
    fn new(lab: &'a Lab, observed: &'a Observed) -> Self {
        Self {
            lab,
            observed,
            kept: BTreeMap::new(),
            leaving: BTreeMap::new(),
            going: BTreeMap::new(),
            removed_containers: Vec::new(),
            removed_networks: Vec::new(),
            created: BTreeMap::new(),
            started: BTreeMap::new(),
            plan: Plan { tasks: Vec::new(), absent: BTreeMap::new() },
            refusals: Vec::new(),
        }
    }

    pub(super) fn ours(&self, label: Option<&String>) -> bool {
        label.is_some_and(|lab| *lab == self.lab.name().as_str())
    }

    pub(super) fn push(&mut self, step: Step, mut after: Vec<usize>) -> usize {
        after.sort_unstable();
        after.dedup();
        self.plan.tasks.push(Task { step, after });
        self.plan.tasks.len() - 1
    }

    /// Sorts the networks of the lab into those that stay and those that are removed.
    fn sort_networks(&mut self) {
        for state in &self.observed.networks {
            let wanted = self.lab.network(&state.name);
            if !self.ours(state.lab.as_ref()) {
                if let Some(network) = wanted {
                    self.refusals.push(foreign_network(network, state));
                }
                continue;
            }
            let reason = match wanted {
                None => Reason::NotInLab,
                Some(network) if state.spec.as_deref() != Some(Fingerprint::of_network(network).as_str()) => {
                    Reason::Changed
                }
                Some(network) if !has_ranges(state, network) => Reason::OtherRanges,
                Some(_) => match self.kept.get(state.name.as_str()) {
                    None => {
                        self.kept.insert(&state.name, state);
                        continue;
                    }
                    // Of two of one name (Docker before 25 allows it) the one in use stays.
                    Some(first) if self.users(first) < self.users(state) => {
                        self.leaving.insert(&first.id, (first, Reason::Duplicate));
                        self.kept.insert(&state.name, state);
                        continue;
                    }
                    Some(_) => Reason::Duplicate,
                },
            };
            self.leaving.insert(&state.id, (state, reason));
        }
    }

    fn users(&self, network: &NetworkState) -> usize {
        self.observed.containers.iter().filter(|c| c.is_on(network)).count()
    }

    /// Finds the containers of the lab that are removed.
    fn sort_containers(&mut self) {
        for state in &self.observed.containers {
            if !self.ours(state.lab.as_ref()) {
                continue;
            }
            let reason = match self.lab.container(&state.name) {
                None => Some(Reason::NotInLab),
                Some(wanted) => self.reason_to_remake(wanted, state),
            };
            if let Some(reason) = reason {
                self.going.insert(&state.name, (state, reason));
            }
        }
    }

    fn reason_to_remake(&self, wanted: &ContainerSpec, state: &ContainerState) -> Option<Reason> {
        if state.spec.as_deref() != Some(Fingerprint::of_container(self.lab, wanted).as_str()) {
            return Some(Reason::Changed);
        }
        if state.run == RunState::Broken {
            return Some(Reason::Broken);
        }
        for endpoint in &wanted.endpoints {
            let Some(is) = state.endpoints.get(endpoint.network.as_str()) else { continue };
            let kept = self.kept.get(endpoint.network.as_str());
            // A container that never ran knows its networks by name only.
            let same_network = kept.is_some_and(|n| is.network_id.is_empty() || n.id == is.network_id);
            if !same_network {
                return Some(Reason::NetworkRecreated(endpoint.network.clone()));
            }
            if endpoint.ipv4 != is.pinned_ipv4 || endpoint.ipv6 != is.pinned_ipv6 {
                return Some(Reason::OtherAddress(endpoint.network.clone()));
            }
        }
        None
    }

    fn removals(&mut self) {
        let mut position = BTreeMap::new();
        for (name, (state, reason)) in self.going.clone() {
            let Ok(name) = Name::new(name) else { continue };
            let step = Step::RemoveContainer { name, id: state.id.clone(), reason };
            let at = self.push(step, Vec::new());
            position.insert(&state.id, at);
            self.removed_containers.push(at);
        }
        for (id, (state, reason)) in self.leaving.clone() {
            let Ok(name) = Name::new(state.name.as_str()) else { continue };
            let on_it: Vec<_> = self.observed.containers.iter().filter(|c| self.depends_on(c, state)).collect();
            let others: Vec<_> =
                on_it.iter().filter(|c| !position.contains_key(&c.id)).map(|c| c.name.as_str()).collect();
            if !others.is_empty() {
                self.refusals.push(Refusal::NetworkInUse { network: name.clone(), by: others.join(", ") });
            }
            let after = on_it.iter().filter_map(|c| position.get(&c.id).copied()).collect();
            let at = self.push(Step::RemoveNetwork { name, id: id.to_owned(), reason }, after);
            self.removed_networks.push(at);
        }
    }

    /// `true` if a container is on a network that is removed. One that never ran knows its networks by name only, and
    /// works with another of that name.
    fn depends_on(&self, container: &ContainerState, leaving: &NetworkState) -> bool {
        container.endpoints.iter().any(|(name, endpoint)| match endpoint.network_id.as_str() {
            "" => *name == leaving.name && !self.kept.contains_key(name.as_str()),
            id => id == leaving.id,
        })
    }

    fn network(&mut self, network: &'a NetworkSpec) {
        if self.kept.contains_key(network.name.as_str()) {
            return;
        }
        for other in self.observed.networks.iter().filter(|n| !self.leaving.contains_key(n.id.as_str())) {
            if other.name == network.name.as_str() {
                continue;
            }
            for (range, &other_range) in network.ranges().flat_map(|r| other.ranges.iter().map(move |o| (r, o))) {
                if overlap(range, other_range) {
                    let (network, other) = (network.name.clone(), other.name.clone());
                    self.refusals.push(Refusal::RangeTaken { network, range, other, other_range });
                }
            }
        }
        let labels = Labels {
            lab: self.lab.name().clone(),
            spec: Fingerprint::of_network(network),
            role: "network".to_owned(),
            name: network.name.clone(),
        };
        let mtu = match network.mtu {
            Mtu::Inherit => self.observed.default_mtu(),
            Mtu::Bytes(mtu) => mtu,
        };
        let after = self.removed_networks.clone();
        let at = self.push(Step::CreateNetwork { network: network.clone(), mtu, labels }, after);
        self.created.insert(network.name.as_str(), at);
    }
}

/// `true` if a network has the specified ranges. A network whose label says that it was made from the specification may
/// lack them, if it is one of two of that name.
fn has_ranges(state: &NetworkState, network: &NetworkSpec) -> bool {
    network.ranges().all(|range| state.ranges.iter().any(|is| is.trunc() == range.trunc()))
}

pub(super) fn owner(lab: Option<&String>) -> Owner {
    lab.map_or(Owner::Nobody, |lab| Owner::Lab(lab.clone()))
}

fn foreign_network(network: &NetworkSpec, state: &NetworkState) -> Refusal {
    let ranges: Vec<_> = state.ranges.iter().map(ToString::to_string).collect();
    Refusal::ForeignNetwork {
        name: network.name.clone(),
        id: state.id.chars().take(12).collect(),
        ranges: if ranges.is_empty() { "without range".to_owned() } else { ranges.join(", ") },
        owner: owner(state.lab.as_ref()),
    }
}
