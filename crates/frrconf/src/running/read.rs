//! From lines to blocks.

use super::policy::RunningMapEntry;
use super::{Running, RunningBfdPeer, RunningBgp, RunningProfile};
use crate::views::Family;

/// The block that a line stands in.
enum Block {
    None,
    /// The BGP instance, and the unicast family in it.
    Bgp(Option<Family>),
    /// Another address family of it.
    BgpOther,
    /// An entry of a route map.
    Map(String, u32),
    Bfd,
    Profile(String),
    Peer,
}

pub(super) fn read(running: &mut Running, text: &str) {
    let mut block = Block::None;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.first().is_none_or(|word| word.starts_with('!')) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        block = match (indent, block) {
            (0, _) => top(running, &words),
            (_, block @ (Block::Bgp(_) | Block::BgpOther)) => in_bgp(running, block, &words),
            (_, Block::Map(name, sequence)) => in_map(running, name, sequence, &words),
            (1, Block::Bfd | Block::Profile(_) | Block::Peer) => in_bfd(running, &words),
            (_, block) => {
                inside_bfd(running, &block, &words);
                block
            }
        };
    }
}

fn top(running: &mut Running, words: &[&str]) -> Block {
    match words {
        // An instance of another VRF says so behind its AS.
        ["router", "bgp", asn] => asn.parse().map_or(Block::None, |asn| {
            running.bgp.get_or_insert_with(|| RunningBgp::new(asn));
            Block::Bgp(None)
        }),
        ["frr", "version", version] => {
            let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(str::parse);
            running.version = numbers.next().and_then(Result::ok).zip(numbers.next().and_then(Result::ok));
            Block::None
        }
        ["bfd"] => Block::Bfd,
        ["route-map", name, action, sequence] => {
            let (name, sequence) = ((*name).to_owned(), sequence.parse().unwrap_or(0));
            let entries = &mut running.route_maps.entry(name.clone()).or_default().entries;
            // Every daemon prints its part of an entry.
            if !entries.iter().any(|entry| entry.sequence == sequence) {
                entries.push(RunningMapEntry { sequence, permit: *action == "permit", matches: Vec::new() });
            }
            Block::Map(name, sequence)
        }
        ["ip" | "ipv6", "prefix-list", _, "description", ..] => Block::None,
        ["ip" | "ipv6", "prefix-list", name, "seq", _, line @ ..] | ["ip" | "ipv6", "prefix-list", name, line @ ..] => {
            let (line, list) = (line.join(" "), running.prefix_lists.entry((*name).to_owned()).or_default());
            if !list.lines.contains(&line) {
                list.lines.push(line);
            }
            Block::None
        }
        _ => Block::None,
    }
}

fn in_bgp(running: &mut Running, block: Block, words: &[&str]) -> Block {
    match (block, words) {
        (_, ["address-family", "ipv4"] | ["address-family", "ipv4", "unicast"]) => Block::Bgp(Some(Family::Ipv4)),
        (_, ["address-family", "ipv6"] | ["address-family", "ipv6", "unicast"]) => Block::Bgp(Some(Family::Ipv6)),
        (_, ["address-family", ..]) => Block::BgpOther,
        (_, ["exit-address-family"]) => Block::Bgp(None),
        (Block::Bgp(family), words) => {
            if let Some(bgp) = &mut running.bgp {
                bgp.take(family, words);
            }
            Block::Bgp(family)
        }
        (block, _) => block,
    }
}

fn in_map(running: &mut Running, name: String, sequence: u32, words: &[&str]) -> Block {
    let entries = running.route_maps.get_mut(&name).map(|map| &mut map.entries);
    let entry = entries.and_then(|entries| entries.iter_mut().find(|entry| entry.sequence == sequence));
    if let (["match", rest @ ..], Some(entry)) = (words, entry) {
        entry.matches.push(rest.join(" "));
    }
    Block::Map(name, sequence)
}

/// A line of the `bfd` block itself: it opens a profile or a session.
fn in_bfd(running: &mut Running, words: &[&str]) -> Block {
    match words {
        ["profile", name] => {
            running.bfd.profiles.insert((*name).to_owned(), RunningProfile::default());
            Block::Profile((*name).to_owned())
        }
        ["peer", rest @ ..] => RunningBfdPeer::of(rest).map_or(Block::Bfd, |peer| {
            running.bfd.peers.push(peer);
            Block::Peer
        }),
        _ => Block::Bfd,
    }
}

fn inside_bfd(running: &mut Running, block: &Block, words: &[&str]) {
    match block {
        Block::Profile(name) => {
            if let Some(profile) = running.bfd.profiles.get_mut(name) {
                profile.take(words);
            }
        }
        Block::Peer => {
            if let Some(peer) = running.bfd.peers.last_mut() {
                peer.own.take(words);
            }
        }
        _ => {}
    }
}
