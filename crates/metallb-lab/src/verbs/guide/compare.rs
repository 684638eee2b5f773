//! Outputs that no longer match, step by step, as a diff.

use serde::Serialize;
use similar::TextDiff;

use super::source::Guide;

/// A step whose output is no longer what is printed.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Difference {
    /// Name of the step.
    step: String,
    /// Command of the step.
    command: String,
    /// Diff from the printed output to the one that came.
    diff: String,
}

/// Returns the steps whose outputs differ from what is printed.
pub(super) fn differences(guide: &Guide, printed: &[Option<Vec<String>>], came: &[Vec<String>]) -> Vec<Difference> {
    let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let steps = guide.steps().zip(printed.iter().zip(came));
    steps
        .filter(|(_, (printed, came))| printed.as_ref() != Some(*came))
        .map(|(step, (printed, came))| Difference {
            step: step.name.clone(),
            command: step.run.clone(),
            diff: diff(&text(printed.as_deref().unwrap_or_default()), &text(came)),
        })
        .collect()
}

/// A unified diff of two texts.
pub(super) fn diff(printed: &str, came: &str) -> String {
    TextDiff::from_lines(printed, came).unified_diff().context_radius(2).header("printed", "came").to_string()
}

/// All differences for a person.
pub(super) fn text(differences: &[Difference]) -> String {
    let one =
        |difference: &Difference| format!("step {}: $ {}\n{}\n", difference.step, difference.command, difference.diff);
    differences.iter().map(one).collect()
}
