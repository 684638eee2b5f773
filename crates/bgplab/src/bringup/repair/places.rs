//! The places where kind's nodes belong, and the repairs that bring each of them there. Pure.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use netlab::RunState;

use super::Action;
use labfile::Addresses;

/// A node as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) name: String,
    /// `true` for the control plane, which the others know by its address.
    pub(super) leads: bool,
    pub(super) run: RunState,
    /// `true` if it is on the cluster's network.
    pub(super) connected: bool,
    /// Addresses that it has there; `None` where it does not run.
    pub(super) has: Option<Addresses>,
    /// The addresses that Docker is configured to give it.
    pub(super) pinned: Option<Addresses>,
    /// The addresses that it was made with, as its own files say.
    pub(super) recorded: Option<Addresses>,
}

impl Seen {
    fn is_pinned(&self, at: &Addresses) -> bool {
        self.pinned.is_some_and(|pinned| same(&pinned, at))
    }
}

/// Returns the repair that each node needs; nodes that need none are left out.
///
/// # Errors
/// The nodes that cannot be repaired, in words: their address no longer exists here, or something else has it.
pub(super) fn plan(
    nodes: &[Seen],
    subnets: &[IpNet],
    others: &[(String, Vec<IpAddr>)],
) -> Result<Vec<(String, Action)>, Vec<String>> {
    let lead = nodes.iter().find(|node| node.leads).and_then(action);
    let actions = nodes
        .iter()
        .filter_map(|node| Some((node.name.clone(), action(node).or_else(|| follow(node, lead.as_ref()?))?)));
    let actions: Vec<_> = actions.collect();
    let mut refusals = Vec::new();
    let mut owners: BTreeMap<IpAddr, &str> = BTreeMap::new();
    for node in nodes {
        for address in node.recorded.iter().flat_map(Addresses::iter) {
            if let Some(other) = owners.insert(address, &node.name) {
                refusals.push(format!("{other} and {} were both made at {address}", node.name));
            }
        }
    }
    for (node, action) in &actions {
        let Some(to) = action.target() else { continue };
        for address in to.iter() {
            if !subnets.iter().any(|subnet| subnet.contains(&address)) {
                let here: Vec<String> = subnets.iter().map(ToString::to_string).collect();
                refusals.push(format!("{node} was made at {address}, and the network has {} now", here.join(" ")));
            }
            if let Some((holder, _)) = others.iter().find(|(_, has)| has.contains(&address)) {
                refusals.push(format!("{node} was made at {address}, which container {holder} has now"));
            }
        }
    }
    if refusals.is_empty() { Ok(actions) } else { Err(refusals) }
}

fn action(node: &Seen) -> Option<Action> {
    let runs = node.run.has_processes();
    match (node.recorded, node.has) {
        (Some(to), Some(from)) if runs && !same(&from, &to) => Some(Action::Move { from, to }),
        (Some(to), None) if runs && !node.connected => Some(Action::Connect(to)),
        _ if node.run == RunState::Paused => Some(Action::Unpause),
        _ if runs => None,
        (Some(to), _) if !node.is_pinned(&to) => Some(Action::StartAt(to)),
        (recorded, _) => Some(Action::Start { pinned: recorded.is_some() }),
    }
}

/// Returns the repair of a node that lacks nothing itself, for the sake of the control plane's repair.
fn follow(node: &Seen, lead: &Action) -> Option<Action> {
    if node.run != RunState::Running {
        return None;
    }
    match lead {
        Action::Move { .. } => {
            let by_chance = node.recorded.filter(|at| !node.is_pinned(at));
            Some(by_chance.map_or(Action::Rejoin, Action::Pin))
        }
        Action::Start { .. } | Action::StartAt(_) => Some(Action::Rejoin),
        Action::Unpause | Action::Connect(_) | Action::Pin(_) | Action::Rejoin => None,
    }
}

