//! The steps of each container: a lane, one after the other.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::build::{Builder, owner};
use super::{Reason, Refusal, Step};
use crate::engine::{ContainerState, Labels, NetworkState, RunState};
use crate::fingerprint::Fingerprint;
use crate::model::{ContainerSpec, Endpoint, FileSpec, GuestSpec, OnChange, RoutesBy};
use crate::observe::{Facts, missing_routes};

impl<'a> Builder<'a> {
    pub(super) fn container(&mut self, wanted: &'a ContainerSpec) {
        let state = self.observed.container(wanted.name.as_str());
        if let Some(foreign) = state.filter(|s| !self.ours(s.lab.as_ref())) {
            self.refusals.push(Refusal::ForeignContainer {
                name: wanted.name.clone(),
                image: foreign.image.clone(),
                owner: owner(foreign.lab.as_ref()),
            });
            return;
        }
        self.taken_addresses(wanted);
        match state.filter(|s| !self.going.contains_key(s.name.as_str())) {
            None => self.make(wanted, state.and_then(|s| self.going.get(s.name.as_str())).map(|(_, r)| r.clone())),
            Some(state) => self.repair(wanted, state),
        }
    }

    /// Refuses pinned addresses that another container has and keeps.
    fn taken_addresses(&mut self, wanted: &ContainerSpec) {
        for endpoint in &wanted.endpoints {
            let Some(network) = self.kept.get(endpoint.network.as_str()) else { continue };
            for address in endpoint.pinned() {
                if let Some(by) = self.holder(network, address, wanted.name.as_str()) {
                    let (container, network) = (wanted.name.clone(), endpoint.network.clone());
                    self.refusals.push(Refusal::AddressTaken { container, address, network, by });
                }
            }
        }
    }

    fn holder(&self, network: &NetworkState, address: IpAddr, not: &str) -> Option<String> {
        let stays = |c: &&ContainerState| c.name != not && !self.going.contains_key(c.name.as_str());
        let holds = |c: &&ContainerState| c.holds(network, address);
        self.observed.containers.iter().filter(stays).find(holds).map(|c| c.name.clone())
    }

    fn make(&mut self, wanted: &'a ContainerSpec, again: Option<Reason>) {
        let labels = Labels {
            lab: self.lab.name().clone(),
            spec: Fingerprint::of_container(self.lab, wanted),
            role: wanted.role.clone(),
            name: wanted.name.clone(),
        };
        // A removed container may have had the name or an address.
        let mut after = self.removed_containers.clone();
        after.extend(wanted.endpoints.iter().filter_map(|e| self.created.get(e.network.as_str())));
        let sysctls = self.lab.sysctls(wanted);
        let mut lane =
            self.push(Step::CreateContainer { container: Box::new(wanted.clone()), sysctls, labels, again }, after);
        lane = self.connect(wanted, wanted.endpoints.iter().skip(1), Some(lane)).unwrap_or(lane);
        self.start(wanted, Some(lane));
    }

    fn repair(&mut self, wanted: &'a ContainerSpec, state: &ContainerState) {
        let paused = state.run == RunState::Paused;
        let lane = paused.then(|| self.push(Step::Unpause { container: wanted.name.clone() }, Vec::new()));
        let missing = wanted.endpoints.iter().filter(|e| !state.endpoints.contains_key(e.network.as_str()));
        let lane = self.connect(wanted, missing, lane);
        match state.run {
            RunState::Created | RunState::Exited | RunState::Broken => self.start(wanted, lane),
            RunState::Paused | RunState::Running => match self.observed.unseen.get(wanted.name.as_str()) {
                None => self.refresh(wanted, lane),
                Some(why) => {
                    let (name, why) = (wanted.name.clone(), why.to_string());
                    self.refusals.push(Refusal::Unseen { name, why });
                }
            },
        }
    }

    fn connect(
        &mut self,
        wanted: &ContainerSpec,
        endpoints: impl Iterator<Item = &'a Endpoint>,
        mut lane: Option<usize>,
    ) -> Option<usize> {
        for endpoint in endpoints {
            let mut after: Vec<_> = lane.into_iter().collect();
            after.extend(self.created.get(endpoint.network.as_str()));
            // A container that is removed may have the address.
            after.extend(&self.removed_containers);
            let step = Step::Connect { container: wanted.name.clone(), endpoint: endpoint.clone() };
            lane = Some(self.push(step, after));
        }
        lane
    }

