//! The output of `make -np`: commands, and the database of rules. Reading it runs nothing.

use std::collections::BTreeMap;

/// A Makefile as make understood it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Database {
    rules: BTreeMap<String, Vec<String>>,
}

impl Database {
    /// Reads the output of `make -np`.
    pub(super) fn parse(output: &str) -> Self {
        let mut rules: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (mut in_files, mut not_a_target) = (false, false);
        for line in output.lines() {
            // The commands come before the database; variables and implicit rules come before the files.
            in_files |= line == "# Files";
            if line == "# Not a target:" {
                not_a_target = true;
                continue;
            }
            let rule = line.split_once(':').filter(|(name, rest)| {
                let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
                in_files && !name.is_empty() && name.chars().all(plain) && !rest.starts_with('=')
            });
            if let Some((name, needs)) = rule
                && !std::mem::take(&mut not_a_target)
            {
                // After a bar come the needs that are only to be there.
                let needs = needs.trim_start_matches(':').split_whitespace().filter(|word| *word != "|");
                rules.entry(name.to_owned()).or_default().extend(needs.map(str::to_owned));
            }
        }
        Self { rules }
    }

    /// `true` if there is such a target.
    pub(super) fn has(&self, target: &str) -> bool {
        self.rules.contains_key(target)
    }

    /// `true` if making `target` makes `other` too.
    pub(super) fn leads_to(&self, target: &str, other: &str) -> bool {
        let mut seen = Vec::new();
        let mut next = vec![target];
        while let Some(at) = next.pop() {
            if at == other && at != target {
                return true;
            }
            if !seen.contains(&at) {
                seen.push(at);
                next.extend(self.rules.get(at).into_iter().flatten().map(String::as_str));
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database in the form that GNU make 4.3 prints, with rules such as the operator's Makefile has them since 2024.
    const TODAY: &str = "\
cd config/manager && kustomize edit set image controller=x
http: //not.a/rule

# Variables
KIND := /x/kind

# Files

# Not a target:
.c.o:
#  Builtin rule

deploy: manifests kustomize kind-cluster load-on-kind
#  Phony target (prerequisite of .PHONY).
# VERSION := dev
\tcd config/manager && $(KUSTOMIZE) edit set image controller=${IMG}

load-on-kind: docker-build kind-cluster

kind-cluster: kind

manifests: controller-gen | bin
";

    #[test]
    fn rules_are_followed() {
        let database = Database::parse(TODAY);
        assert!(database.has("deploy") && !database.has("deploy-cert-manager") && !database.has("http"));
        assert!(!database.has(".c.o"), "make says itself that it is none");
        assert!(database.leads_to("deploy", "kind-cluster") && database.leads_to("deploy", "docker-build"));
        assert!(database.leads_to("manifests", "bin"));
        assert!(!database.leads_to("manifests", "kind"));
    }

    #[test]
    fn a_circle_ends() {
        let database = Database::parse("# Files\na: b\nb: a\n");
        assert!(!database.leads_to("a", "c"));
    }
}
