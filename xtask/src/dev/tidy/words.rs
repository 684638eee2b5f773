//! Words that belong in one place only, or in none.

use camino::Utf8Path;

use super::{Finding, code};

/// A word, where it may stand, and what to do instead. A place is the start of a path.
struct Rule {
    words: &'static [&'static str],
    places: &'static [&'static str],
    instead: &'static str,
}

/// For the product's own Rust code.
const CODE: [Rule; 2] = [
    Rule {
        words: &["process::Command", "Command::new(", "tokio::process", "duct::", "xshell::"],
        places: &["crates/bgplab/src/process/"],
        instead: "processes are started by `crates/bgplab/src/process` only",
    },
    Rule {
        words: &["println!", "eprintln!", "io::stdout()", "io::stderr()"],
        places: &[
            "crates/metallb-lab/src/exit.rs",
            "crates/metallb-lab/src/progress/",
            // A router's shell and a table that is redrawn need the terminal itself.
            "crates/metallb-lab/src/verbs/vtysh/",
            "crates/metallb-lab/src/verbs/status/",
            "crates/bgplab/examples/",
            "crates/frrconf/examples/",
            "crates/netlab/examples/",
            "crates/metallb/examples/",
        ],
        instead: "results are printed by `metallb-lab/src/exit.rs`, progress by `metallb-lab/src/progress`",
    },
];

/// For all Rust code, tests too.
const RUST: [Rule; 1] = [Rule {
    words: &["sleep(", "sleep_until(", "park_timeout("],
    places: &["crates/settle/"],
    instead: "wait for a condition with `settle::Wait`; no sleep stands for one",
}];

/// For every text file.
const TEXT: [Rule; 2] = [
    Rule {
        words: &["TODO", "FIXME", "/home/", "/Users/"],
        places: &[],
        instead: "finish it, or say it in an issue; a path of one machine helps on no other",
    },
    Rule { words: &["testbed", "test bed"], places: &[".ci/"], instead: "only the CI knows where it runs" },
];

pub(super) fn check(path: &Utf8Path, text: &str) -> Vec<Finding> {
    // This file has to name them.
    if path == "xtask/src/dev/tidy/words.rs" {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if path.extension() == Some("rs") {
        findings.extend(code(path, text).flat_map(|line| find(&CODE, path, line)));
        findings.extend((1..).zip(text.lines()).flat_map(|line| find(&RUST, path, line)));
    }
    if path != "Cargo.lock" {
        findings.extend((1..).zip(text.lines()).flat_map(|line| find(&TEXT, path, line)));
    }
    findings
}

fn find(rules: &[Rule], path: &Utf8Path, (number, line): (usize, &str)) -> Vec<Finding> {
    let elsewhere = |rule: &&Rule| !rule.places.iter().any(|place| path.as_str().starts_with(place));
    rules
        .iter()
        .filter(elsewhere)
        .flat_map(|rule| rule.words.iter().map(move |word| (word, rule)))
        .filter(|(word, _)| line.contains(*word))
        .map(|(word, rule)| Finding::new(path, number, format!("`{word}`: {}", rule.instead)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_its_place() {
        let start = "fn f() { std::process::Command::new(\"ip\"); }\n";
        assert_eq!(check("crates/netlab/src/lib.rs".into(), start).len(), 2);
        assert_eq!(check("crates/bgplab/src/process/probe.rs".into(), start), []);
        assert_eq!(check("crates/netlab/tests/x.rs".into(), start), []);
        assert_eq!(check("crates/netlab/src/lib.rs".into(), &format!("#[cfg(test)]\nmod tests {{\n{start}}}\n")), []);
        assert_eq!(check("crates/netlab/src/lib.rs".into(), "// never Command::new(\n"), []);
    }

    #[test]
    fn only_the_item_below_is_a_tests() {
        let lines = |item: &str| {
            let text = format!("#[cfg(test)]\n{item}\nfn f() {{ Command::new(\"ip\"); }}\n");
            check("crates/netlab/src/lib.rs".into(), &text).iter().map(|finding| finding.line).collect::<Vec<_>>()
        };
        assert_eq!(lines("mod tests;"), [3]);
        assert_eq!(lines("#[derive(Debug)]\nstruct Fake {\n    cmd: Command::new(,\n}"), [6]);
        assert_eq!(lines("fn f(\n    a: A,\n) -> B\nwhere\n    A: C,\n{\n    println!();\n}"), [10]);
    }

    #[test]
    fn a_sleep_is_found_in_tests_too() {
        assert_eq!(check("crates/netlab/tests/x.rs".into(), "thread::sleep(pause);\n").len(), 1);
        assert_eq!(check("crates/settle/src/wait.rs".into(), "sleep_until(next).await;\n"), []);
    }
}
