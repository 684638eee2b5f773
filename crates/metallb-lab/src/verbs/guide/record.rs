//! The written guide is its own record: outputs are read back from the Markdown.

use super::source::{Guide, Step};
use super::view::Format;

/// The outputs that are printed, one a step; none where the step's command is not in the document.
pub(super) fn outputs(guide: &Guide, markdown: &str) -> Vec<Option<Vec<String>>> {
    let mut blocks = blocks(markdown);
    guide
        .steps()
        .map(|step| {
            // A command that is typed twice stands there twice, in the same order.
            let at =
                blocks.iter().position(|block| block.first().copied() == Some(format!("$ {}", step.run).as_str()))?;
            let lines = blocks.remove(at);
            Some(without_marks(step, &lines[1..]))
        })
        .collect()
}

/// The lines of each console block.
pub(super) fn blocks(markdown: &str) -> Vec<Vec<&str>> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    let mut inside = false;
    for line in markdown.lines() {
        match (inside, line) {
            (false, "```console") => {
                inside = true;
                blocks.push(Vec::new());
            }
            (true, "```") => inside = false,
            (true, line) => blocks.iter_mut().last().into_iter().for_each(|block| block.push(line)),
            (false, _) => {}
        }
    }
    blocks
}

fn without_marks(step: &Step, lines: &[&str]) -> Vec<String> {
    let marks: Vec<String> = (0..step.callouts.len()).map(|n| format!("  {}", Format::Markdown.mark(n))).collect();
    let bare = |line: &str| {
        let bare = marks.iter().find_map(|mark| line.strip_suffix(mark.as_str()));
        bare.unwrap_or(line).to_owned()
    };
    lines.iter().map(|line| bare(line)).collect()
}
