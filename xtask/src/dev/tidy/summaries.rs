//! Documentation begins with a verb, or names the thing.

use camino::Utf8Path;

use super::Finding;

/// Words that begin half a sentence: a reader has to find out what it is about.
const HALVES: [&str; 10] = ["What", "Whether", "Who", "Whom", "How", "Its", "Where", "Why", "Which", "None"];

pub(super) fn check(path: &Utf8Path, text: &str) -> Vec<Finding> {
    if path.extension() != Some("rs") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_start();
        let words = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        let first = words.filter(|_| !inside).and_then(|words| words.split_whitespace().next());
        inside = words.is_some();
        if let Some(first) = first.filter(|first| HALVES.contains(first)) {
            let message = format!("a summary begins with a verb or names the thing, not with `{first}`");
            findings.push(Finding::new(path, number, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_beginning_of_a_summary_counts() {
        let lines = |text: &str| check("a.rs".into(), text).iter().map(|finding| finding.line).collect::<Vec<_>>();
        assert_eq!(lines("//! How it is done.\n"), [1]);
        assert_eq!(lines("/// Returns the name.\n///\n/// What it is not.\nfn f() {}\n"), [0; 0]);
        assert_eq!(lines("    /// Whether it runs.\n    runs: bool,\n    // Why not?\n    /// None.\n"), [1]);
        assert_eq!(lines("    /// None where nothing runs.\n"), [1]);
        assert_eq!(check("a.md".into(), "/// What\n"), []);
    }
}
