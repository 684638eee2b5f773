//! The rooms of a crate form no cycle.
//!
//! A room is a module of a crate's root, with all that is below it. One room uses another where a path in its code
//! leads there: `crate::room::…`, `super::…` up to the root and down again, or the name of something that the root
//! re-exports. Code of tests does not count: it may look wherever it likes.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::{Finding, code};

/// The uses of one room by another: from, to, and the first place.
type Uses = BTreeMap<String, BTreeMap<String, (Utf8PathBuf, usize)>>;

/// Finds the cycles between the rooms of each crate that these files belong to.
pub(super) fn check(files: &[(Utf8PathBuf, String)]) -> Vec<Finding> {
    let mut crates: BTreeMap<Utf8PathBuf, Vec<(&Utf8Path, &str)>> = BTreeMap::new();
    for (path, text) in files {
        let source = path.ancestors().find(|folder| folder.file_name() == Some("src"));
        if let Some(source) = source.filter(|_| path.extension() == Some("rs")) {
            crates.entry(source.to_owned()).or_default().push((path, text));
        }
    }
    crates.iter().flat_map(|(source, files)| cycles(&uses(source, files))).collect()
}

/// Returns the uses between the rooms of one crate.
fn uses(source: &Utf8Path, files: &[(&Utf8Path, &str)]) -> Uses {
    let rooms: BTreeSet<String> = files.iter().filter_map(|(path, _)| room(source, path)).collect();
    let root = files.iter().filter(|(path, _)| room(source, path).is_none());
    let exports: BTreeMap<String, String> = root.flat_map(|(path, text)| exported(path, text, &rooms)).collect();
    let mut uses = Uses::new();
    for (path, text) in files {
        let Some(from) = room(source, path) else { continue };
        for (line, first) in paths(source, path, text) {
            let Some(to) = rooms.get(&first).or_else(|| exports.get(&first)).filter(|to| **to != from) else {
                continue;
            };
            let place = || ((*path).to_owned(), line);
            uses.entry(from.clone()).or_default().entry(to.clone()).or_insert_with(place);
        }
    }
    uses
}

/// The module path of a file below its crate's root: none for the root itself.
fn modules(source: &Utf8Path, path: &Utf8Path) -> Vec<String> {
    let inside = path.strip_prefix(source).unwrap_or(path).with_extension("");
    let mut modules: Vec<String> = inside.components().map(|part| part.as_str().to_owned()).collect();
    if modules.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        modules.pop();
    }
    modules
}

fn room(source: &Utf8Path, path: &Utf8Path) -> Option<String> {
    modules(source, path).into_iter().next()
}

/// Names that the root re-exports, and the rooms that they come from.
fn exported(path: &Utf8Path, text: &str, rooms: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut exports = Vec::new();
    for (_, statement) in statements(path, text) {
        let Some((_, path)) = statement.split_once("use ").filter(|(start, _)| start.starts_with("pub")) else {
            continue;
        };
        let path = path.trim_start_matches("self::").trim_start_matches("crate::");
        let Some((from, names)) = path.split_once("::").filter(|(from, _)| rooms.contains(*from)) else { continue };
        exports.extend(words(names).map(|name| (name.to_owned(), from.to_owned())));
    }
    exports
}

/// The first name after the crate's root of every path in a file that leads over the root, with its line.
fn paths(source: &Utf8Path, path: &Utf8Path, text: &str) -> Vec<(usize, String)> {
    let depth = modules(source, path).len();
    let mut firsts = Vec::new();
    for (line, statement) in statements(path, text) {
        let up = "super::".repeat(depth);
        for start in ["crate::", up.as_str()].into_iter().filter(|start| !start.is_empty()) {
            for (at, _) in statement.match_indices(start) {
                // `a::super::` is none of them, and one `super::` more would leave the crate.
                if statement[..at].ends_with([':', '$']) || statement[..at].ends_with(char::is_alphanumeric) {
                    continue;
                }
                let rest = &statement[at + start.len()..];
                match rest.strip_prefix('{') {
                    Some(group) => firsts.extend(heads(group).into_iter().map(|head| (line, head.to_owned()))),
                    None => firsts.extend(words(rest).next().map(|head| (line, head.to_owned()))),
                }
            }
        }
    }
    firsts
}

