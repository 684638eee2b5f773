//! The lines of a configuration, in their context, in a form in which two releases write the same thing alike.
//!
//! FRR prints no line that only says what holds anyway, and spells some lines in another way than they were typed. Lines
//! are compared as sets: within a block, their order means nothing.

use std::collections::BTreeSet;
use std::fmt;

use crate::values::Community;

/// A line, below the lines that open the blocks around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Line {
    /// The lines that open the blocks around it, from outside in: `router bgp 64500`, `address-family ipv4 unicast`.
    pub context: Vec<String>,
    /// The line itself; a password is replaced by words.
    pub text: String,
}

impl Line {
    /// The words of the line.
    pub fn words(&self) -> Vec<&str> {
        self.text.split_whitespace().collect()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)?;
        if self.context.is_empty() { Ok(()) } else { write!(f, " ({})", self.context.join(", ")) }
    }
}

/// The lines of a configuration that make routes: BGP, BFD, the policies of both, and how zebra resolves next hops.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(BTreeSet<Line>);

impl Lines {
    /// Reads the lines of a configuration, or of a daemon's part of it.
    pub(super) fn read(&mut self, text: &str) {
        // The lines that open blocks, with the depth at which each stands.
        let mut open: Vec<(usize, String)> = Vec::new();
        for line in text.lines() {
            let depth = line.len() - line.trim_start().len();
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.first().is_none_or(|word| word.starts_with('!') || word.starts_with("exit")) {
                continue;
            }
            open.retain(|(outer, _)| *outer < depth);
            let context: Vec<String> = open.iter().map(|(_, line)| line.clone()).collect();
            let text = normal(&words);
            if is_ours(context.first().unwrap_or(&text)) && !opens_only(&words) && !is_default(&context, &text) {
                self.0.insert(Line { context, text: text.clone() });
            }
            open.push((depth, text));
        }
    }

    /// Adds another daemon's lines.
    pub(super) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns the lines that the other configuration does not have. Of a block that it lacks, only the line that opens
    /// it.
    pub fn beyond(&self, other: &Self) -> Vec<Line> {
        let more: BTreeSet<&Line> = self.0.difference(&other.0).collect();
        let is_opened = |line: &&Line| {
            let below = |outer: &&Line| line.context.strip_prefix(outer.context.as_slice()).and_then(<[String]>::first);
            more.iter().any(|outer| below(outer) == Some(&outer.text))
        };
        more.iter().copied().filter(|line| !is_opened(line)).cloned().collect()
    }
}

/// Returns `true` if a line of the outermost level, or what stands below it, belongs to bgpd or bfdd, or tells zebra how to
/// resolve next hops. Every daemon prints the host's name and its own log settings beside.
fn is_ours(outermost: &str) -> bool {
    let words: Vec<&str> = outermost.split_whitespace().collect();
    match words.as_slice() {
        ["router", "bgp", ..]
        | ["bfd"]
        | ["route-map", ..]
        | ["ip" | "ipv6", "prefix-list" | "nht", ..]
        | ["no", "ip" | "ipv6", "nht", ..] => true,
        ["bgp", kind, ..] => kind.ends_with("-list") || *kind == "as-path",
        _ => false,
    }
}

/// Returns `true` if a line says nothing itself: FRR prints it with and without anything below.
fn opens_only(words: &[&str]) -> bool {
    matches!(words, ["bfd"] | ["address-family", ..])
}

/// Returns `true` if a line says what holds without it (FRR: `bfdd/bfd.h`, `bgpd/bgpd.h`).
fn is_default(context: &[String], text: &str) -> bool {
    let in_bfd = context.first().is_some_and(|block| block == "bfd");
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["detect-multiplier", "3"] | ["transmit-interval" | "receive-interval", "300"] | ["minimum-ttl", "254"] => {
            in_bfd
        }
        ["echo", "transmit-interval" | "receive-interval", "50"] => in_bfd,
        ["no", "echo-mode" | "passive-mode" | "shutdown"] => in_bfd,
        ["neighbor", _, "port", "179"] | ["bgp", "graceful-restart", "restart-time", "120"] => true,
        _ => false,
    }
}

