//! Values of a wrong TOML type: each message shows the form that is expected.

use rstest::rstest;

use super::{super::Overrides, problems::with, read};

/// Returns the message of the one problem of the documented lab with this change.
fn message(old: &str, new: &str) -> String {
    let error = read(&with(old, new), &Overrides::default()).unwrap_err().to_string();
    error.split_once(": ").unwrap().1.to_owned()
}

/// Every value with a unit, as a bare number.
#[rstest]
#[case("connect-time = \"1s\"    #", "connect-time = 1 #", "1")]
#[case("route-reflector = true, connect-time = \"1s\"", "connect-time = 1", "1")]
#[case("route-reflector = true, connect-time = \"1s\"", "hold-time = 90", "90")]
#[case("route-reflector = true, connect-time = \"1s\"", "keepalive-time = 30", "30")]
#[case("# hold-time = \"90s\"", "hold-time = 90", "90")]
#[case("# keepalive-time = \"30s\"", "keepalive-time = 30", "30")]
#[case("# connect-time = \"5s\"", "connect-time = 5", "5")]
#[case("# hold-time = \"90s\"", "hold-time = 1.5", "1.5")]
#[case("receive-interval = \"300ms\"", "receive-interval = 300", "300")]
#[case("transmit-interval = \"300ms\"", "transmit-interval = 300", "300")]
#[case("# echo-interval = \"50ms\"", "echo-interval = 50", "50")]
fn a_span_without_a_unit_is_shown_with_one(#[case] old: &str, #[case] new: &str, #[case] number: &str) {
    let expected = "expected a span of time with its unit, such as \"90s\", \"300ms\" or \"1m 30s\"";
    assert_eq!(message(old, new), format!("{expected}; found the number {number}"));
}

/// Values of another type.
#[rstest]
#[case::address(
    "[\"10.0.2.3\",",
    "[10.0,",
    "an address, such as \"10.0.2.3\" or \"fd00:10:0:2::3\"",
    "the number 10.0"
)]
#[case::subnet(
    "[\"10.0.2.0/24\"",
    "[10",
    "a subnet (address/length, no bits right of the length), such as \"10.0.1.0/24\"",
    "the number 10"
)]
#[case::name(
    "name = \"kind2\"",
    "name = 2",
    "a name of at most 63 of a–z, 0–9 and `-`, a letter or digit at both ends, such as \"frr1\"",
    "the number 2"
)]
#[case::truth(
    "name = \"kind2\"",
    "name = true",
    "a name of at most 63 of a–z, 0–9 and `-`, a letter or digit at both ends, such as \"frr1\"",
    "`true`"
)]
#[case::list(
    "name = \"kind2\"",
    "name = [\"kind2\"]",
    "a name of at most 63 of a–z, 0–9 and `-`, a letter or digit at both ends, such as \"frr1\"",
    "a list"
)]
#[case::table(
    "name = \"kind2\"",
    "name = { a = 1 }",
    "a name of at most 63 of a–z, 0–9 and `-`, a letter or digit at both ends, such as \"frr1\"",
    "a table"
)]
#[case::version("\"v0.16.1\"", "0.16", "a release, such as \"v0.16.1\"", "the number 0.16")]
#[case::community(
    "# communities = [\"64500:100\"]",
    "communities = [100]",
    "a BGP community, such as \"65535:65281\" or \"large:64500:1:2\"; each number fits into 16 bits, or 32",
    "the number 100"
)]
#[case::pool(
    "[\"203.0.113.200/32\",",
    "[203.0,",
    "a subnet such as \"203.0.113.200/32\", or a range of one family such as \"203.0.113.200-203.0.113.210\"",
    "the number 203.0"
)]
#[case::image(
    "node = \"kindest/node:v1.35.0\"",
    "node = 1.35",
    "an image with a tag or digest, such as \"quay.io/frrouting/frr:9.1.0\"",
    "the number 1.35"
)]
#[case::one_for_a_list(
    "subnets = [\"10.0.2.0/24\", \"fd00:10:0:2::/64\"]",
    "subnets = \"10.0.2.0/24\"",
    "a list in brackets, such as [\"…\", \"…\"]",
    "the text \"10.0.2.0/24\""
)]
#[case::number_for_a_list(
    "pools = [\"doc-example-bgp-adv\"]",
    "pools = 1",
    "a list in brackets, such as [\"…\", \"…\"]",
    "the number 1"
)]
#[case::text_for_asn(
    "asn = 64500            # the nodes'",
    "asn = \"64500\" #",
    "a whole number without quotes",
    "the text \"64500\""
)]
#[case::text_for_number("workers = 2", "workers = \"2\"", "a whole number from 0 to 65535", "the text \"2\"")]
#[case::fraction("workers = 2", "workers = 2.5", "a whole number from 0 to 65535", "the number 2.5")]
#[case::text_for_truth(
    "dual-stack = true ",
    "dual-stack = \"true\" ",
    "`true` or `false`, without quotes",
    "the text \"true\""
)]
#[case::text_for_table(
    "addresses = { kind2 = [\"10.0.2.3\", \"fd00:10:0:2::3\"] }",
    "addresses = \"10.0.2.3\"",
    "a table, such as { kind2 = … }",
    "the text \"10.0.2.3\""
)]
#[case::text_for_neighbor(
    "    { router = \"frr1\", route-reflector = true, connect-time = \"1s\" },",
    "    \"frr1\",",
    "a table, such as { name = … }",
    "the text \"frr1\""
)]
#[case::path("# checkout = \"../metallb-operator\"", "checkout = 1", "a text in quotes", "the number 1")]
#[case::plain("# context = \"…\"", "context = 1", "a text in quotes", "the number 1")]
fn a_value_of_another_type_is_answered_with_its_form(
    #[case] old: &str,
    #[case] new: &str,
    #[case] expected: &str,
    #[case] found: &str,
) {
    assert_eq!(message(old, new), format!("expected {expected}; found {found}"));
}

#[rstest]
#[case("provider = \"kind\"", "provider = 1")]
#[case("external-traffic-policy = \"Cluster\"", "external-traffic-policy = [\"Cluster\"]")]
fn a_choice_of_another_type_is_answered_too(#[case] old: &str, #[case] new: &str) {
    assert_eq!(message(old, new), "expected one of this field's words, in quotes");
}
