//! Names that are others in every run, and those under which the guide prints them.
//!
//! Docker hands the nodes their addresses in the order in which they start; the names of pods and the ports are random.
//! A reader follows them from one command to the next, so that a pattern would not do: each has one printed name, in
//! commands and in outputs alike, and the commands that are run carry the real one.

use std::net::IpAddr;

use labfile::Node;

/// Pairs of a real name and the one that is printed for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(Vec<Pair>);

#[derive(Debug, Clone)]
struct Pair {
    real: String,
    printed: String,
}

impl Names {
    /// Learns one name, and forgets what it was before.
    pub(super) fn learn(&mut self, real: impl Into<String>, printed: impl Into<String>) {
        let learned = Pair { real: real.into(), printed: printed.into() };
        self.0.retain(|known| known.real != learned.real && known.printed != learned.printed);
        self.0.push(learned);
    }

    /// Learns the nodes' addresses: printed are those of `placement`, node by node.
    pub(super) fn learn_nodes(&mut self, nodes: &[Node], placement: &[Node]) {
        for node in nodes {
            let Some(printed) = placement.iter().find(|printed| printed.name == node.name) else { continue };
            self.learn(&node.name, &printed.name);
            for (real, printed) in node.addresses.iter().zip(printed.addresses.iter()) {
                self.learn(real.to_string(), printed.to_string());
            }
        }
    }

    /// Exchanges the printed names of each pair, from now on.
    ///
    /// This is for things that are alike in all that was printed of them so far.
    pub(super) fn exchange(&mut self, alike: &[(String, String)]) {
        for pair in &mut self.0 {
            for (one, other) in alike {
                if pair.printed == *one {
                    pair.printed.clone_from(other);
                } else if pair.printed == *other {
                    pair.printed.clone_from(one);
                }
            }
        }
    }

    /// A real text as it is printed; lists of addresses are in order again.
    pub(super) fn printed(&self, text: &str) -> String {
        let printed = replace(text, self.0.iter().map(|pair| (pair.real.as_str(), pair.printed.as_str())));
        let lines: Vec<String> = printed.split('\n').map(|line| self.in_order(line)).collect();
        lines.join("\n")
    }

    /// A line in which addresses of ours that follow each other, a space between, are in order.
    fn in_order(&self, line: &str) -> String {
        let address = |word: &str| {
            let bare = word.trim_end_matches(',');
            let ours = self.0.iter().any(|pair| pair.printed == bare);
            bare.parse::<IpAddr>().ok().filter(|_| ours)
        };
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let is_list =
            |one: &String, other: &String| !one.ends_with(',') && address(one).is_some() && address(other).is_some();
        for list in words.chunk_by_mut(is_list).filter(|list| list.len() > 1) {
            let mut addresses: Vec<IpAddr> = list.iter().filter_map(|word| address(word)).collect();
            addresses.sort_unstable();
            for (word, address) in list.iter_mut().zip(addresses) {
                let comma = if word.ends_with(',') { "," } else { "" };
                *word = format!("{address}{comma}");
            }
        }
        words.join(" ")
    }

    /// A printed text as it is really run.
    pub(super) fn real(&self, text: &str) -> String {
        replace(text, self.0.iter().map(|pair| (pair.printed.as_str(), pair.real.as_str())))
    }
}

