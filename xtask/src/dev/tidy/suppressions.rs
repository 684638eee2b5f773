//! A suppressed lint says why.

use camino::Utf8Path;

use super::Finding;

pub(super) fn check(path: &Utf8Path, text: &str) -> Vec<Finding> {
    if path.extension() != Some("rs") {
        return Vec::new();
    }
    let without_reason = |(number, line): (usize, &str)| {
        let attribute = line.trim_start();
        let suppresses =
            ["#[allow(", "#![allow(", "#[expect(", "#![expect("].iter().any(|start| attribute.starts_with(start));
        // An attribute may go over several lines; it ends at the first `)]`.
        let rest = text
            .lines()
            .skip(number - 1)
            .scan(false, |ended, line| (!std::mem::replace(ended, line.contains(")]"))).then_some(line));
        (suppresses && !rest.clone().any(|line| line.contains("reason = "))).then_some(number)
    };
    (1..)
        .zip(text.lines())
        .filter_map(without_reason)
        .map(|number| Finding::new(path, number, "a suppressed lint carries its `reason = \"…\"`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_may_stand_on_another_line_of_the_attribute() {
        let good = "#[expect(\n    clippy::panic,\n    reason = \"why\"\n)]\nfn f() {}\n";
        let bad = "#[allow(dead_code)]\n// reason = none\nfn f() {}\n";
        assert_eq!(check("a.rs".into(), good), []);
        assert_eq!(check("a.rs".into(), bad).iter().map(|finding| finding.line).collect::<Vec<_>>(), [1]);
    }
}
