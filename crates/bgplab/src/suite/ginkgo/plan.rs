//! The list of specs, from the JSON report of a dry run.

use serde::Deserialize;

/// The longest regular expression in one argument: the kernel takes 128 KiB.
const ARGUMENT: usize = 100 * 1024;

/// The specs that a run would consist of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The suite's name, which focus and skip see before each spec's.
    pub suite: String,
    /// The specs that would run, by their full names, in ginkgo's order.
    pub specs: Vec<String>,
    /// The number of specs that would not.
    pub left_out: usize,
}

/// A report that is none.
#[derive(Debug, thiserror::Error)]
#[error("the suite's list of specs cannot be read")]
pub struct Unreadable(#[from] serde_json::Error);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    suite_description: String,
    #[serde(default)]
    spec_reports: Option<Vec<Spec>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Spec {
    #[serde(default)]
    container_hierarchy_texts: Option<Vec<String>>,
    leaf_node_type: String,
    leaf_node_text: String,
    state: String,
}

impl Plan {
    /// Reads a dry run's report.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(json: &str) -> Result<Self, Unreadable> {
        let reports: Vec<Report> = serde_json::from_str(json)?;
        let mut plan = Self { suite: String::new(), specs: Vec::new(), left_out: 0 };
        for report in reports {
            plan.suite = report.suite_description;
            for spec in report.spec_reports.into_iter().flatten().filter(|spec| spec.leaf_node_type == "It") {
                if spec.state == "passed" {
                    plan.specs.push(spec.name());
                } else {
                    plan.left_out += 1;
                }
            }
        }
        Ok(plan)
    }
}

impl Spec {
    fn name(&self) -> String {
        let containers = self.container_hierarchy_texts.iter().flatten().map(String::as_str);
        containers.chain([self.leaf_node_text.as_str()]).collect::<Vec<_>>().join(" ")
    }
}

/// Returns the regular expressions that focus on some specs of a suite, and on no other; ginkgo takes any of them.
#[must_use]
pub fn exactly(suite: &str, specs: &[String]) -> Vec<String> {
    let (before, after) = (format!("^{} (", quoted(suite)), ")$");
    let mut all: Vec<String> = Vec::new();
    for spec in specs.iter().map(|spec| quoted(spec)) {
        match all.last_mut().filter(|last| last.len() + spec.len() < ARGUMENT) {
            Some(last) => *last = format!("{last}|{spec}"),
            None => all.push(format!("{before}{spec}")),
        }
    }
    all.into_iter().map(|expression| expression + after).collect()
}

/// Returns a text as a regular expression of Go that matches it.
fn quoted(text: &str) -> String {
    text.chars().fold(String::new(), |mut quoted, c| {
        if r"\.+*?()|[]{}^$".contains(c) {
            quoted.push('\\');
        }
        quoted.push(c);
        quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_lists_what_would_run() {
        let json = r#"[{"SuiteDescription": "E2E Suite", "SpecReports": [
            {"ContainerHierarchyTexts": null, "LeafNodeType": "BeforeSuite", "LeafNodeText": "", "State": "passed"},
            {"ContainerHierarchyTexts": ["BGP", "BFD"], "LeafNodeType": "It", "LeafNodeText": "IPV4 - default", "State": "passed"},
            {"ContainerHierarchyTexts": ["BGP", "BFD"], "LeafNodeType": "It", "LeafNodeText": "IPV6 - default", "State": "skipped"}]}]"#;
        let plan = Plan::read(json).unwrap();
        assert_eq!((plan.suite.as_str(), plan.left_out), ("E2E Suite", 1));
        assert_eq!(plan.specs, ["BGP BFD IPV4 - default"]);
        assert!(Plan::read("{").is_err());
        assert_eq!(Plan::read(r#"[{"SuiteDescription": "E2E", "SpecReports": null}]"#).unwrap().specs, [""; 0]);
    }

    #[test]
    fn the_specs_that_are_left_are_named_exactly() {
        let specs = ["BGP a (b) c.d".to_owned(), "BGP x|y".to_owned()];
        assert_eq!(exactly("E2E Suite", &specs), [r"^E2E Suite (BGP a \(b\) c\.d|BGP x\|y)$"]);
        assert_eq!(exactly("E2E", &[]), [""; 0]);
        let many: Vec<String> = (0..3).map(|_| "x".repeat(ARGUMENT / 2)).collect();
        assert!(exactly("E2E", &many).iter().all(|one| one.len() < ARGUMENT + 100 && one.ends_with(")$")));
    }
}
