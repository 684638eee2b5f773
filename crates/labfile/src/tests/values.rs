//! Values: a type and its schema accept the same texts.

use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use rstest::rstest;

use super::super::{
    Image, Name, NamePattern, Sha256,
    artifact::Version,
    range::Range,
    text::{Text, parse},
    values::{Community, Ip, Prefix, Span},
};

/// Parses a text and writes the value again.
type Written = fn(&str) -> Option<String>;

fn written<T: Text + std::fmt::Display>(text: &str) -> Option<String> {
    parse::<T>(text).ok().map(|value| value.to_string())
}

fn form<T: Text + std::fmt::Display>() -> (Validator, Written) {
    let schema = serde_json::json!({ "type": "string", "pattern": T::PATTERN });
    (jsonschema::validator_for(&schema).unwrap(), written::<T>)
}

static FORMS: LazyLock<[(Validator, Written); 10]> = LazyLock::new(|| {
    [
        form::<Name>(),
        form::<NamePattern>(),
        form::<Span>(),
        form::<Ip>(),
        form::<Prefix>(),
        form::<Community>(),
        form::<Range>(),
        form::<Image>(),
        form::<Sha256>(),
        form::<Version>(),
    ]
});

#[rstest]
#[case("kind", true)]
#[case("r1", true)]
#[case("", false)]
#[case("-a", false)]
#[case("a-", false)]
#[case("A", false)]
#[case("a.b", false)]
#[case("a\n", false)]
#[case("a123456789012345678901234567890123456789012345678901234567890123", false)]
fn names(#[case] text: &str, #[case] is: bool) {
    assert_eq!(written::<Name>(text).is_some(), is);
}

#[rstest]
#[case("r{n}", "r12")]
#[case("{n}-peer", "12-peer")]
#[case("router", "router")]
fn patterns(#[case] text: &str, #[case] twelfth: &str) {
    assert_eq!(parse::<NamePattern>(text).unwrap().name(12).as_str(), twelfth);
}

#[rstest]
#[case("r{n}{n}")]
#[case("r{m}")]
#[case("r-{n}-")]
fn no_patterns(#[case] text: &str) {
    assert!(written::<NamePattern>(text).is_none());
}

#[rstest]
#[case("quay.io/frrouting/frr:9.1.0", true)]
#[case("localhost:5000/frr:9", true)]
#[case("frr@sha256:0123456789012345678901234567890123456789012345678901234567890123", true)]
#[case("localhost:5000/frr", false)]
#[case("frr", false)]
#[case("frr:", false)]
#[case("localhost:5000/frr:9@sha256:0123456789012345678901234567890123456789012345678901234567890123", true)]
#[case("Frr:9", false)]
#[case("frr:a b", false)]
#[case("frr@sha256:0123", false)]
fn images(#[case] text: &str, #[case] is: bool) {
    assert_eq!(written::<Image>(text).is_some(), is);
}

/// Texts on which a type and a pattern could differ. The length of a name pattern is checked by the type alone.
#[rstest]
#[case::pattern(form::<NamePattern>(), &["{n}", "{n}-peer", "r{n}", "r-{n}a", "a", "r1"], &["-{n}", "{n}-", "{n}{n}", "", "r-"])]
#[case::community(form::<Community>(), &["65535:65281", "0:0", "00005:1", "large:4200000000:0:1"], &["+5:5", "5:+5", "000005:1", "5", "5:", "-1:1", "large:1:2", "large:1:2:+3", "1:2:3"])]
#[case::image(
    form::<Image>(),
    &["quay.io/frrouting/frr:9.1.0", "localhost:5000/frr:_9", "frr:V9"],
    &["Quay.io/frrouting/frr:9.1.0", "frr/FRR:9", "frr:-9", "localhost:5000/frr", "frr/:9", "frr:9/a"]
)]
#[case::span(form::<Span>(), &["300ms", " 1m 30s ", "1 0 s", "1.5s"], &["0", "300", "1s\t", "\n1s", ".5s"])]
#[case::range(
    form::<Range>(),
    &["10.0.0.0/8", "10.0.0.1-10.0.0.9", " 10.0.0.1  -  10.0.0.9 ", "fd01::-fd01::9"],
    &["10.0.0.1", " 10.0.0.0/8", "10.0.0.1\t-10.0.0.9"]
)]
fn type_and_schema_agree(
    #[case] (schema, written): (Validator, Written),
    #[case] values: &[&str],
    #[case] others: &[&str],
) {
    for (text, is) in values.iter().map(|text| (text, true)).chain(others.iter().map(|text| (text, false))) {
        assert_eq!((written(text).is_some(), schema.is_valid(&(*text).into())), (is, is), "`{text}`");
    }
}

/// Returns texts that are nearly values.
fn nearly() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9:./{}n@ -]{0,24}",
        "(\\{n\\}|[a-z0-9-]){0,4}",
        "[+0-9]{1,6}:[+0-9]{1,6}",
        "[A-Za-z0-9./:_-]{1,6}:[A-Za-z0-9._/-]{0,4}",
        "[ 0-9.]{1,4}(ms|s|m| sec|h)[ 0-9.ms\t]{0,4}",
        "[ 0-9a-f:./-]{1,6}[ -]{1,3}[ 0-9a-f:./-]{1,6}",
    ]
}

proptest! {
    #[test]
    fn no_text_panics_and_values_survive_their_text(text in nearly()) {
        for (schema, written) in FORMS.iter() {
            if let Some(again) = written(&text) {
                // A pattern cannot count to 255: it may take more than the type, never less.
                prop_assert!(schema.is_valid(&text.as_str().into()), "`{}` is a value, and the schema refuses it", text);
                let twice = written(&again);
                prop_assert_eq!(twice.as_ref(), Some(&again));
            }
        }
    }

    #[test]
    fn prefixes_have_no_host_bits(bits: u32, length in 0_u8..=32) {
        let net = ipnet::Ipv4Net::new(bits.into(), length).unwrap();
        prop_assert_eq!(parse::<Prefix>(&net.to_string()).is_ok(), net.trunc() == net);
    }
}

#[rstest]
#[case("300ms", true)]
#[case("1m 30s", true)]
#[case("0", false)]
#[case("300", false)]
#[case("-1s", false)]
fn spans_have_a_unit(#[case] text: &str, #[case] is: bool) {
    assert_eq!(written::<Span>(text).is_some(), is);
}
