//! Examples of fields, out of the kept labs.

use crate::{DOCUMENTED, kept::KEPT};

/// Returns an example of a field of a table, or of a table within it: from the documented lab, its comments included, or from
/// another kept lab.
pub(super) fn find(table: &str, field: &str) -> Option<String> {
    let others = KEPT.iter().map(|kept| kept.text);
    std::iter::once(DOCUMENTED).chain(others).find_map(|text| in_text(text, table, field))
}

fn in_text(text: &str, table: &str, field: &str) -> Option<String> {
    let mut within = "";
    for line in text.lines() {
        let line = line.trim_start_matches('#').trim_start();
        if let Some(name) = header(line) {
            within = name;
        }
        if within == table
            && let Some(example) = in_line(line, field)
        {
            return Some(example);
        }
    }
    None
}

/// Returns the name of the table that a line begins, or of the one that it is within: `[metallb.install]`.
fn header(line: &str) -> Option<&str> {
    let name = line.strip_prefix("[[").or_else(|| line.strip_prefix('['))?;
    let name = name.split([']', '.']).next()?;
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')).then_some(name)
}

/// Returns `field = value` out of a line: at its beginning, or in a table within it.
fn in_line(line: &str, field: &str) -> Option<String> {
    let assignment = format!("{field} = ");
    let starts = line.match_indices(&assignment).map(|(at, _)| at);
    let at =
        starts.into_iter().find(|at| line[..*at].chars().next_back().is_none_or(|before| " {".contains(before)))?;
    let value = value(&line[at + assignment.len()..])?;
    Some(format!("{assignment}{value}"))
}

/// Returns the value at the beginning of a text; `None` if it goes on beyond the line.
fn value(text: &str) -> Option<&str> {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' | '{' => depth += 1,
            ']' | '}' if depth > 0 => depth -= 1,
            _ if depth == 0 && (letter.is_whitespace() || ",]}".contains(letter)) => return Some(&text[..at]),
            _ => {}
        }
    }
    (depth == 0 && !quoted).then_some(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("asn = 64500            # the nodes' AS number", "asn", Some("asn = 64500"))]
    #[case("via = [\"a\", \"b\"]   # each", "via", Some("via = [\"a\", \"b\"]"))]
    #[case("neighbors = [{ router = \"frr1\", bfd-profile = \"x\" }]", "router", Some("router = \"frr1\""))]
    #[case("neighbors = [{ router = \"frr1\", bfd-profile = \"x\" }]", "bfd-profile", Some("bfd-profile = \"x\""))]
    #[case("[metallb.install]   # method = \"make\" where there is one", "method", Some("method = \"make\""))]
    #[case("my-asn = 1", "asn", None)]
    #[case("neighbors = [", "neighbors", None)]
    #[case("name = \"a # b\" # c", "name", Some("name = \"a # b\""))]
    fn an_example_ends_where_its_value_does(#[case] line: &str, #[case] field: &str, #[case] example: Option<&str>) {
        assert_eq!(in_line(line, field).as_deref(), example);
    }
}
