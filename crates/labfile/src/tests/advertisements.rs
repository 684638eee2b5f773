//! Advertisements and pools that contradict each other.

use rstest::rstest;

use super::{super::Overrides, problems, problems::with};

const LENGTH: &str = "# aggregation-length = 32";
const RANGES: &str = "[\"203.0.113.200/32\", \"fd01::/128\"]";

/// The possible lengths are those of this file's own ranges.
#[rstest]
#[case(
    "[\"203.0.113.200/32\"]",
    "aggregation-length = 24",
    "98:22: /24 is shorter than the largest subnet in 203.0.113.200/32 of pool `doc-example-bgp-adv`, a /32 | expected 32"
)]
#[case(
    "[\"10.9.0.0-10.9.3.255\", \"10.9.8.0/24\"]",
    "aggregation-length = 22",
    "98:22: /22 is shorter than the largest subnet in 10.9.8.0/24 of pool `doc-example-bgp-adv`, a /24 | expected 24 to 32"
)]
#[case(
    "[\"203.0.113.0-203.0.113.130\"]",
    "aggregation-length = 24",
    "98:22: /24 is shorter than the largest subnet in 203.0.113.0-203.0.113.130 of pool `doc-example-bgp-adv`, a /25 | expected 25 to 32"
)]
#[case(
    "[\"203.0.113.0/24\"]",
    "aggregation-length = 33",
    "98:22: /33 is no prefix length of this family | expected 24 to 32"
)]
#[case(
    "[\"203.0.113.0/24\"]",
    "aggregation-length-v6 = 129",
    "98:25: /129 is no prefix length of this family | expected 1 to 128"
)]
#[case(
    "[\"203.0.113.0/24\", \"fd01::1-fd01::9\"]",
    "aggregation-length-v6 = 64",
    "98:25: /64 is shorter than the largest subnet in fd01::1-fd01::9 of pool `doc-example-bgp-adv`, a /126 | expected 126 to 128"
)]
fn a_length_that_does_not_fit_is_answered_with_those_that_do(
    #[case] ranges: &str,
    #[case] length: &str,
    #[case] expected: &str,
) {
    let text = with(RANGES, ranges).replace(LENGTH, length);
    assert_eq!(problems(&text, &Overrides::default()), [expected]);
}
