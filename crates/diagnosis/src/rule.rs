//! Rules: data, each with a pure function from evidence to findings.

use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Finding, Found, Layer};

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sure {
    /// What it sees is wrong by itself: it looks at everything.
    Proof,
    /// It infers from what fails: it looks at what nothing else explains.
    Inference,
}

/// A rule.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// Where the causes lie that it finds.
    pub layer: Layer,
    /// How sure it is.
    pub sure: Sure,
    /// What it finds. The checks are those that failed and that nothing explains yet.
    pub look: fn(&Evidence, &[Check]) -> Vec<Found>,
}

impl Rule {
    /// A rule that sees what is wrong by itself.
    pub(crate) const fn proof(id: &'static str, layer: Layer, look: fn(&Evidence, &[Check]) -> Vec<Found>) -> Self {
        Self { id, layer, sure: Sure::Proof, look }
    }

    /// A rule that infers from what fails.
    pub(crate) const fn inference(id: &'static str, layer: Layer, look: fn(&Evidence, &[Check]) -> Vec<Found>) -> Self {
        Self { id, layer, sure: Sure::Inference, look }
    }

    /// What it finds.
    pub(crate) fn findings(&self, evidence: &Evidence, open: &[Check]) -> Vec<Finding> {
        let finding = |found: Found| Finding {
            rule: self.id,
            layer: self.layer,
            inferred: self.sure == Sure::Inference,
            cause: found.cause,
            evidence: found.evidence,
            remedy: found.remedy,
            explains: Vec::new(),
            follows: Vec::new(),
            breaks: found.breaks,
        };
        (self.look)(evidence, open).into_iter().map(finding).collect()
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).field("layer", &self.layer).finish_non_exhaustive()
    }
}