/// The lines of a file's code; a `use` that goes over several lines is one.
fn statements(path: &Utf8Path, text: &str) -> Vec<(usize, String)> {
    let mut statements: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in code(path, text) {
        let begins = line.trim_start().trim_start_matches("pub").starts_with("use ")
            || line.trim_start().starts_with("use ")
            || line.contains(" use ");
        match statements.last_mut().filter(|_| open) {
            Some((_, statement)) => statement.push_str(line.trim()),
            None => statements.push((number, line.trim().to_owned())),
        }
        open = (open || begins) && !line.contains(';');
    }
    statements
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The first name of each path in a group, without those of groups inside.
fn heads(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut heads) = (0_i32, 0, Vec::new());
    for (at, c) in group.char_indices() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth < 0 || (depth == 0 && c == ',') {
            heads.extend(words(&group[start..at]).next());
            start = at + 1;
        }
        if depth < 0 {
            break;
        }
    }
    heads
}

/// Returns one finding for each use that closes a cycle, with the rooms along it.
fn cycles(uses: &Uses) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (from, all) in uses {
        for (to, (path, line)) in all {
            // Each cycle is reported once, at the use that leaves its first room.
            let Some(way) = way(uses, to, from).filter(|way| way.iter().min() == Some(from)) else { continue };
            let cycle = [vec![from.clone()], way].concat().join(" → ");
            findings.push(Finding::new(path, *line, format!("rooms form a cycle: {cycle}")));
        }
    }
    findings
}

/// The shortest way from one room to another.
fn way(uses: &Uses, from: &str, to: &str) -> Option<Vec<String>> {
    let mut ways = std::collections::VecDeque::from([vec![from.to_owned()]]);
    let mut seen = BTreeSet::from([from.to_owned()]);
    while let Some(way) = ways.pop_front() {
        let last = way.last()?;
        if last == to {
            return Some(way);
        }
        for next in uses.get(last).into_iter().flat_map(BTreeMap::keys) {
            if seen.insert(next.clone()) {
                ways.push_back([way.clone(), vec![next.clone()]].concat());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(path, text)| ((*path).into(), (*text).to_owned())).collect();
        check(&files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_cycle_is_found_by_whichever_path_it_is_written() {
        let a = ("crates/x/src/a.rs", "use crate::{\n    b::{B, c},\n    d,\n};\n");
        let root = ("crates/x/src/lib.rs", "mod a;\npub use a::{A as Other, First};\n");
        for text in ["use crate::a::A;\n", "fn f() { super::a::g(); }\n", "fn f(x: crate::First) {}\n"] {
            let found = found(&[root, a, ("crates/x/src/b.rs", text)]);
            assert_eq!(found, ["crates/x/src/a.rs:1: rooms form a cycle: a → b → a"], "{text}");
        }
        let deep = ("crates/x/src/b/c/mod.rs", "use super::super::a::A;\n");
        assert_eq!(found(&[a, deep]).len(), 1);
        assert_eq!(found(&[a, ("crates/x/src/b/c/mod.rs", "use super::a::A;\n")]), [""; 0], "b's own module a");
    }

    #[test]
    fn a_cycle_over_three_rooms_is_found_once() {
        let files = [
            ("crates/x/src/a.rs", "use crate::b;\n"),
            ("crates/x/src/b/mod.rs", "use crate::c;\n"),
            ("crates/x/src/c.rs", "use crate::a;\n"),
        ];
        assert_eq!(found(&files), ["crates/x/src/a.rs:1: rooms form a cycle: a → b → c → a"]);
    }

    #[test]
    fn tests_and_other_crates_may_look_back() {
        let files = [
            ("crates/x/src/a.rs", "use crate::b;\n"),
            ("crates/x/src/b.rs", "// crate::a\n#[cfg(test)]\nmod tests {\n    use crate::a;\n}\n"),
            ("crates/x/src/b/tests.rs", "use crate::a;\n"),
            ("crates/y/src/b.rs", "use crate::a;\n"),
            ("crates/y/src/a.rs", ""),
        ];
        assert_eq!(found(&files), [""; 0]);
    }
}
