use clap::ValueEnum;
use rstest::rstest;

use super::*;

fn stable(name: &str) -> Stable {
    Stable::try_from(name.to_owned()).unwrap()
}

fn applied(name: &str, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    stable(name).apply(&mut lines, true);
    lines.join("\n")
}

/// Real output of the lab's programs, and how the guide prints it.
#[rstest]
#[case::one_word(
    "age",
    "kind-worker   Ready    <none>   3m21s   v1.35.4",
    "kind-worker   Ready    <none>   40s     v1.35.4"
)]
#[case::at_the_end("age=57m", "kubernetes   443/TCP   83s", "kubernetes   443/TCP   57m")]
#[case::no_age("age", "speaker-2s4kd 4/4 v3s 10s2", "speaker-2s4kd 4/4 v3s 10s2")]
#[case("seconds=4.6 s", "lab documented is up: 16 steps, 131.2 s", "lab documented is up: 16 steps, 4.6 s")]
#[case::milliseconds("seconds", "within 900 ms, 5 s", "within 900 ms, 5 s")]
#[case::a_column("uptime", "0    0 01:00:14            1", "0    0 00:00:25            1")]
#[case("uptime=00:01:00", "  Last update 00:00:46 ago", "  Last update 00:01:00 ago")]
#[case::wide(
    "messages",
    "10.0.2.3 4 64500       130       133        0",
    "10.0.2.3 4 64500         9         8        0"
)]
#[case::id("bfd-id", "830926682  10.0.2.3 ", "2330926682 10.0.2.3 ")]
#[case("docker-id=0123456789ab", "abcdef012345   frr2   kind2", "0123456789ab   frr2   kind2")]
#[case(
    "pod-suffix",
    "controller-75659ddb84-lmz2x   1/1\nmetallb-operator-6c985d84f9-b2b2b   1/1",
    "controller-75659ddb84-x5wlg   1/1\nmetallb-operator-6c985d84fd-vhtb8   1/1"
)]
#[case(
    "pod-suffix=8mx7k|kpmr7",
    "frr-node-b2b2b   1/1\nfrr-node-z4z4z   1/1",
    "frr-node-8mx7k   1/1\nfrr-node-kpmr7   1/1"
)]
#[case::none(
    "messages",
    "10.0.2.3 4 64500         0         1        0",
    "10.0.2.3 4 64500         0         1        0"
)]
#[case(
    "cluster-ip",
    "ClusterIP 172.30.0.1 <none>\nLoadBalancer 172.30.9.4     203.0.113.200",
    "ClusterIP 172.30.0.1 <none>\nLoadBalancer 172.30.160.12  203.0.113.200"
)]
// An address that only ends like the API's.
#[case("cluster-ip", "LoadBalancer 172.30.57.1 <none>", "LoadBalancer 172.30.160.12 <none>")]
#[case("cluster-ip", "ClusterIP 172.30.0.10 <none>", "ClusterIP 172.30.160.12 <none>")]
#[case("router-id", "local router ID is 10.0.1.4, vrf id 0", "local router ID is 10.128.1.1, vrf id 0")]
#[case("table-version", "BGP table version 17", "BGP table version 2")]
#[case(
    "memory",
    "using 384 bytes of memory\nusing 2896 KiB of memory",
    "using 192 bytes of memory\nusing 1449 KiB of memory"
)]
#[case("bytes=972 bytes", "file frr.conf (1156 bytes, 0640 100:101)", "file frr.conf (972 bytes, 0640 100:101)")]
#[case("next-hop-id", "10.0.1.0/24 nhid 234 via 10.0.2.2", "10.0.1.0/24 nhid 11 via 10.0.2.2")]
#[case("round-trip", "icmp_seq=1 ttl=63 time=0.1 ms", "icmp_seq=1 ttl=63 time=0.074 ms")]
#[case("not-established", "is Active, expected Established", "is Idle, expected Established")]
#[case("version", "kind  v0.31.0", "kind  v0.33.0")]
fn what_changes_is_printed_as_its_sample(#[case] name: &str, #[case] real: &str, #[case] printed: &str) {
    assert_eq!(applied(name, real), printed);
}

#[test]
fn the_clock_is_matched_with_and_without_fractions() {
    let clock = |fraction: &str| format!("NOW: 2026-11-25 08:05:49{fraction} +0000 UTC m=+27.690568820");
    assert_eq!(applied("now", &clock(".065939151")), applied("now", &clock("")));
}

#[test]
fn two_ages_in_a_line_are_two_ages() {
    assert_eq!(applied("age", "x 3m 12s 1d"), "x 40s 40s 40s");
}

/// A document that was read back and printed again would be another one otherwise.
#[test]
fn every_sample_matches_its_own_pattern() {
    for pattern in Pattern::value_variants() {
        let (finds, samples, _) = pattern.rule();
        let finds = Regex::new(finds).unwrap();
        for sample in samples {
            let around = [(*sample).to_owned(), format!(" {sample} "), format!("({sample}"), format!("x-{sample} ")];
            let words = [
                format!("router ID is {sample}"),
                format!("table version {sample}"),
                format!("nhid {sample}"),
                format!("{sample}, expected Established"),
                format!("time={sample}"),
                format!("using {sample} of memory"),
                format!("10.0.2.3 4 64500 {sample} "),
            ];
            let matches = |text: &String| finds.captures(text).is_some_and(|found| &found["v"] == *sample);
            assert!(around.iter().chain(&words).any(matches), "{pattern:?}: {sample}");
        }
    }
}

#[test]
fn an_unknown_name_is_refused() {
    let error = Stable::try_from("colour".to_owned()).unwrap_err().to_string();
    assert!(error.contains("colour") && error.contains("docker-id"), "{error}");
}
