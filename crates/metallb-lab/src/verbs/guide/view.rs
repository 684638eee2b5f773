//! The guide with its outputs, as a template takes it: every piece of prose is AsciiDoc already.

use serde::Serialize;

use super::prose::{Block, Inline};
use super::shape::{Misfit, find};
use super::source::{Guide, Line, Part, Prose, Section, Step, Table};

/// A document.
#[derive(Debug, Serialize)]
pub(super) struct View {
    sections: Vec<SectionView>,
}

#[derive(Debug, Serialize)]
struct SectionView {
    title: String,
    id: String,
    blocks: Vec<BlockView>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum BlockView {
    Paragraph { text: String },
    List { items: Vec<String> },
    Aside { paragraphs: Vec<String> },
    Step { command: String, lines: Vec<String>, notes: Vec<Note> },
    Table { widths: String, header: Vec<String>, rows: Vec<Vec<String>> },
    Picture { words: String },
}

/// Something said of a line, and the mark on both.
#[derive(Debug, Serialize)]
struct Note {
    mark: String,
    text: String,
}

/// The guide with these outputs, one a step, in their order.
///
/// # Errors
/// [`Misfit`], where an output has no line that the guide speaks of.
pub(super) fn view(guide: &Guide, outputs: &[Vec<String>]) -> Result<View, Misfit> {
    let mut outputs = outputs.iter();
    let mut section = |section: &Section| {
        let mut blocks = Vec::new();
        for part in &section.parts {
            match part {
                Part::Text(Prose(prose)) => blocks.extend(prose.iter().map(block_view)),
                Part::Aside(Prose(prose)) => blocks.push(aside_view(prose)),
                Part::Table(table) => blocks.push(table_view(table)),
                Part::Picture(words) => blocks.push(BlockView::Picture { words: words.clone() }),
                Part::Step(step) => {
                    let lines = outputs.next().map(Vec::as_slice).unwrap_or_default();
                    blocks.push(step_view(step, lines)?);
                }
            }
        }
        Ok(SectionView { title: section.title.clone(), id: section.id(), blocks })
    };
    Ok(View { sections: guide.sections.iter().map(&mut section).collect::<Result<_, _>>()? })
}

/// The mark of the `n`th thing said of an output.
pub(super) fn mark(n: usize) -> String {
    format!("<{}>", n + 1)
}

fn block_view(block: &Block) -> BlockView {
    match block {
        Block::Paragraph(line) => BlockView::Paragraph { text: line_text(line) },
        Block::List(items) => BlockView::List { items: items.iter().map(|item| line_text(item)).collect() },
    }
}

fn aside_view(prose: &[Block]) -> BlockView {
    let text = |block: &Block| match block {
        Block::Paragraph(line) => line_text(line),
        Block::List(items) => items.iter().map(|item| line_text(item)).collect::<Vec<_>>().join("; "),
    };
    BlockView::Aside { paragraphs: prose.iter().map(text).collect() }
}

fn step_view(step: &Step, lines: &[String]) -> Result<BlockView, Misfit> {
    let mut lines = lines.to_vec();
    let mut notes = Vec::new();
    for (n, callout) in step.callouts.iter().enumerate() {
        let at = find(&lines, &callout.at)?;
        let mark = mark(n);
        lines[at].push_str(&format!("  {mark}"));
        notes.push(Note { mark, text: line_text(&callout.say.0) });
    }
    Ok(BlockView::Step { command: step.run.clone(), lines, notes })
}

fn table_view(table: &Table) -> BlockView {
    let cells = |row: &[Line]| row.iter().map(|cell| cell_text(&cell.0)).collect::<Vec<_>>();
    let widths: Vec<String> = table.widths.iter().map(u8::to_string).collect();
    BlockView::Table {
        widths: widths.join(","),
        header: cells(&table.header),
        rows: table.rows.iter().map(|row| cells(row)).collect(),
    }
}

fn line_text(line: &[Inline]) -> String {
    line.iter().map(piece_text).collect()
}

/// A line in a table, where a bar would end the cell.
fn cell_text(line: &[Inline]) -> String {
    line_text(line).replace('|', r"\|")
}

fn piece_text(piece: &Inline) -> String {
    match piece {
        Inline::Text(text) => text.clone(),
        Inline::Emphasis(text) => format!("_{text}_"),
        // Between pluses nothing is read as markup.
        Inline::Code(code) => format!("`+{code}+`"),
        Inline::Link { words, to } => match to.strip_prefix('#') {
            Some(id) => format!("<<{id},{words}>>"),
            None => format!("link:{to}[{words}]"),
        },
    }
}