/// `true` if addresses are the ones that a node was made with, which may have had one family only.
fn same(are: &Addresses, recorded: &Addresses) -> bool {
    recorded.iter().all(|recorded| are.iter().any(|address| address == recorded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(last: u8) -> Addresses {
        let v4 = [10, 0, 1, last].into();
        Addresses::Both(v4, format!("fd00::{last}").parse().unwrap())
    }

    fn node(name: &str, run: RunState, has: Option<u8>, recorded: Option<u8>) -> Seen {
        let (has, recorded) = (has.map(at), recorded.map(at));
        Seen { name: name.to_owned(), leads: name == "lead", run, connected: true, has, pinned: None, recorded }
    }

    fn planned(nodes: &[Seen]) -> Result<Vec<(String, Action)>, Vec<String>> {
        let subnets = ["10.0.1.0/24".parse().unwrap(), "fd00::/64".parse().unwrap()];
        plan(nodes, &subnets, &[("frr1".to_owned(), vec!["10.0.1.9".parse().unwrap()])])
    }

    fn only(node: Seen) -> Option<Action> {
        planned(&[node]).unwrap().pop().map(|(_, action)| action)
    }

    #[test]
    fn nodes_that_changed_places_are_moved_back() {
        use RunState::Running;
        let nodes = [
            node("a", Running, Some(3), Some(2)),
            node("b", Running, Some(2), Some(3)),
            node("c", Running, Some(4), Some(4)),
        ];
        let actions = planned(&nodes).unwrap();
        let moved = |from, to| Action::Move { from: at(from), to: at(to) };
        assert_eq!(actions, [("a".to_owned(), moved(3, 2)), ("b".to_owned(), moved(2, 3))]);
        assert_eq!(
            actions[0].1.on("kind"),
            "at 10.0.1.3 fd00::3, and was made at 10.0.1.2 fd00::2: stop, pin there, start"
        );
    }

    #[test]
    fn a_node_that_stayed_by_chance_is_pinned_where_the_control_plane_moves() {
        use RunState::Running;
        let stayed = node("c", Running, Some(4), Some(4));
        let pinned = Seen { pinned: Some(at(4)), ..stayed.clone() };
        let moved = [node("lead", Running, Some(3), Some(2)), node("b", Running, Some(2), Some(3))];
        let last = |stayed: &Seen| planned(&[&moved[..], std::slice::from_ref(stayed)].concat()).unwrap().pop();
        assert_eq!(last(&stayed), Some(("c".to_owned(), Action::Pin(at(4)))));
        assert_eq!(last(&pinned), Some(("c".to_owned(), Action::Rejoin)));
        assert_eq!(last(&Seen { recorded: None, ..stayed.clone() }), Some(("c".to_owned(), Action::Rejoin)));
        let lead = node("lead", Running, Some(2), Some(2));
        assert_eq!(planned(&[lead, stayed]).unwrap(), []);
    }

    #[test]
    fn a_node_that_runs_without_a_control_plane_asks_again_for_it() {
        use RunState::{Exited, Running};
        // Its address was taken by a node that was not pinned, and Docker did not start it.
        let lead = Seen { pinned: Some(at(2)), ..node("lead", Exited, None, Some(2)) };
        let nodes = [lead, node("b", Running, Some(2), Some(3)), node("c", Running, Some(4), Some(4))];
        let actions = planned(&nodes).unwrap();
        assert_eq!(actions[0], ("lead".to_owned(), Action::Start { pinned: true }));
        assert!(matches!(actions[1].1, Action::Move { .. }));
        assert_eq!(actions[2], ("c".to_owned(), Action::Rejoin));
    }

    #[test]
    fn a_node_that_runs_where_it_belongs_is_left_alone() {
        assert_eq!(only(node("a", RunState::Running, Some(2), Some(2))), None);
        assert_eq!(only(node("a", RunState::Running, Some(2), None)), None, "nothing records where it belongs");
        assert_eq!(only(node("a", RunState::Paused, Some(2), Some(2))), Some(Action::Unpause));
        let without_v6 = Addresses::V4([10, 0, 1, 2].into());
        assert_eq!(only(Seen { recorded: Some(without_v6), ..node("a", RunState::Running, Some(2), None) }), None);
    }

    #[test]
    fn a_node_that_does_not_run_starts_where_it_was_made() {
        assert_eq!(only(node("a", RunState::Exited, None, Some(2))), Some(Action::StartAt(at(2))));
        let pinned = Seen { pinned: Some(at(2)), ..node("a", RunState::Exited, None, Some(2)) };
        assert_eq!(only(pinned), Some(Action::Start { pinned: true }));
        assert_eq!(only(node("a", RunState::Exited, None, None)), Some(Action::Start { pinned: false }));
        let off = Seen { connected: false, ..node("a", RunState::Running, None, Some(2)) };
        assert_eq!(only(off), Some(Action::Connect(at(2))));
    }

    #[test]
    fn a_node_that_cannot_be_repaired_is_named() {
        let refused = |nodes: &[Seen]| planned(nodes).unwrap_err().join("\n");
        let outside = Addresses::V4([10, 9, 1, 2].into());
        let other_network = Seen { recorded: Some(outside), ..node("a", RunState::Exited, None, None) };
        assert!(
            refused(&[other_network]).contains("a was made at 10.9.1.2, and the network has 10.0.1.0/24 fd00::/64 now")
        );
        assert!(refused(&[node("a", RunState::Exited, None, Some(9))]).contains("which container frr1 has now"));
        let twice = [node("a", RunState::Exited, None, Some(2)), node("b", RunState::Exited, None, Some(2))];
        assert!(refused(&twice).contains("a and b were both made at 10.0.1.2"));
    }
}
