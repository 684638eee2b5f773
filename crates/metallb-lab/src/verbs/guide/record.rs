//! The written guide is its own record: outputs are read back from it.

use super::source::{Guide, Step};
use super::view::mark;

/// The outputs that are printed, one a step; none where the step's command is not in the document.
pub(super) fn outputs(guide: &Guide, written: &str) -> Vec<Option<Vec<String>>> {
    let mut blocks = blocks(written, ASCIIDOC);
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

/// The lines that begin and end a console block.
pub(super) type Fences = (&'static [&'static str], &'static str);

/// Console blocks of AsciiDoc.
pub(super) const ASCIIDOC: Fences = (&["[source,console]", "----"], "----");

/// The lines of each console block.
pub(super) fn blocks(text: &str, (begin, end): Fences) -> Vec<Vec<&str>> {
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    // Number of lines that begin a block, seen in a row so far.
    let mut seen = 0;
    for line in text.lines() {
        match blocks.last_mut().filter(|_| seen == begin.len()) {
            Some(_) if line == end => seen = 0,
            Some(block) => block.push(line),
            None if begin.get(seen) == Some(&line) => {
                seen += 1;
                if seen == begin.len() {
                    blocks.push(Vec::new());
                }
            }
            None => seen = 0,
        }
    }
    blocks
}

fn without_marks(step: &Step, lines: &[&str]) -> Vec<String> {
    let marks: Vec<String> = (0..step.callouts.len()).map(|n| format!("  {}", mark(n))).collect();
    let bare = |line: &str| {
        let bare = marks.iter().find_map(|mark| line.strip_suffix(mark.as_str()));
        bare.unwrap_or(line).to_owned()
    };
    lines.iter().map(|line| bare(line)).collect()
}
