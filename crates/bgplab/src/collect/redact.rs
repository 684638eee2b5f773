//! Secrets, removed from texts in every form that they occur in.

use std::collections::BTreeSet;

use super::placed::placed;
use labfile::Lab;

/// The text in the place of a secret.
const REMOVED: &str = "(removed)";
/// A secret that is shorter is removed only where its place shows it: it may be a part of any word.
const SHORTEST: usize = 4;

/// Removes secrets.
#[derive(Debug, Clone, Default)]
pub(super) struct Redactor(BTreeSet<String>);

impl Redactor {
    /// Makes one that knows a lab's passwords.
    pub(super) fn of(lab: &Lab) -> Self {
        let sessions = lab.peers.iter().map(|peer| &peer.session).chain(lab.links.iter().map(|link| &link.session));
        let passwords = sessions.filter_map(|session| session.password.as_ref());
        let mut redactor = Self::default();
        passwords.for_each(|password| redactor.add(password.reveal()));
        redactor
    }

    /// Learns the passwords of a text, as of a running configuration or an object of the API: they may be others than the
    /// lab's.
    pub(super) fn learn(mut self, text: &str) -> Self {
        text.lines().flat_map(placed).filter_map(|secret| secret.plain).for_each(|plain| self.add(&plain));
        self
    }

    /// Adds a secret, and the forms that JSON and the API's objects give it.
    fn add(&mut self, secret: &str) {
        let quoted = serde_json::Value::from(secret).to_string();
        let escaped = quoted.get(1..quoted.len() - 1).unwrap_or(secret);
        let forms = [secret.to_owned(), escaped.to_owned(), base64(secret.as_bytes())];
        self.0.extend(forms.into_iter().filter(|form| form.len() >= SHORTEST));
    }

    /// Returns a text without them.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // The longest first: one may be a part of another.
        let mut secrets: Vec<&String> = self.0.iter().collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in secrets {
            text = text.replace(secret.as_str(), REMOVED);
        }
        let mut lines: Vec<String> = text.lines().map(line).collect();
        lines.push(String::new());
        lines.join("\n")
    }
}

/// Returns a line without the passwords that its places show.
fn line(line: &str) -> String {
    let mut rest = line.to_owned();
    for secret in placed(line).into_iter().rev() {
        rest.replace_range(secret.at, REMOVED);
    }
    rest
}

/// Encodes as Base64 (RFC 4648), as Secrets have it.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |number, at| number << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = ALPHABET.get((number >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'=');
            text.push(if at <= chunk.len() { digit.into() } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use labfile::ProviderName;

    use crate::labs as tests;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_labs_passwords_go_in_every_form() {
        let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs/ebgp-password.toml");
        let redactor = Redactor::of(&tests::lab(&path, ProviderName::Standalone));
        let text = format!(
            "password = \"lab-secret-3\"\n neighbor 10.0.1.3 password lab-secret-3\nanything lab-secret-4 else\n{{\"password\":\"{}\"}}\n",
            base64(b"lab-secret-4")
        );
        let clean = redactor.clean(&text);
        assert!(!clean.contains("lab-secret") && !clean.contains(&base64(b"lab-secret-4")), "{clean}");
        assert!(clean.contains("neighbor 10.0.1.3 password (removed)") && clean.contains("anything (removed) else"));
    }

    #[test]
    fn passwords_of_others_are_learned_or_known_by_their_place() {
        let config = "router bgp 64500\n neighbor 10.0.1.3 password typed-by-hand\n";
        let redactor = Redactor::default().learn(config);
        assert_eq!(redactor.clean("log: typed-by-hand\n"), "log: (removed)\n");
        assert_eq!(
            Redactor::default().clean(" neighbor 10.0.1.3 password x\n"),
            " neighbor 10.0.1.3 password (removed)\n"
        );
        let words = "frr1 signs its session by a password, and frr2 has none\n";
        assert_eq!(redactor.clean(words), words);
    }

    #[test]
    fn passwords_inside_of_other_texts_are_learned_too() {
        let object = r#"    "last-applied": "{\"spec\":{\"password\":\"by \\\"hand\\\"\",\"myASN\":1}}\n","#;
        let redactor = Redactor::default().learn(object);
        assert_eq!(redactor.clean("by \"hand\"\n"), "(removed)\n");
        assert_eq!(
            redactor.clean(object).trim_end(),
            r#"    "last-applied": "{\"spec\":{\"password\":\"(removed)\",\"myASN\":1}}\n","#
        );
        let log = r#"{"level":"debug","new":"router bgp 64500\n  neighbor 10.0.2.3 password typed-here\n  neighbor 10.0.2.3 port 179"}"#;
        let redactor = Redactor::default().learn(log);
        assert_eq!(redactor.clean("sent typed-here\n"), "sent (removed)\n");
        assert!(
            redactor.clean(log).contains(r"neighbor 10.0.2.3 password (removed)\n  neighbor"),
            "{}",
            redactor.clean(log)
        );
    }
}
