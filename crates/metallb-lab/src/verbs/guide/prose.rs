//! Prose: paragraphs and lists, and in them code, links and emphasis.
//!
//! Paragraphs are parted by empty lines; a paragraph whose lines begin with `- ` is a list. Within a line `code` stands
//! between backticks, a link is `[words](address)`, and what is stressed stands between underscores.

/// A paragraph or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list's items.
    List(Vec<Vec<Inline>>),
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    /// Words.
    Text(String),
    /// Typed or printed text.
    Code(String),
    /// Stressed words.
    Emphasis(String),
    /// A link.
    Link {
        /// Text of the link.
        words: String,
        /// Address of the link.
        to: String,
    },
}

/// Prose that cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    /// Something begins and does not end.
    #[error("`{mark}` has no end: {rest}")]
    Open {
        /// Character that begins it.
        mark: char,
        /// Text after that character.
        rest: String,
    },
    /// A character that AsciiDoc would take for its own.
    #[error("`{0}` means something in AsciiDoc: put it into code, or say it in words")]
    Special(char),
}

/// Reads paragraphs and lists.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, Unreadable> {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs
        .map(|paragraph| match paragraph.strip_prefix("- ") {
            Some(items) => Ok(Block::List(items.split("\n- ").map(line).collect::<Result<_, _>>()?)),
            None => Ok(Block::Paragraph(line(paragraph)?)),
        })
        .collect()
}

/// Reads the pieces of one paragraph, item or cell; its line breaks are spaces.
pub(super) fn line(text: &str) -> Result<Vec<Inline>, Unreadable> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text.as_str();
    while let Some(mark) = rest.chars().next() {
        let begins_word = words.is_empty() || words.ends_with([' ', '(']);
        let (piece, length) = match mark {
            '`' => enclosed(rest, '`', '`').map(|(code, length)| (Inline::Code(code), length))?,
            '_' if begins_word => enclosed(rest, '_', '_').map(|(text, length)| (Inline::Emphasis(text), length))?,
            '[' => link(rest)?,
            '*' | '<' | '>' | '|' | '{' | '}' | '#' | '+' | '^' | '~' | '_' => return Err(Unreadable::Special(mark)),
            _ => {
                words.push(mark);
                rest = &rest[mark.len_utf8()..];
                continue;
            }
        };
        if !words.is_empty() {
            pieces.push(Inline::Text(std::mem::take(&mut words)));
        }
        pieces.push(piece);
        rest = &rest[length..];
    }
    if !words.is_empty() {
        pieces.push(Inline::Text(words));
    }
    Ok(pieces)
}

/// Returns the text between two marks at the beginning, and its length with the marks.
fn enclosed(rest: &str, open: char, close: char) -> Result<(String, usize), Unreadable> {
    let inside = &rest[open.len_utf8()..];
    match inside.find(close) {
        Some(end) => Ok((inside[..end].to_owned(), open.len_utf8() + end + close.len_utf8())),
        None => Err(Unreadable::Open { mark: open, rest: rest.to_owned() }),
    }
}

fn link(rest: &str) -> Result<(Inline, usize), Unreadable> {
    let (words, length) = enclosed(rest, '[', ']')?;
    let open = || Unreadable::Open { mark: '[', rest: rest.to_owned() };
    let address = rest[length..].strip_prefix('(').ok_or_else(open)?;
    let end = address.find(')').ok_or_else(open)?;
    Ok((Inline::Link { words, to: address[..end].to_owned() }, length + end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Inline {
        Inline::Text(words.to_owned())
    }

    #[test]
    fn paragraphs_and_lists_are_distinguished() {
        let read = blocks("One\nline.\n\n- first\n  goes on\n- second\n\nLast.\n").unwrap();
        let list = Block::List(vec![vec![text("first goes on")], vec![text("second")]]);
        assert_eq!(read, [Block::Paragraph(vec![text("One line.")]), list, Block::Paragraph(vec![text("Last.")])]);
    }

    #[test]
    fn code_links_and_emphasis_are_pieces() {
        let read = line("Run `a_b <c>` as [kind](https://kind.sigs.k8s.io) _says_.").unwrap();
        let link = Inline::Link { words: "kind".to_owned(), to: "https://kind.sigs.k8s.io".to_owned() };
        let [code, said] = [Inline::Code("a_b <c>".to_owned()), Inline::Emphasis("says".to_owned())];
        assert_eq!(read, [text("Run "), code, text(" as "), link, text(" "), said, text(".")]);
    }

    #[test]
    fn what_would_be_read_as_something_else_is_refused() {
        assert_eq!(line("a * b"), Err(Unreadable::Special('*')));
        assert!(matches!(line("`open"), Err(Unreadable::Open { mark: '`', .. })));
        assert!(matches!(line("[words] alone"), Err(Unreadable::Open { mark: '[', .. })));
    }
}
