//! Rules: data, each with a pure function from evidence to findings.

use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Finding, Found, Layer};

/// The certainty of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sure {
    /// A rule that sees what is wrong by itself, and looks at everything.
    Proof,
    /// A rule that infers from what fails, and looks at what nothing else explains.
    Inference,
}

/// A rule.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    /// The stable name.
    pub id: &'static str,
    /// The layer of the causes that it finds.
    pub layer: Layer,
    /// The certainty.
    pub sure: Sure,
    /// Finds causes. The checks are those that failed and that nothing explains yet.
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

    /// The findings of the rule.
    pub(crate) fn findings(&self, evidence: &Evidence, open: &[Check]) -> Vec<Finding> {
        let inferred = self.sure == Sure::Inference;
        (self.look)(evidence, open).into_iter().map(|found| found.by(self.id, self.layer, inferred)).collect()
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).field("layer", &self.layer).finish_non_exhaustive()
    }
}
