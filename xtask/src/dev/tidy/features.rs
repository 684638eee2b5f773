//! Whether `cargo xtask` and `cargo test` compile the same: a dependency that the tests want with one feature more is
//! compiled twice, and with it all that depends on it.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::super::cargo;
use super::Finding;
use crate::exit::Failure;

/// Compares what Cargo resolves for the command line with what it resolves for all tests.
pub(super) async fn check() -> Result<Vec<Finding>, Failure> {
    const FORM: [&str; 5] = ["--offline", "--prefix", "none", "--format", "{p} [{f}]"];
    let product = [&["tree", "--package", "xtask", "--edges", "normal,build"], &FORM[..]].concat();
    let tests = [&["tree", "--workspace", "--edges", "normal,build,dev"], &FORM[..]].concat();
    let (product, tests) = (cargo(&product), cargo(&tests));
    let (product, tests) = futures::try_join!(product.read(), tests.read())?;
    let finding = |message| Finding::new(Utf8Path::new("xtask/Cargo.toml"), 1, message);
    Ok(missing(&product, &tests).into_iter().map(finding).collect())
}

/// A package, with the sets of features that it is compiled with: one for the product, maybe another for macros.
fn packages(tree: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut packages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in tree.lines() {
        let Some((package, rest)) = line.split_once(" [") else { continue };
        let Some((features, _)) = rest.split_once(']') else { continue };
        packages.entry(package.trim_end_matches(" (proc-macro)")).or_default().insert(features);
    }
    packages
}

fn missing(product: &str, tests: &str) -> Vec<String> {
    let (product, tests) = (packages(product), packages(tests));
    let differs = |(package, sets): (&str, &BTreeSet<&str>)| {
        let all = tests.get(package)?;
        let lone = sets.iter().find(|set| !all.contains(*set))?;
        let has: BTreeSet<&str> = lone.split(',').collect();
        let wants: BTreeSet<&str> = all.iter().flat_map(|set| set.split(',')).filter(|f| !has.contains(f)).collect();
        let wants = Vec::from_iter(wants).join(", ");
        Some(format!("the tests want {package} with {wants}: ask for the same, or it is compiled twice"))
    };
    product.iter().filter_map(|(package, sets)| differs((package, sets))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_only_the_tests_want_is_found() {
        let tests = "a v1 [std] (*)\na v1 [full,std]\nb v2 (proc-macro) [visit]\nonly-of-tests v1 []\n";
        assert_eq!(
            missing("a v1 [full,std]\nb v2 (proc-macro) [visit]\nb v2 (proc-macro) [visit] (*)\n", tests),
            [""; 0]
        );
        let told = missing("a v1 [std]\nb v2 (proc-macro) []\n", tests);
        assert_eq!(told, ["the tests want b v2 with visit: ask for the same, or it is compiled twice"]);
    }
}
