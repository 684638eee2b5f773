//! Labels, and selectors of what carries them (Kubernetes' `LabelSelector`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::text::{Text, shown, text};

text!(LabelKey LabelValue);
shown!(LabelKey LabelValue);

/// Labels with their values.
pub type Labels = BTreeMap<LabelKey, LabelValue>;

/// A label's name, with a prefix or without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelKey(String);

impl LabelKey {
    /// The label by which every node is selected alone.
    pub const HOSTNAME: &'static str = "kubernetes.io/hostname";
    /// The label of a namespace with its name.
    pub const NAMESPACE: &'static str = "kubernetes.io/metadata.name";
    /// The label of nodes that take no load balancer's traffic: MetalLB's speakers skip them since 0.14.
    pub const EXCLUDED: &'static str = "node.kubernetes.io/exclude-from-external-load-balancers";

    /// Returns the label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for LabelKey {
    const EXPECTED: &'static str = "a label: at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends, such as \"rack\" or \"example.com/rack\"";
    const PATTERN: &'static str =
        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";
    fn parse(text: &str) -> Option<Self> {
        let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
        let fits = prefix.is_none_or(|prefix| metallb::value::Name::new(prefix).is_ok()) && is_word(name);
        fits.then(|| Self(text.to_owned()))
    }
}

impl std::borrow::Borrow<str> for LabelKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A label's value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelValue(String);

impl LabelValue {
    /// Returns the value as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for LabelValue {
    const EXPECTED: &'static str = "a label's value: nothing, or at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends, such as \"kind-worker\"";
    const PATTERN: &'static str = "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$";
    fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || is_word(text)).then(|| Self(text.to_owned()))
    }
}

fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    let end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    bytes.len() <= 63 && end(bytes.first()) && end(bytes.last()) && bytes.iter().all(inner)
}

/// A selector: everything that it asks for holds of what it selects. One that asks for nothing selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selector {
    /// Labels with these values (`matchLabels`).
    pub labels: Labels,
    /// Other requirements (`matchExpressions`).
    pub requirements: BTreeSet<Requirement>,
}

/// A requirement of a selector.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Requirement {
    /// The label has one of these values.
    In(LabelKey, BTreeSet<LabelValue>),
    /// The label is absent, or has none of these values.
    NotIn(LabelKey, BTreeSet<LabelValue>),
    /// The label is there.
    Exists(LabelKey),
    /// The label is absent.
    DoesNotExist(LabelKey),
}

impl Selector {
    /// `true` if it selects what carries these labels.
    pub fn selects(&self, labels: &Labels) -> bool {
        self.labels.iter().all(|(key, value)| labels.get(key) == Some(value))
            && self.requirements.iter().all(|requirement| requirement.holds(labels))
    }
}

impl Requirement {
    fn holds(&self, labels: &Labels) -> bool {
        match self {
            Self::In(key, values) => labels.get(key).is_some_and(|value| values.contains(value)),
            Self::NotIn(key, values) => labels.get(key).is_none_or(|value| !values.contains(value)),
            Self::Exists(key) => labels.contains_key(key),
            Self::DoesNotExist(key) => !labels.contains_key(key),
        }
    }
}

/// `true` if any of these selectors selects what carries the labels, or if there is none at all.
pub(crate) fn selected(selectors: &[Selector], labels: &Labels) -> bool {
    selectors.is_empty() || selectors.iter().any(|selector| selector.selects(labels))
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.labels.iter().map(|(key, value)| format!("{key}={value}"));
        let all: Vec<String> = labels.chain(self.requirements.iter().map(ToString::to_string)).collect();
        f.write_str(&all.join(","))
    }
}

/// As kubectl writes and reads it.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &BTreeSet<LabelValue>| values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        match self {
            Self::In(key, values) => write!(f, "{key} in ({})", list(values)),
            Self::NotIn(key, values) => write!(f, "{key} notin ({})", list(values)),
            Self::Exists(key) => write!(f, "{key}"),
            Self::DoesNotExist(key) => write!(f, "!{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn labels(all: &[(&str, &str)]) -> Labels {
        let one = |(key, value): &(&str, &str)| (LabelKey::new(*key).unwrap(), LabelValue::new(*value).unwrap());
        all.iter().map(one).collect()
    }

    fn requirement(operator: fn(LabelKey, BTreeSet<LabelValue>) -> Requirement, values: &[&str]) -> Requirement {
        let values = values.iter().map(|value| LabelValue::new(*value).unwrap()).collect();
        operator(LabelKey::new("rack").unwrap(), values)
    }

    /// Kubernetes' semantics: an absent label satisfies `NotIn`.
    #[rstest]
    #[case::value(requirement(Requirement::In, &["a", "b"]), "rack in (a,b)", [true, false, false])]
    #[case::other(requirement(Requirement::NotIn, &["a"]), "rack notin (a)", [false, true, true])]
    #[case::there(requirement(|key, _| Requirement::Exists(key), &[]), "rack", [true, true, false])]
    #[case::absent(requirement(|key, _| Requirement::DoesNotExist(key), &[]), "!rack", [false, false, true])]
    fn requirements_hold_as_in_kubernetes(#[case] one: Requirement, #[case] text: &str, #[case] holds: [bool; 3]) {
        let selector = Selector { requirements: [one].into(), ..Selector::default() };
        let nodes = [labels(&[("rack", "a")]), labels(&[("rack", "c")]), labels(&[("zone", "a")])];
        assert_eq!(nodes.map(|node| selector.selects(&node)), holds);
        assert_eq!(selector.to_string(), text);
    }

    #[test]
    fn every_part_of_a_selector_and_any_selector_of_a_list() {
        let node = labels(&[("rack", "a"), ("zone", "b")]);
        let of = |all: &[(&str, &str)]| Selector { labels: labels(all), ..Selector::default() };
        let (both, one_wrong) = (of(&[("rack", "a"), ("zone", "b")]), of(&[("rack", "a"), ("zone", "c")]));
        assert!(both.selects(&node) && !one_wrong.selects(&node) && of(&[]).selects(&node));
        assert!(selected(&[], &node) && selected(&[one_wrong.clone(), both], &node) && !selected(&[one_wrong], &node));
    }

    #[rstest]
    #[case("rack", true)]
    #[case("example.com/Rack_1", true)]
    #[case("a/b/c", false)]
    #[case("/rack", false)]
    #[case("-rack", false)]
    #[case("Example.com/rack", false)]
    fn labels_are_kubernetes_own(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(LabelKey::new(text).is_ok(), valid);
    }
}
