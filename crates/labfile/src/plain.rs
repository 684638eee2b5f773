//! Messages of `toml` and `serde`, which name Rust's types, rewritten in terms of the file.

/// Rust's types and their forms in the file; the first that begins the text applies.
const EXPECTED: [(&str, &str); 11] = [
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("i64", "a whole number without quotes"),
    ("a boolean", "`true` or `false`, without quotes"),
    ("a sequence", "a list in brackets, such as [\"…\", \"…\"]"),
    ("a map", "a table, such as { kind2 = … }"),
    ("struct ", "a table, such as { name = … }"),
    ("a string", "a text in quotes"),
    ("a UTF-8 path string", "a text in quotes"),
    ("enum ", "a text in quotes"),
];

/// serde's names of what it found.
const FOUND: [(&str, &str); 7] = [
    ("integer `", "the number "),
    ("floating point `", "the number "),
    ("string ", "the text "),
    ("boolean ", ""),
    ("sequence", "a list"),
    ("map", "a table"),
    ("", ""),
];

/// Rewrites a message so that it shows the form that the file needs.
pub(super) fn in_plain_words(message: &str) -> String {
    let message = message.trim_end();
    // An enum's, which names neither what it takes nor what it found.
    if message == "wanted string or table" {
        return "expected one of this field's words, in quotes".to_owned();
    }
    let wrong = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let Some((found, expected)) = wrong.and_then(|wrong| wrong.rsplit_once(", expected ")) else {
        return message.to_owned();
    };
    let expected = EXPECTED.iter().find(|(rust, _)| expected.starts_with(rust)).map_or(expected, |(_, form)| form);
    let known = FOUND.iter().find_map(|(serde, name)| found.strip_prefix(serde).map(|rest| (*name, rest)));
    let (name, value) = known.unwrap_or(("", found));
    let value = if name == "the number " { value.trim_end_matches('`') } else { value };
    format!("expected {expected}; found {name}{value}")
}
