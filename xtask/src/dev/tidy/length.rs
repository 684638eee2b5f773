//! Short files: one idea each.

use camino::Utf8Path;

use super::Finding;

/// The most lines that a file of code may have.
const MOST: usize = 250;

/// Files that may be longer, and why.
const LONGER: [(&str, &str); 0] = [];

pub(super) fn check(path: &Utf8Path, text: &str) -> Vec<Finding> {
    let lines = text.lines().count();
    let is_code = matches!(path.extension(), Some("rs" | "sh" | "tera"));
    if !is_code || lines <= MOST || LONGER.iter().any(|(longer, _)| path == *longer) {
        return Vec::new();
    }
    vec![Finding::new(path, MOST, format!("{lines} lines; a file has at most {MOST}: split it by ideas"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_code_is_found() {
        let long = "\n".repeat(MOST + 1);
        assert_eq!(check("a.rs".into(), &long).len(), 1);
        assert_eq!(check("a.rs".into(), &long[1..]), []);
        assert_eq!(check("a.snap".into(), &long), []);
    }
}
