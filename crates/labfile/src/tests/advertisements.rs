//! Advertisements and pools that contradict each other.

use rstest::rstest;

use super::{super::Overrides, all, problems, problems::with, read};

const LENGTH: &str = "# aggregation-length = 32";
const RANGES: &str = "[\"203.0.113.200/32\", \"fd01::/128\"]";

/// The possible lengths are those of this file's own ranges.
#[rstest]
#[case(
    "[\"203.0.113.200/32\"]",
    "aggregation-length = 24",
    "107:22: /24 is shorter than the largest subnet in 203.0.113.200/32 of pool `doc-example-bgp-adv`, a /32 | expected 32"
)]
#[case(
    "[\"10.9.0.0-10.9.3.255\", \"10.9.8.0/24\"]",
    "aggregation-length = 22",
    "107:22: /22 is shorter than the largest subnet in 10.9.8.0/24 of pool `doc-example-bgp-adv`, a /24 | expected 24 to 32"
)]
#[case(
    "[\"203.0.113.0-203.0.113.130\"]",
    "aggregation-length = 24",
    "107:22: /24 is shorter than the largest subnet in 203.0.113.0-203.0.113.130 of pool `doc-example-bgp-adv`, a /25 | expected 25 to 32"
)]
#[case(
    "[\"203.0.113.0/24\"]",
    "aggregation-length = 33",
    "107:22: /33 is no prefix length of this family | expected 24 to 32"
)]
#[case(
    "[\"203.0.113.0/24\"]",
    "aggregation-length-v6 = 129",
    "107:25: /129 is no prefix length of this family | expected 1 to 128"
)]
#[case(
    "[\"203.0.113.0/24\", \"fd01::1-fd01::9\"]",
    "aggregation-length-v6 = 64",
    "107:25: /64 is shorter than the largest subnet in fd01::1-fd01::9 of pool `doc-example-bgp-adv`, a /126 | expected 126 to 128"
)]
fn a_length_that_does_not_fit_is_answered_with_those_that_do(
    #[case] ranges: &str,
    #[case] length: &str,
    #[case] expected: &str,
) {
    let text = with(RANGES, ranges).replace(LENGTH, length);
    assert_eq!(problems(&text, &Overrides::default()), [expected]);
}

/// A second advertisement of the documented pool.
const SECOND: &str = "
[[advertisement]]
name = \"second\"
pools = [\"doc-example-bgp-adv\"]
";

/// One prefix can have one local preference at a peer: MetalLB refuses another one, absent or not.
#[rstest]
#[case::without(
    "",
    "local-preference = 500",
    "115:20: advertisement `second` gives the prefixes of pool `doc-example-bgp-adv` local preference 500, and `doc-example-bgp-adv` gives them 0 | expected 0 here too, peers that the other does not have, or other aggregation lengths"
)]
#[case::two(
    "local-preference = 200",
    "local-preference = 500",
    "115:20: advertisement `second` gives the prefixes of pool `doc-example-bgp-adv` local preference 500, and `doc-example-bgp-adv` gives them 200 | expected 200 here too, peers that the other does not have, or other aggregation lengths"
)]
#[case::absent_in_the_second(
    "local-preference = 200",
    "",
    "113:8: advertisement `second` gives the prefixes of pool `doc-example-bgp-adv` local preference 0, and `doc-example-bgp-adv` gives them 200 | expected 200 here too, peers that the other does not have, or other aggregation lengths"
)]
#[case::one_length_of_two("local-preference = 200", "aggregation-length-v6 = 127", "?")]
#[case::one_peer_in_common(
    "local-preference = 200\npeers = [\"doc-example-peer\"]",
    "local-preference = 500\npeers = [\"doc-example-peer-dot-four\", \"doc-example-peer\"]",
    "?"
)]
#[case::all_peers("local-preference = 200\npeers = [\"doc-example-peer\"]", "local-preference = 500", "?")]
fn one_prefix_has_one_local_preference(#[case] first: &str, #[case] second: &str, #[case] expected: &str) {
    let text = with("# local-preference = 100", first)
        .replace("fd01::/128", "fd01::/64")
        .replace("\n# BGP sessions between", &format!("{SECOND}{second}\n# BGP sessions between"));
    let found = problems(&text, &Overrides::default());
    if expected == "?" {
        assert!(found.len() == 1 && found[0].contains("gives the prefixes of pool"), "{found:?}");
    } else {
        assert_eq!(found, [expected]);
    }
}