    /// Adds the steps of a container that does not run: files, start, routes.
    fn start(&mut self, wanted: &'a ContainerSpec, mut lane: Option<usize>) {
        let container = wanted.name.clone();
        if !wanted.files.is_empty() {
            let files = wanted.files.clone();
            let step = Step::UploadFiles { container: container.clone(), files, pending: BTreeSet::new() };
            lane = Some(self.push(step, lane.into_iter().collect()));
        }
        let mut after: Vec<_> = lane.into_iter().collect();
        after.extend(&self.removed_containers);
        after.extend(wanted.start_after.iter().filter_map(|first| self.started.get(first.as_str())));
        let step = Step::Start { container, endpoints: wanted.endpoints.clone() };
        let lane = self.push(step, after);
        self.started.insert(wanted.name.as_str(), lane);
        self.routes_after_start(wanted, lane);
    }

    fn routes_after_start(&mut self, wanted: &ContainerSpec, lane: usize) {
        if wanted.routes_by == RoutesBy::Command {
            self.routes(wanted, None, Some(lane));
        }
    }

    /// Adds the steps of a running container: changed files, their reload, missing routes. If nothing is known of the
    /// inside, everything counts as missing.
    fn refresh(&mut self, wanted: &ContainerSpec, mut lane: Option<usize>) {
        let facts = self.observed.facts.get(wanted.name.as_str());
        let differs = |file: &&FileSpec| {
            facts.and_then(|f| f.files.get(&file.path)) != Some(&Fingerprint::of_bytes(&file.contents))
        };
        let changed: Vec<_> = wanted.files.iter().filter(differs).cloned().collect();
        let pending = facts.map(|f| f.pending.clone()).unwrap_or_default();
        let unloaded: Vec<_> = wanted.files.iter().filter(|f| differs(f) || pending.contains(&f.path)).collect();
        let paths: BTreeSet<_> = unloaded.iter().map(|file| file.path.clone()).collect();
        let mut actions: Vec<OnChange> = Vec::new();
        for file in &unloaded {
            if !actions.contains(&file.on_change) {
                actions.push(file.on_change.clone());
            }
        }
        // A restart loads everything.
        let restart = actions.contains(&OnChange::Restart);
        if restart {
            actions = vec![OnChange::Restart];
        }
        let container = wanted.name.clone();
        if !changed.is_empty() {
            let step = Step::UploadFiles { container: container.clone(), files: changed, pending: paths.clone() };
            lane = Some(self.push(step, lane.into_iter().collect()));
        }
        if !actions.is_empty() {
            let step = Step::Reload { container, actions, files: paths, endpoints: wanted.endpoints.clone() };
            lane = Some(self.push(step, lane.into_iter().collect()));
        }
        match lane.filter(|_| restart) {
            Some(restart) => self.routes_after_start(wanted, restart),
            None => self.routes(wanted, facts, lane),
        }
    }

    fn routes(&mut self, wanted: &ContainerSpec, facts: Option<&Facts>, lane: Option<usize>) {
        let routes = missing_routes(&wanted.routes, facts.map(|f| &f.routes));
        if !routes.is_empty() {
            let step = Step::SetRoutes { container: wanted.name.clone(), guest: false, routes };
            self.push(step, lane.into_iter().collect());
        }
    }

    pub(super) fn guest(&mut self, guest: &'a GuestSpec) {
        let absent = |why: &str| Some((guest.name.clone(), why.to_owned()));
        let state = self.observed.container(guest.name.as_str());
        let Some(state) = state.filter(|s| !self.ours(s.lab.as_ref())) else {
            self.plan.absent.extend(absent("it is not there"));
            return;
        };
        if !self.kept.get(guest.network.as_str()).is_some_and(|network| state.is_on(network)) {
            let (name, network) = (guest.name.clone(), guest.network.clone());
            self.refusals.push(Refusal::GuestElsewhere { name, network });
            return;
        }
        if state.run != RunState::Running {
            self.plan.absent.extend(absent(&format!("it is {}", state.run.as_str())));
            return;
        }
        let facts = self.observed.facts.get(guest.name.as_str());
        let routes = missing_routes(&guest.routes, facts.map(|f| &f.routes));
        if !routes.is_empty() {
            self.push(Step::SetRoutes { container: guest.name.clone(), guest: true, routes }, Vec::new());
        }
    }
}
