//! A test that needs an engine or a cluster says so, and plain `cargo test` leaves it out.

use camino::Utf8Path;

use super::Finding;

pub(super) fn check(path: &Utf8Path, text: &str) -> Vec<Finding> {
    let in_tests = path.parent().is_some_and(|folder| folder.file_name() == Some("tests"));
    let tier = path.file_stem().and_then(|stem| stem.split_once('_')).map(|(tier, _)| tier);
    let Some(tier @ ("engine" | "cluster")) = tier.filter(|_| in_tests && path.extension() == Some("rs")) else {
        return Vec::new();
    };
    let wanted = format!("#[ignore = \"{tier} tier: cargo xtask test\"]");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_test = |line: &str| line == "#[test]" || line.starts_with("#[tokio::test") || line == "#[rstest]";
    (1..)
        .zip(&lines)
        .filter(|(number, line)| {
            let attribute = |line: &&&str| line.starts_with("#[");
            let before = lines[..*number].iter().rev().take_while(attribute);
            let after = lines[*number..].iter().take_while(attribute);
            is_test(line) && !before.chain(after).any(|line| *line == wanted)
        })
        .map(|(number, _)| Finding::new(path, number, format!("a test of this tier carries `{wanted}`")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_of_a_tier_is_ignored_by_name() {
        let good = "#[tokio::test]\n#[ignore = \"engine tier: cargo xtask test\"]\nasync fn f() {}\n";
        let path = Utf8Path::new("crates/netlab/tests/engine_x.rs");
        assert_eq!(check(path, good), []);
        let turned = good.replace("#[tokio::test]\n", "").replace("async", "#[rstest]\n#[tokio::test]\nasync");
        assert_eq!(check(path, &turned), []);
        assert_eq!(check(path, "#[test]\nfn f() {}\n").len(), 1);
        assert_eq!(check(path, &good.replace("engine", "cluster")).len(), 1);
        assert_eq!(check("crates/netlab/tests/model.rs".into(), "#[test]\nfn f() {}\n"), []);
    }
}
