//! Finding the passwords of a line by what is before them: in FRR's configuration, in lab files, in the API's objects, and
//! in any of these inside a JSON text or a log.

use std::ops::Range;

/// A secret that is known by its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// The place in the line.
    pub(super) at: Range<usize>,
    /// The secret itself, where its form leaves no doubt what belongs to it: it may stand elsewhere, too.
    pub(super) plain: Option<String>,
}

const WORD: &str = "password";

/// Finds every secret in a line, in order.
pub(super) fn placed(line: &str) -> Vec<Placed> {
    let mut all: Vec<Placed> = Vec::new();
    for (at, _) in line.to_ascii_lowercase().match_indices(WORD) {
        let (before, from) = line.split_at(at);
        let after = from.get(WORD.len()..).unwrap_or_default();
        let is_inside = all.last().is_some_and(|last| at < last.at.end);
        let found = setting(after).or_else(|| command(before, after)).filter(|_| !is_inside);
        let Some((secret, plain)) = found else { continue };
        // Both are slices of the line's end.
        let start = line.len() - secret.1;
        all.push(Placed { at: start..start + secret.0.len(), plain });
    }
    all
}

/// A secret with what it leaves of the line from its beginning on, and its plain text.
type Found<'a> = ((&'a str, usize), Option<String>);

/// `password = "x"`, `"password": "x"`, `\"password\":\"x\"`, `password: x`.
fn setting(after: &str) -> Option<Found<'_>> {
    let unquoted = after.trim_start_matches(['\\', '"']);
    let value = unquoted.trim_start().strip_prefix([':', '='])?.trim_start();
    let quoted = value.trim_start_matches('\\');
    let depth = value.len() - quoted.len();
    let Some(content) = quoted.strip_prefix('"') else {
        // In JSON, what is not quoted is no text; elsewhere it is all that follows.
        let is_bare = unquoted.len() == after.len() && is_secret(value);
        return is_bare.then_some(((value.trim_end(), value.len()), None));
    };
    let secret = content.get(..end_of(content, depth))?;
    (!secret.is_empty()).then(|| ((secret, content.len()), Some(unescaped(secret, depth))))
}

/// Returns `true` for a secret: words about a password are none, and neither is what stands for one that was removed.
fn is_secret(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(['(', '|', '[', '{'])
}

/// Returns the end of a quoted text whose quotes have so many backslashes before them: those inside have more, or others.
fn end_of(content: &str, depth: usize) -> usize {
    let mut quotes = content.match_indices('"').map(|(at, _)| at);
    let backslashes = |at: usize| {
        let before = content.get(..at).unwrap_or_default();
        before.len() - before.trim_end_matches('\\').len()
    };
    let closes = |at: &usize| backslashes(*at) % (2 * (depth + 1)) == depth;
    quotes.find(closes).map_or(content.len(), |at| at - depth)
}

/// Each text that is inside another one doubles the backslashes, and adds one before each quote.
fn unescaped(secret: &str, depth: usize) -> String {
    let mut plain = secret.to_owned();
    let times = depth.count_ones() + 1;
    for _ in 0..times {
        plain = serde_json::from_str(&format!("\"{plain}\"")).unwrap_or(plain);
    }
    plain
}

/// `neighbor A password x`.
fn command<'a>(before: &str, after: &'a str) -> Option<Found<'a>> {
    let secret = after.strip_prefix(' ')?;
    let mut words = before.split_whitespace().rev();
    let is_neighbor = words.nth(1)?.ends_with("neighbor");
    // A line of its own is all the command's; inside another text it ends where that goes on.
    let end = if before.trim_start().starts_with("neighbor ") { None } else { secret.find([' ', '"', '\'', '\\']) };
    let secret_itself = secret.get(..end.unwrap_or(secret.len()))?.trim_end();
    (is_neighbor && is_secret(secret_itself)).then(|| ((secret_itself, secret.len()), Some(secret_itself.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<(&str, Option<String>)> {
        placed(line).into_iter().map(|secret| (&line[secret.at], secret.plain)).collect()
    }

    #[test]
    fn secrets_are_known_by_what_is_before_them() {
        let plain = |text: &str| Some(text.to_owned());
        assert_eq!(found("password = \"x y\" # ours"), [("x y", plain("x y"))]);
        assert_eq!(found(r#"{"password":"a\"b\\","port":179}"#), [(r#"a\"b\\"#, plain(r#"a"b\"#))]);
        assert_eq!(found(r#""s": "{\"password\":\"a\\\"b\",\"x\":1}""#), [(r#"a\\\"b"#, plain("a\"b"))]);
        assert_eq!(found("  password: two words"), [("two words", None)]);
        assert_eq!(found(" neighbor 10.0.1.3 password two words"), [("two words", plain("two words"))]);
        assert_eq!(found(r#"cmd "neighbor fd00::3 password x", done"#), [("x", plain("x"))]);
        assert_eq!(found(r#"{"password":"x"},{"password":"y"}"#).len(), 2);
    }

    #[test]
    fn words_about_passwords_are_none() {
        for words in [
            "signs by a password, and has none",
            "neighbor 10.0.1.3 with password (not shown)",
            "\"password\": null,",
            "{\"password\":true,\"port\":179}",
            "passwordSecret: {}",
            "password: {",
            "neighbor 10.0.1.3 password (removed)",
            "neighbor 10.0.1.3 password",
        ] {
            assert_eq!(found(words), [], "{words}");
        }
    }
}
