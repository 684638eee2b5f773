//! The answers of admission webhooks: a refusal ends the work, an unreachable one is waited for.

use std::fmt;

/// A webhook's refusal, with an explanation of known cases.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The webhook's name, as `bgpadvertisementvalidationwebhook.metallb.io`.
    pub webhook: String,
    /// The message, unchanged.
    pub words: String,
    /// The explanation of a known case.
    pub explanation: Option<&'static str>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "admission webhook {} refused it: {}", self.webhook, self.words)?;
        self.explanation.map_or(Ok(()), |text| write!(f, " ({text})"))
    }
}

/// Parts of known refusals, and their explanations.
const KNOWN: [(&str, &str); 7] = [
    (
        "native bgp mode",
        "the webhook server validates for the native backend: METALLB_BGP_TYPE on the deployment that serves the \
         webhooks must name the backend in use",
    ),
    (
        "bfd profiles section set",
        "the native backend has no BFD, or the webhook server validates for it: see METALLB_BGP_TYPE on its deployment",
    ),
    ("overlaps with already defined CIDR", "two address pools share addresses: each address belongs to one pool"),
    ("invalid ebgp-multihop", "ebgpMultiHop is for peers of another AS number only"),
    ("has myAsn different", "FRR runs one AS number per node and VRF"),
    ("bfd echo enabled", "BFD echo cannot be used for IPv6 pools, nor over several hops"),
    ("must be named", "the operator takes one MetalLB resource, and its name must be `metallb`"),
];

impl Refusal {
    /// Parses an API message that is a refusal. A webhook that was itself refused by the API has not judged anything.
    pub fn parse(message: &str) -> Option<Self> {
        let (before, words) = message.split_once(" denied the request")?;
        let (_, quoted) = before.split_once("admission webhook \"")?;
        let words = words.trim_start_matches([':', ' ']).to_owned();
        if words.starts_with(UNAUTHORIZED) {
            return None;
        }
        let explanation = KNOWN.iter().find(|(part, _)| words.contains(part)).map(|(_, text)| *text);
        Some(Self { webhook: quoted.trim_end_matches('"').to_owned(), words, explanation })
    }
}

/// The answer of a webhook whose pod was deleted, and with it the right to query the API: for a moment it still
/// takes requests.
const UNAUTHORIZED: &str = "Unauthorized";

/// `true` if an API message says that a webhook could not be called: it has no endpoint yet, does not listen yet or no
/// longer, or its certificate is being rotated (`failed calling webhook`, `conversion webhook for … failed`).
pub fn is_unreachable(message: &str) -> bool {
    message.contains("failed calling webhook")
        || message.contains("conversion webhook for")
        || message.contains(&format!(" denied the request: {UNAUTHORIZED}"))
}

/// `true` if such a message says that nobody serves the webhook, or that its certificate does not fit: neither passes by
/// itself where its pod runs.
#[cfg(feature = "client")]
pub(crate) fn is_unserved(message: &str) -> bool {
    message.contains("no endpoints available for service") || message.contains("x509:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_refusal_is_explained() {
        let words = r#"pool "doc-example-bgp-adv" has ipv6 CIDR fd01::/128, native bgp mode does not support ipv6"#;
        let message =
            format!(r#"admission webhook "bgpadvertisementvalidationwebhook.metallb.io" denied the request: {words}"#);
        let refusal = Refusal::parse(&message).unwrap();
        assert_eq!(refusal.webhook, "bgpadvertisementvalidationwebhook.metallb.io");
        assert_eq!(refusal.words, words);
        assert!(refusal.to_string().contains("METALLB_BGP_TYPE"));
    }

    #[test]
    fn an_unreachable_webhook_is_not_a_refusal() {
        let message = r#"Internal error occurred: failed calling webhook "ipaddresspoolvalidationwebhook.metallb.io": failed to call webhook: Post "https://…": dial tcp 172.30.1.2:443: connect: connection refused"#;
        assert_eq!(Refusal::parse(message), None);
        assert!(is_unreachable(message));
        let ended = "admission webhook \"ipaddresspoolvalidationwebhook.metallb.io\" denied the request: Unauthorized\n\
                     failed to get existing IPAddressPool objects";
        assert_eq!(Refusal::parse(ended), None);
        assert!(is_unreachable(ended));
        assert!(!is_unreachable("configmaps \"x\" not found"));
    }
}
