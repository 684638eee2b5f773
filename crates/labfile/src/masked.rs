//! A lab file's text without its passwords, for excerpts.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A password's value: a text in any of TOML's quotes, closed or not, or whatever stands in its place.
const PASSWORD: &str = r#"(?x)
    (password ["']? [\ \t]* = [\ \t]*)
    ( (?s: """ .*? (?:"""|\z) | ''' .*? (?:'''|\z) )
    | " (?:[^"\\\n]|\\.)* "?
    | ' [^'\n]* '?
    | [^"'\s,}\#]+ )"#;

/// Returns the text with stars in place of every password, which an excerpt would show also for a mistake on a line
/// nearby. Every byte and every line keeps its place.
pub(super) fn masked(text: &str) -> String {
    static PATTERN: LazyLock<Result<Regex, regex::Error>> = LazyLock::new(|| Regex::new(PASSWORD));
    let Ok(pattern) = &*PATTERN else { return stars(text) };
    pattern.replace_all(text, |found: &Captures<'_>| format!("{}{}", &found[1], stars(&found[2]))).into_owned()
}

fn stars(text: &str) -> String {
    let star = |c: char| if "\n\"'".contains(c) { c.to_string() } else { "*".repeat(c.len_utf8()) };
    text.chars().map(star).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::masked;

    #[rstest]
    #[case("password = \"two words\" # a\nname = \"a\"", "password = \"*********\" # a\nname = \"a\"")]
    #[case("{ password='s#1', family = \"ipv6\" }", "{ password='***', family = \"ipv6\" }")]
    #[case("\"password\" = \"a\\\"b\"", "\"password\" = \"**\"*\"")]
    #[case("password = \"not closed\nname = 1", "password = \"**********\nname = 1")]
    #[case("password = \"\"\"a\nb\"\"\"\nname", "password = \"\"\"*\n*\"\"\"\nname")]
    #[case("# password = \"…\"", "# password = \"***\"")]
    #[case("{ password = 4711, a = 1 }", "{ password = ****, a = 1 }")]
    fn only_the_password_is_masked(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(masked(text), shown);
        assert_eq!(masked(text).len(), text.len());
    }

    #[test]
    fn the_documented_lab_stays_as_it_is() {
        assert_eq!(
            masked(super::super::DOCUMENTED),
            super::super::DOCUMENTED.replace("\"…\"\n# hold", "\"***\"\n# hold")
        );
    }
}