/// Replaces all names at once, so that two may change places; a name that is only a part of another word is left.
fn replace<'a>(text: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<(&str, &str)> = pairs.collect();
    // `kind-worker2` before `kind-worker`.
    pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let inside_a_word = replaced.ends_with(|c: char| c.is_ascii_alphanumeric());
        let here = pairs.iter().find(|(from, _)| {
            let after = rest.strip_prefix(from).map(|after| after.chars().next());
            !inside_a_word && after.is_some_and(|next| next.is_none_or(|c| !c.is_ascii_alphanumeric()))
        });
        match here {
            Some((from, to)) => {
                replaced.push_str(to);
                rest = &rest[from.len()..];
            }
            None => {
                replaced.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use labfile::{Lab, Overrides};

    /// The documented nodes, and the same as Docker may have numbered them.
    fn names(numbers: [u8; 3]) -> Names {
        let placement = Lab::documented(&Overrides::default()).unwrap().cluster.placement;
        let mut nodes = placement.clone();
        for (node, number) in nodes.iter_mut().zip(numbers) {
            let v6 = format!("fd00:10:0:1::{number}").parse().unwrap();
            node.addresses = labfile::Addresses::Both([10, 0, 1, number].into(), v6);
        }
        let mut names = Names::default();
        names.learn_nodes(&nodes, &placement);
        names
    }

    #[test]
    fn addresses_are_printed_as_those_of_the_placement() {
        // The control plane came last, the second worker first.
        let names = names([4, 3, 2]);
        assert_eq!(
            names.printed("kind-worker2 10.0.1.2 fd00:10:0:1::2, kind-worker 10.0.1.3, kind-control-plane 10.0.1.4"),
            "kind-worker2 10.0.1.4 fd00:10:0:1::4, kind-worker 10.0.1.3, kind-control-plane 10.0.1.2"
        );
        assert_eq!(names.real("curl http://10.0.1.4:80"), "curl http://10.0.1.2:80");
    }

    #[test]
    fn lists_of_addresses_are_in_order_again() {
        let names = names([4, 3, 2]);
        assert_eq!(
            names.printed("next hops 10.0.1.2 10.0.1.3, expected 10.0.1.2 10.0.1.3\nfd00:10:0:1::2 10.0.2.2"),
            "next hops 10.0.1.3 10.0.1.4, expected 10.0.1.3 10.0.1.4\nfd00:10:0:1::4 10.0.2.2"
        );
    }

    #[test]
    fn a_name_has_one_meaning() {
        let mut names = names([4, 3, 2]);
        let placement = Lab::documented(&Overrides::default()).unwrap().cluster.placement;
        names.learn_nodes(&placement, &placement);
        assert_eq!(names.printed("10.0.1.2 10.0.1.3 10.0.1.4"), "10.0.1.2 10.0.1.3 10.0.1.4");
    }

    #[test]
    fn workers_can_change_places() {
        let mut names = names([4, 3, 2]);
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        names.exchange(&[pair("kind-worker", "kind-worker2"), pair("10.0.1.3", "10.0.1.4")]);
        assert_eq!(
            names.printed("kind-worker 10.0.1.3, kind-worker2 10.0.1.2"),
            "kind-worker2 10.0.1.4, kind-worker 10.0.1.3"
        );
        assert_eq!(names.real("docker pause kind-worker"), "docker pause kind-worker2");
    }

    #[test]
    fn parts_of_other_words_are_left() {
        let names = names([4, 2, 3]);
        assert_eq!(
            names.printed("10.0.1.250 10.0.1.0/25 fd00:10:0:1::fa 10.0.1.20"),
            "10.0.1.250 10.0.1.0/25 fd00:10:0:1::fa 10.0.1.20"
        );
        assert_eq!(names.printed("[fd00:10:0:1::2]:30443 frr-kind-worker"), "[fd00:10:0:1::3]:30443 frr-kind-worker");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]
        // But for the order of lists.
        #[test]
        fn what_is_printed_leads_back(numbers in Just([2, 3, 4]).prop_shuffle(), words in "(kind-worker2?|10[.]0[.]1[.][2-4]|[ :/]){0,12}") {
            let names = names(numbers);
            let sorted = |text: &str| {
                let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
                words.sort_unstable();
                words
            };
            let back = names.real(&names.printed(&words));
            prop_assert_eq!(sorted(&back), sorted(&words));
            // Without a space there is no list.
            let joined = words.replace(' ', "/");
            prop_assert_eq!(names.real(&names.printed(&joined)), joined);
        }
    }
}
