//! Secrets, taken out of texts in every form that they occur in.

use std::collections::BTreeSet;

use frrconf::running::Running;

use crate::lab::Lab;

/// What stands where a secret was.
const REMOVED: &str = "(removed)";
/// Words in front of a secret, in FRR's configuration, lab files, and the API's objects.
const BEFORE: [&str; 4] = ["password ", "password = ", "\"password\":", "password:"];
/// A secret that is shorter is taken out behind these words only: it may be a part of any word.
const SHORTEST: usize = 4;

/// Takes secrets out.
#[derive(Debug, Clone, Default)]
pub(super) struct Redactor(BTreeSet<String>);

impl Redactor {
    /// With a lab's passwords.
    pub(super) fn of(lab: &Lab) -> Self {
        let sessions = lab.peers.iter().map(|peer| &peer.session).chain(lab.links.iter().map(|link| &link.session));
        let passwords = sessions.filter_map(|session| session.password.as_ref());
        let mut redactor = Self::default();
        passwords.for_each(|password| redactor.add(password.reveal()));
        redactor
    }

    /// The same with the passwords of a running configuration, which may be others.
    pub(super) fn learn(mut self, text: &str) -> Self {
        if text.contains("router bgp") {
            let neighbors = Running::parse(text).bgp.into_iter().flat_map(|bgp| bgp.neighbors);
            let passwords: Vec<_> = neighbors.filter_map(|(_, neighbor)| neighbor.password).collect();
            passwords.iter().for_each(|password| self.add(password.reveal()));
        }
        self
    }

    /// A secret, and the forms that JSON and the API's objects give it.
    fn add(&mut self, secret: &str) {
        let escaped = serde_json::Value::from(secret).to_string();
        let forms = [secret.to_owned(), escaped.trim_matches('"').to_owned(), base64(secret.as_bytes())];
        self.0.extend(forms.into_iter().filter(|form| form.len() >= SHORTEST));
    }

    /// A text without them.
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

/// A line without what stands behind a word for a secret.
fn line(line: &str) -> String {
    for before in BEFORE {
        if let Some(at) = line.find(before) {
            let (kept, secret) = line.split_at(at + before.len());
            // Words about a password are none.
            let is_setting = !secret.trim().is_empty()
                && !secret.trim_start().starts_with(['(', '|', '['])
                && (kept.trim_start().starts_with("neighbor ") || before != "password ");
            if is_setting {
                return format!("{kept}{REMOVED}");
            }
        }
    }
    line.to_owned()
}

/// Base64 (RFC 4648), as Secrets have it.
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
    use crate::lab::{ProviderName, tests};

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_labs_passwords_go_in_every_form() {
        let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../labs/ebgp-password.toml");
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
}
