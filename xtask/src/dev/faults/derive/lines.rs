//! Faults of a router's configuration: each line deleted, each value changed, in the running FRR.

use std::net::IpAddr;

use bgplab::frrconf::Files;
use bgplab::labfile::{Lab, Node};
use bgplab::netlab::ContainerSpec;

use super::change::changed;
use crate::dev::faults::fault::{Act, Fault};

/// Lines that the file alone knows: FRR's shell and start read them, and no daemon can be asked for them.
const OF_THE_FILE: [&str; 3] = ["frr defaults", "service integrated-vtysh-config", "log "];

/// A line with the lines that open the blocks around it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    context: Vec<String>,
    text: String,
}

/// Faults of a container's configuration.
pub(super) fn of(lab: &Lab, nodes: &[Node], spec: &ContainerSpec) -> Vec<Fault> {
    let file = spec.files.iter().find(|file| file.path.ends_with("/frr.conf"));
    let text = file.map(|file| String::from_utf8_lossy(&file.contents).into_owned()).unwrap_or_default();
    lines(&text).iter().flat_map(|line| faults(lab, nodes, spec.name.as_str(), line)).collect()
}

fn lines(text: &str) -> Vec<Line> {
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut all = Vec::new();
    for line in text.lines() {
        let (depth, text) = (line.len() - line.trim_start().len(), line.trim());
        let says_nothing = text.is_empty() || text == "!" || text == "end" || text.starts_with("exit");
        if says_nothing || OF_THE_FILE.iter().any(|words| text.starts_with(words)) {
            continue;
        }
        open.retain(|(outer, _)| *outer < depth);
        let context = open.iter().map(|(_, line)| line.clone()).collect();
        all.push(Line { context, text: text.to_owned() });
        open.push((depth, text.to_owned()));
    }
    all
}

fn faults(lab: &Lab, nodes: &[Node], place: &str, line: &Line) -> Vec<Fault> {
    let fault = |change: &str, typed: Vec<String>| {
        let path: Vec<String> = line.context.iter().chain([&line.text]).map(|text| text.replace(' ', "-")).collect();
        let id = format!("line/{place}/{}/{change}", path.join("."));
        let acts = vec![Act::typed(place, line.context.iter().chain(&typed))];
        // A line is named by what it says now, too.
        let now = typed.iter().filter(|text| !text.starts_with("no "));
        let now = now.flat_map(|text| words(lab, nodes, &Line { text: text.clone(), context: Vec::new() }));
        let fault = Fault::of(id, place, acts).named(words(lab, nodes, line).into_iter().chain(now));
        fault.undone_by(Act::run(place, Files::RELOAD))
    };
    let deleted = deletion(&line.text).map(|typed| fault("deleted", vec![typed]));
    let changed = changed(&line.text).map(|typed| fault("changed", typed));
    deleted.into_iter().chain(changed).collect()
}

/// The line that takes a line away.
fn deletion(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        // A family can be emptied only, which its own lines are for.
        ["address-family", ..] => None,
        ["no", rest @ ..] => Some(rest.join(" ")),
        ["neighbor", address, "description", ..] => Some(format!("no neighbor {address} description")),
        words => Some(format!("no {}", words.join(" "))),
    }
}

/// The words by which a line is named: the neighbor or its place; else what tells it from others.
fn words(lab: &Lab, nodes: &[Node], line: &Line) -> Vec<String> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    if let ["neighbor", address, ..] = words.as_slice() {
        let at = address.parse().ok().and_then(|address| place_at(lab, nodes, address));
        return std::iter::once((*address).to_owned()).chain(at).collect();
    }
    if let ["hostname", ..] = words.as_slice() {
        return vec!["hostname".to_owned()];
    }
    let is_keyword = |word: &str| ["route-map", "prefix-list"].contains(&word);
    let tells = |word: &&&str| word.contains(|c: char| "-.:".contains(c)) && !is_keyword(word);
    let mut own: Vec<String> = words.iter().filter(tells).map(|word| (*word).to_owned()).collect();
    own.extend(own.clone().iter().filter_map(|word| word.split_once('/').map(|(address, _)| address.to_owned())));
    own.extend(words.last().filter(|_| own.is_empty()).map(|word| (*word).to_owned()));
    own
}

fn place_at(lab: &Lab, nodes: &[Node], address: IpAddr) -> Option<String> {
    let router = lab
        .routers
        .iter()
        .find(|router| router.attachments.iter().any(|(_, addresses)| addresses.iter().any(|own| own == address)));
    let node = || nodes.iter().find(|node| node.addresses.iter().any(|own| own == address));
    router.map(|router| router.name.to_string()).or_else(|| node().map(|node| node.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_in_their_blocks() {
        let text = "frr defaults traditional\nlog stdout\nbfd\n profile p\n  minimum-ttl 254\n exit\nexit\n!\nhostname a\nend\n";
        let all: Vec<String> =
            lines(text).iter().map(|line| format!("{} in {}", line.text, line.context.join(", "))).collect();
        assert_eq!(all, ["bfd in ", "profile p in bfd", "minimum-ttl 254 in bfd, profile p", "hostname a in "]);
    }

    #[test]
    fn a_line_is_taken_away_by_its_opposite() {
        assert_eq!(deletion("no bgp network import-check").unwrap(), "bgp network import-check");
        assert_eq!(deletion("neighbor 10.0.1.3 description a b").unwrap(), "no neighbor 10.0.1.3 description");
        assert_eq!(deletion("bfd").unwrap(), "no bfd");
        assert_eq!(deletion("address-family ipv4 unicast"), None);
    }
}