#[rstest]
#[case::the_same("local-preference = 200", "local-preference = 200")]
#[case::none_is_zero("", "local-preference = 0")]
#[case::other_peers(
    "local-preference = 200\npeers = [\"doc-example-peer\"]",
    "local-preference = 500\npeers = [\"doc-example-peer-dot-four\"]"
)]
#[case::other_lengths(
    "local-preference = 200",
    "local-preference = 500\naggregation-length = 31\naggregation-length-v6 = 127"
)]
fn advertisements_that_do_not_meet_may_differ(#[case] first: &str, #[case] second: &str) {
    let text = with("# local-preference = 100", first)
        .replace(RANGES, "[\"203.0.112.0/22\", \"fd01::/64\"]")
        .replace("\n# BGP sessions between", &format!("{SECOND}{second}\n# BGP sessions between"));
    read(&text, &Overrides::default()).unwrap();
}

/// MetalLB refuses a list that names something twice.
#[rstest]
#[case(
    "pools = [\"doc-example-bgp-adv\"]",
    "pools = [\"doc-example-bgp-adv\", \"doc-example-bgp-adv\"]",
    "103:33: pool `doc-example-bgp-adv` is listed twice | expected each pool once"
)]
#[case(
    "# peers = [\"doc-example-peer\"]",
    "peers = [\"doc-example-peer\", \"doc-example-peer\"]",
    "104:30: peer `doc-example-peer` is listed twice | expected each peer once"
)]
#[case(
    "# communities = [\"64500:100\"]",
    "communities = [\"64500:100\", \"64500:00100\"]",
    "110:29: community `64500:100` is listed twice | expected each community once"
)]
fn a_list_names_each_once(#[case] old: &str, #[case] new: &str, #[case] expected: &str) {
    assert_eq!(problems(&with(old, new), &Overrides::default()), [expected]);
}

/// BFD echo on single hops, the only ones that have it.
fn with_echo(old: &str, new: &str) -> String {
    let file = all().into_iter().find(|file| file.ends_with("same-network.toml")).unwrap();
    let text = fs_err::read_to_string(file)
        .unwrap()
        .replace("detect-multiplier = 3", "detect-multiplier = 3\necho-mode = true");
    assert!(text.contains("echo-mode") && text.contains(old), "{text}");
    text.replace(old, new)
}

/// Each peer that gets the pool's addresses.
#[rstest]
#[case::all("pools = [\"doc-example-bgp-adv\"]", "pools = [\"doc-example-bgp-adv\"]", &["doc-example-peer", "doc-example-peer-dot-four"])]
#[case::one("pools = [\"doc-example-bgp-adv\"]", "peers = [\"doc-example-peer\"]", &["doc-example-peer"])]
fn echo_packets_do_not_go_with_an_ipv6_pool(#[case] old: &str, #[case] new: &str, #[case] peers: &[&str]) {
    let text = with_echo(old, new);
    let expected = peers.iter().map(|peer| {
        let line = text.lines().position(|line| line == format!("name = \"{peer}\"")).unwrap() + 4;
        format!(
            "{line}:15: BFD profile `doc-example-bfd-profile-full` has echo packets, and advertisement \
             `doc-example-bgp-adv` brings this peer IPv6 addresses of pool `doc-example-bgp-adv` | \
             expected a profile without echo-mode, or a pool without IPv6"
        )
    });
    assert_eq!(problems(&text, &Overrides::default()), expected.collect::<Vec<_>>());
}

#[test]
fn echo_packets_go_with_an_ipv4_pool() {
    read(&with_echo(", \"fd01::/128\"", ""), &Overrides::default()).unwrap();
}