/// The line as every release is taken to write it.
fn normal(words: &[&str]) -> String {
    match words {
        ["neighbor", address, "password", ..] => format!("neighbor {address} password (not shown)"),
        ["neighbor", address, "ebgp-multihop", "255"] => format!("neighbor {address} ebgp-multihop"),
        [list @ .., "0.0.0.0/0", "le", "32"] | [list @ .., "::/0", "le", "128"] if list.contains(&"prefix-list") => {
            format!("{} any", list.join(" "))
        }
        ["set", "community", all @ ..] => {
            let mut all: Vec<&str> = all.iter().map(|community| named(community)).collect();
            all.sort_unstable();
            format!("set community {}", all.join(" "))
        }
        ["set", "large-community", all @ ..] => {
            let mut all = all.to_vec();
            all.sort_unstable();
            format!("set large-community {}", all.join(" "))
        }
        words => words.join(" "),
    }
}

/// A community by its name, where it has one.
fn named(community: &str) -> &str {
    community.parse::<Community>().ok().and_then(Community::name).unwrap_or(community)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Lines {
        let mut lines = Lines::default();
        lines.read(text);
        lines
    }

    fn beyond(has: &str, wanted: &str) -> Vec<String> {
        lines(has).beyond(&lines(wanted)).iter().map(ToString::to_string).collect()
    }

    const BGP: &str = "hostname a\nrouter bgp 64500\n neighbor 10.0.1.3 remote-as 64500\n !\n \
                       address-family ipv4 unicast\n  neighbor 10.0.1.3 activate\n exit-address-family\nexit\n";

    #[test]
    fn a_line_is_one_in_its_context() {
        let more =
            BGP.replace("  neighbor 10.0.1.3 activate\n", "  neighbor 10.0.1.3 activate\n  maximum-paths ibgp 1\n");
        let more = more.replace(" !\n", " neighbor 10.0.1.3 shutdown\n").replace("hostname a", "hostname b");
        let said = [
            "`maximum-paths ibgp 1` (router bgp 64500, address-family ipv4 unicast)",
            "`neighbor 10.0.1.3 shutdown` (router bgp 64500)",
        ];
        let found = beyond(&more, BGP);
        assert!(found.len() == 2 && said.iter().all(|line| found.iter().any(|other| other == line)), "{found:?}");
        assert_eq!(beyond(BGP, &more), [""; 0]);
    }

    #[test]
    fn a_block_that_is_missing_is_one_line() {
        assert_eq!(beyond(BGP, "bfd\n profile p\n exit\nexit\n"), ["`router bgp 64500`"]);
        let map = "route-map m permit 10\n match ip address prefix-list l\nexit\n";
        assert_eq!(beyond(map, ""), ["`route-map m permit 10`"]);
        assert_eq!(
            beyond(map, "route-map m permit 10\nexit\n"),
            ["`match ip address prefix-list l` (route-map m permit 10)"]
        );
    }

    #[test]
    fn what_frr_spells_in_another_way_is_the_same() {
        for (typed, printed) in [
            (
                "bfd\n profile p\n  detect-multiplier 3\n  receive-interval 300\n  minimum-ttl 254\n",
                "bfd\n profile p\n exit\n",
            ),
            ("ip prefix-list l seq 5 permit 0.0.0.0/0 le 32\n", "ip prefix-list l seq 5 permit any\n"),
            (
                "route-map m permit 10\n set community 65535:65282 64500:1 additive\n",
                "route-map m permit 10\n set community 64500:1 no-advertise additive\n",
            ),
            (
                "router bgp 1\n neighbor 10.0.0.1 ebgp-multihop 255\n",
                "router bgp 1\n neighbor 10.0.0.1 ebgp-multihop\n",
            ),
            ("bfd\nexit\n", ""),
        ] {
            assert_eq!((beyond(typed, printed), beyond(printed, typed)), (Vec::new(), Vec::new()), "{typed}");
        }
        assert_eq!(beyond("bfd\n profile p\n  minimum-ttl 253\n", "bfd\n profile p\n").len(), 1);
    }

    #[test]
    fn a_password_is_not_among_the_lines() {
        let with = lines("router bgp 1\n neighbor 10.0.0.1 password secret\n");
        assert!(!format!("{with:?}").contains("secret"));
    }
}
