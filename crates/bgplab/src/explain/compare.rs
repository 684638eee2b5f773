//! The differences of a router's table from the prediction. Pure.

use std::collections::BTreeSet;
use std::net::IpAddr;

use labfile::compose::{Choice, Fate, NextHops, Path};

use super::{SeenPath, Table};
use crate::checks::frr::{list, wanted};

/// Returns every difference, in words.
pub(super) fn differences(predicted: &Choice, seen: &Table) -> Vec<String> {
    let seen = match seen {
        Table::Paths(seen) => seen,
        Table::Unread(why) => return vec![format!("its table could not be read: {why}")],
    };
    let of_paths = predicted.paths.iter().flat_map(|path| path_differences(path, &predicted.paths, seen));
    let unknown = seen.iter().filter(|path| !predicted.paths.iter().any(|known| Some(known.neighbor) == path.neighbor));
    let unknown = unknown.map(|path| format!("the route from {} is not predicted", sender(path)));
    of_paths.chain(unknown).chain(next_hops(predicted.next_hops.as_ref(), seen)).collect()
}

/// Returns the differences of one predicted route, of those that its neighbor may send.
fn path_differences(path: &Path, all: &[Path], seen: &[SeenPath]) -> Vec<String> {
    let Some(found) = seen.iter().find(|seen| seen.neighbor == Some(path.neighbor)) else {
        return match path.certain {
            true => vec![format!("the route from {} is missing", path.from)],
            false => Vec::new(),
        };
    };
    // Where the neighbor may send one of several, it is enough that one of them is there.
    let alternatives = all.iter().filter(|other| other.neighbor == path.neighbor).count();
    if alternatives > 1 {
        return Vec::new();
    }
    let as_path = path.as_path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let mut differences = Vec::new();
    let mut differ = |what: &str, (is, should): (String, String)| {
        if is != should {
            differences.push(format!("the route from {} has {what} {is}, predicted is {should}", path.from));
        }
    };
    let nothing = || "none".to_owned();
    let words = |text: &str| if text.is_empty() { nothing() } else { text.to_owned() };
    differ("next hop", (found.next_hop.map_or_else(nothing, |hop| hop.to_string()), path.next_hop.to_string()));
    differ("AS path", (words(&found.as_path), words(&as_path)));
    if let Some(preference) = found.local_preference {
        differ("local preference", (preference.to_string(), path.local_preference.to_string()));
    }
    match path.fate {
        Fate::Best | Fate::Used if !found.is_used_by_next_hop(seen) => {
            differences.push(format!("the route from {} is not used", path.from));
        }
        Fate::Lost(step) if found.used => {
            differences.push(format!("the route from {} is used in spite of its {step}", path.from));
        }
        _ => {}
    }
    differences
}

/// Compares the next hops of all routes that are used.
fn next_hops(predicted: Option<&NextHops>, seen: &[SeenPath]) -> Option<String> {
    let used: BTreeSet<IpAddr> = seen.iter().filter(|path| path.used).filter_map(|path| path.next_hop).collect();
    let predicted = predicted.filter(|predicted| !predicted.are(&used))?;
    Some(format!("the next hops are {}, predicted {}", list(&used), wanted(predicted)))
}

fn sender(path: &SeenPath) -> String {
    match (&path.from, path.neighbor) {
        (Some(name), _) => name.clone(),
        (None, Some(address)) => address.to_string(),
        (None, None) => "itself".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use labfile::compose;
    use labfile::{Lab, Overrides};

    use super::*;

    /// Two reflectors pass on the same route: FRR uses one of them.
    #[test]
    fn one_of_two_routes_by_one_next_hop_is_enough() {
        let (mut choice, mut seen) = frr1();
        let both = |choice: &Choice, seen: &[SeenPath]| differences(choice, &Table::Paths(seen.to_vec()));
        let hop = seen[0].next_hop;
        choice.next_hops = None;
        for (path, seen) in choice.paths.iter_mut().zip(&mut seen) {
            (path.next_hop, seen.next_hop) = (hop.unwrap(), hop);
        }
        assert!(both(&choice, &seen).is_empty());
        seen[1].used = false;
        assert!(both(&choice, &seen).is_empty(), "its next hop is used");
        seen.iter_mut().for_each(|path| path.used = false);
        assert!(!both(&choice, &seen).is_empty());
    }

    /// The documented lab's frr1, and a table of its own that is as predicted.
    fn frr1() -> (Choice, Vec<SeenPath>) {
        let lab = Lab::documented(&Overrides::default()).unwrap();
        let prefix = "203.0.113.200/32".parse().unwrap();
        let choices =
            compose::unobserved(&lab, |observed| compose::choices(&lab, &lab.cluster.placement, observed, prefix))
                .unwrap();
        let choice = choices.into_iter().next().unwrap();
        let seen = choice.paths.iter().map(|path| SeenPath {
            from: Some(path.from.clone()),
            neighbor: Some(path.neighbor),
            next_hop: Some(path.next_hop),
            local_preference: Some(100),
            as_path: String::new(),
            valid: true,
            best: path.from == "kind-worker",
            used: true,
            reason: None,
        });
        let seen = seen.collect();
        (choice, seen)
    }

    fn with(change: impl FnOnce(&mut Vec<SeenPath>)) -> Vec<String> {
        let (choice, mut seen) = frr1();
        change(&mut seen);
        differences(&choice, &Table::Paths(seen))
    }

    #[test]
    fn a_table_as_predicted_differs_in_nothing() {
        assert_eq!(with(|_| {}), [""; 0]);
    }

    #[test]
    fn each_difference_is_named() {
        let gone = ["the route from kind-worker is missing", "the next hops are 10.0.1.4, predicted 10.0.1.3 10.0.1.4"];
        assert_eq!(with(|seen| drop(seen.remove(0))), gone);
        let unused = with(|seen| (seen[1].used, seen[1].valid) = (false, false));
        assert_eq!(unused[0], "the route from kind-worker2 is not used");
        let changed = with(|seen| {
            seen[0].local_preference = Some(200);
            seen[0].as_path = "64512 64513".to_owned();
        });
        let words = [
            "the route from kind-worker has AS path 64512 64513, predicted is none",
            "the route from kind-worker has local preference 200, predicted is 100",
        ];
        assert_eq!(changed, words);
        let more = with(|seen| {
            let stranger =
                SeenPath { from: None, neighbor: Some([10, 0, 9, 9].into()), used: false, ..seen[0].clone() };
            seen.push(stranger);
        });
        assert_eq!(more, ["the route from 10.0.9.9 is not predicted"]);
        let (choice, _) = frr1();
        let silent = differences(&choice, &Table::Unread("bgpd does not answer".to_owned()));
        assert_eq!(silent, ["its table could not be read: bgpd does not answer"]);
    }
}
