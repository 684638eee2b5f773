//! The conditions between two phases.

use super::{Installation, Source};
use crate::manifest::OPERATOR;
use crate::plan::Phase;
use crate::ready::Condition;

impl Installation {
    /// The conditions that must hold after a phase, before the next.
    pub(super) fn gate(&self, phase: Phase) -> Vec<Condition> {
        match (phase, &self.source) {
            (Phase::Definitions, Source::Manifest(manifest)) => {
                let definitions = manifest.objects().iter().filter(|o| o.kind == "CustomResourceDefinition");
                vec![Condition::Established(definitions.map(|definition| definition.name().to_owned()).collect())]
            }
            (Phase::Install, _) if self.has_operator() => vec![Condition::Deployment(OPERATOR.to_owned())],
            // Without an operator it is the controller that serves the webhooks.
            (Phase::Install, _) => vec![Condition::Deployment("controller".to_owned())],
            _ => Vec::new(),
        }
    }
}
