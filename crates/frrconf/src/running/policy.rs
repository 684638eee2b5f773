//! Route maps and prefix lists.

/// A route map's entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningMap {
    /// The entries, in the order of their numbers.
    pub entries: Vec<RunningMapEntry>,
}

/// An entry of a route map.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningMapEntry {
    /// The number.
    pub sequence: u32,
    /// `true` if it permits the routes that it matches.
    pub permit: bool,
    /// The `match` lines; without one it matches everything.
    pub matches: Vec<String>,
}

/// A prefix list's lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningList {
    /// The rest of each line after `seq N`: `deny any`, `permit 203.0.113.0/24 le 32`.
    pub lines: Vec<String>,
}

impl RunningMap {
    /// Adds another daemon's part of the entries.
    pub(super) fn merge(&mut self, other: Self) {
        for entry in other.entries {
            match self.entries.iter_mut().find(|own| own.sequence == entry.sequence) {
                Some(own) => add(&mut own.matches, entry.matches),
                None => self.entries.push(entry),
            }
        }
    }

    /// Returns `true` if no route passes: the first entry that matches everything denies, or no entry permits.
    pub fn denies_all(&self) -> bool {
        match self.entries.iter().find(|entry| entry.permit || entry.matches.is_empty()) {
            Some(entry) => !entry.permit,
            None => true,
        }
    }
}

impl RunningList {
    /// Adds another daemon's part of the lines.
    pub(super) fn merge(&mut self, other: Self) {
        add(&mut self.lines, other.lines);
    }

    /// Returns `true` if no prefix passes.
    pub fn denies_all(&self) -> bool {
        let denies_rest = |line: &str| matches!(line, "deny any" | "deny 0.0.0.0/0 le 32" | "deny ::/0 le 128");
        let decisive = self.lines.iter().find(|line| line.starts_with("permit") || denies_rest(line));
        decisive.is_none_or(|line| denies_rest(line))
    }
}

/// Adds the lines that are not there yet.
fn add(lines: &mut Vec<String>, others: Vec<String>) {
    for line in others {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(bool, &[&str])]) -> RunningMap {
        let entry = |(permit, matches): &(bool, &[&str])| RunningMapEntry {
            sequence: 10,
            permit: *permit,
            matches: matches.iter().map(ToString::to_string).collect(),
        };
        RunningMap { entries: entries.iter().map(entry).collect() }
    }

    #[test]
    fn a_policy_that_denies_everything_is_recognized() {
        assert!(map(&[(false, &[])]).denies_all() && map(&[]).denies_all());
        assert!(map(&[(false, &["ip address a"]), (false, &[])]).denies_all());
        assert!(!map(&[(false, &["ip address a"]), (true, &[])]).denies_all());
        assert!(!map(&[(true, &["ip address a"]), (false, &[])]).denies_all());
        let list = |lines: &[&str]| RunningList { lines: lines.iter().map(ToString::to_string).collect() };
        assert!(list(&["deny any"]).denies_all() && list(&["deny 10.0.0.0/8", "deny any"]).denies_all());
        assert!(!list(&["deny 10.0.0.0/8", "permit any"]).denies_all());
        assert!(list(&["deny 0.0.0.0/0 le 32", "permit 10.0.0.0/8"]).denies_all());
        assert!(list(&["deny ::/0 le 128", "permit fd01::/64"]).denies_all());
        assert!(!list(&["deny 0.0.0.0/0", "permit 10.0.0.0/8"]).denies_all(), "the default route alone");
        assert!(!list(&["deny ::/0 le 64", "permit fd01::/128"]).denies_all());
    }
}
