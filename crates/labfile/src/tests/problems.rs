//! Invalid files: the message of each, and its place.

use rstest::rstest;

use super::{
    super::{DOCUMENTED, Lab, Overrides},
    all, read, report,
};

/// Returns the documented file with one text in place of another, which must be there.
pub(super) fn with(old: &str, new: &str) -> String {
    assert!(DOCUMENTED.contains(old), "the documented file has no `{old}`");
    DOCUMENTED.replacen(old, new, 1)
}

/// Another router on each network of the documented lab, and a third network that both lead to.
const THIRD_NETWORK: &str = r#"
[[network]]
name = "kind3"
subnets = ["10.0.3.0/24"]
[[router]]
name = "left"
role = "forwarder"
addresses = { kind = ["10.0.1.251", "fd00:10:0:1::fb"], kind3 = ["10.0.3.2"] }
[[router]]
name = "right"
role = "forwarder"
addresses = { kind2 = ["10.0.2.251", "fd00:10:0:2::fb"], kind3 = ["10.0.3.3"] }
[[route]]
from = "kind"
to = "kind3"
via = "left"
[[route]]
from = "kind2"
to = "kind3"
via = "right"
[[route]]
"#;

#[rstest]
#[case::syntax("workers = 2", "workers = = 2")]
#[case::not_closed("name = \"frr1\"", "name = \"frr1")]
#[case::unknown_field("workers = 2", "wrokers = 2")]
#[case::missing_field("workers = 2\n", "")]
#[case::wrong_type("workers = 2", "workers = \"two\"")]
#[case::negative("workers = 2", "workers = -1")]
#[case::too_many_workers("workers = 2", "workers = 1001")]
#[case::unknown_provider("provider = \"kind\"", "provider = \"minikube\"")]
#[case::name("name = \"kind2\"", "name = \"Kind 2\"")]
#[case::duplicate_key("workers = 2", "workers = 2\nworkers = 3")]
#[case::asn("asn = 64500            # the nodes'", "asn = 0 # the nodes'")]
#[case::subnet("[\"10.0.2.0/24\"", "[\"10.0.2.1/24\"")]
#[case::no_subnet("subnets = [\"10.0.2.0/24\", \"fd00:10:0:2::/64\"]", "subnets = []")]
#[case::two_of_a_family("[\"10.0.2.0/24\", \"fd00:10:0:2::/64\"]", "[\"10.0.2.0/24\", \"10.0.3.0/24\"]")]
#[case::tiny_subnet("\"10.0.2.0/24\"", "\"10.0.2.0/31\"")]
#[case::overlapping_networks("[\"10.0.2.0/24\"", "[\"10.0.0.0/16\"")]
#[case::pods_overlap("10.128.0.0/14", "10.0.0.0/14")]
#[case::pool_overlaps_services("203.0.113.200/32", "172.30.1.0/24")]
#[case::half_dual_stack("services = [\"172.30.0.0/16\", \"fd00:172:30::/112\"]", "services = [\"172.30.0.0/16\"]")]
#[case::pool_without_services(
    "\"fd00:10:128::/56\"]\nservices = [\"172.30.0.0/16\", \"fd00:172:30::/112\"]",
    "]\nservices = [\"172.30.0.0/16\"]"
)]
#[case::dynamic_outside("dynamic = [\"10.0.1.0/25\"", "dynamic = [\"10.9.1.0/25\"")]
#[case::exhausted("dynamic = [\"10.0.1.0/25\", \"fd00:10:0:1::/121\"]", "dynamic = [\"10.0.1.0/30\"]")]
#[case::mtu("# mtu = 1500", "mtu = 500")]
#[case::address_outside("\"10.0.2.3\"", "\"10.9.2.3\"")]
#[case::gateway("\"10.0.2.3\"", "\"10.0.2.1\"")]
#[case::broadcast("\"10.0.2.3\"", "\"10.0.2.255\"")]
#[case::dynamic_address("\"10.0.1.250\"", "\"10.0.1.50\"")]
#[case::nodes_first("network = \"kind\"", "network = \"kind2\"")]
#[case::same_address("\"10.0.2.4\"", "\"10.0.2.3\"")]
#[case::no_ipv6_address("[\"10.0.2.3\", \"fd00:10:0:2::3\"]", "[\"10.0.2.3\"]")]
#[case::no_addresses("{ kind2 = [\"10.0.2.3\", \"fd00:10:0:2::3\"] }", "{ }")]
#[case::unknown_network("addresses = { kind2 = [\"10.0.2.3\"", "addresses = { kind3 = [\"10.0.2.3\"")]
#[case::nodes_network("network = \"kind\"", "network = \"kind9\"")]
#[case::network_of_the_engine("name = \"kind2\"", "name = \"bridge\"")]
#[case::two_networks_alike("name = \"kind2\"", "name = \"kind\"")]
#[case::two_routers_alike("name = \"frr2\"", "name = \"frr1\"")]
#[case::router_of_one_letter("name = \"frr2\"", "name = \"f\"")]
#[case::router_named_as_a_node("name = \"frr2\"", "name = \"kind-worker\"")]
#[case::speaker_without_asn("asn = 64500\naddresses = { kind2 = [\"10.0.2.3\"", "addresses = { kind2 = [\"10.0.2.3\"")]
#[case::forwarder_in_a_session("# role = \"forwarder\"", "role = \"forwarder\"")]
#[case::peer_of_a_forwarder("name = \"frr1\"\n", "name = \"frr1\"\nrole = \"forwarder\"\n")]
#[case::count_without_pattern("name = \"frr1\"\n", "name = \"frr1\"\ncount = 3\n")]
#[case::pattern_without_count("name = \"frr2\"\n", "name = \"frr{n}\"\n")]
#[case::unknown_route_router("via = \"next-hop-router\"", "via = \"frr9\"")]
#[case::route_through_one_network("via = \"next-hop-router\"", "via = \"frr1\"")]
#[case::route_to_itself("to = \"kind2\"", "to = \"kind\"")]
#[case::two_ways("[[route]]\n", THIRD_NETWORK)]
#[case::no_way_back("[[route]]\nfrom = \"kind2\"\nto = \"kind\"\nvia = \"next-hop-router\"\n", "")]
#[case::reflector_of_another_as("name = \"frr1\"\nasn = 64500", "name = \"frr1\"\nasn = 64501")]
#[case::neighbor_of_itself("{ router = \"frr1\", route", "{ router = \"next-hop-router\", route")]
#[case::session_twice("{ router = \"frr1\", route", "{ router = \"frr2\", route")]
#[case::unknown_peer_router("router = \"frr2\"\ndual", "router = \"frr3\"\ndual")]
#[case::unknown_profile("bfd-profile = \"doc-example-bfd-profile-full\"\n#", "bfd-profile = \"full\"\n#")]
#[case::two_peers_alike("name = \"doc-example-peer-dot-four\"", "name = \"doc-example-peer\"")]
#[case::unknown_pool("pools = [\"doc-example-bgp-adv\"]", "pools = [\"doc\"]")]
#[case::unknown_advertised_peer("# peers = [\"doc-example-peer\"]", "peers = [\"doc-peer\"]")]
#[case::aggregation("# aggregation-length = 32", "aggregation-length = 24")]
#[case::community("# communities = [\"64500:100\"]", "communities = [\"no-export\"]")]
#[case::pool_range("203.0.113.200/32", "203.0.113.210-203.0.113.200")]
#[case::interval("receive-interval = \"300ms\"", "receive-interval = \"5ms\"")]
#[case::no_span("receive-interval = \"300ms\"", "receive-interval = \"300\"")]
#[case::multiplier("detect-multiplier = 3", "detect-multiplier = 1")]
#[case::ttl("minimum-ttl = 254", "minimum-ttl = 255")]
#[case::echo_across_a_router("# echo-mode = true", "echo-mode = true")]
#[case::timer("# hold-time = \"90s\"", "hold-time = \"1500ms\"")]
#[case::keepalive("# keepalive-time = \"30s\"", "hold-time = \"9s\"\nkeepalive-time = \"5s\"")]
#[case::password("# password = \"…\"", "password = \"two words\"")]
#[case::password_beside("# password = \"…\"\n# hold-time = \"90s\"", "password = \"hidden\"\nhold-time = \"2s\"")]
#[case::password_without_quotes("# password = \"…\"", "password = 4711")]
#[case::image("quay.io/frrouting/frr:9.1.0", "quay.io/frrouting/frr")]
#[case::version("v0.16.1", "0.16.1")]
#[case::download_without_checksum("# url = \"https://…\"", "url = \"https://example.org/metallb.yaml\" #")]
#[case::make_without_checkout("[metallb.install]", "[metallb.install]\nmethod = \"make\"")]
#[case::replicas("replicas = 1", "replicas = 0")]
fn each_problem_has_a_message_and_a_place(#[case] old: &str, #[case] new: &str) {
    let case = std::thread::current().name().unwrap().rsplit("::").next().unwrap().to_owned();
    let name = case.split_once('_').unwrap().1.split_once('_').unwrap().1.to_owned();
    let error = read(&with(old, new), &Overrides::default()).unwrap_err();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, report(&error));
    });
}

#[test]
fn all_problems_are_reported_at_once() {
    let text = with("\"10.0.2.3\"", "\"10.9.2.3\"").replace("pools = [\"doc-example-bgp-adv\"]", "pools = [\"doc\"]");
    let error = read(&text, &Overrides::default()).unwrap_err().to_string();
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(
        lines,
        ["lab.toml:50:24: 10.9.2.3 is outside network `kind2`", "lab.toml:103:10: there is no pool `doc`"]
    );
}

/// A problem of an entry is one of each router that it stands for.
#[rstest]
#[case::profile("bfd-profile = \"relaxed\"", "bfd-profile = \"relxed\"")]
#[case::profile_of_a_link(
    "count = 100\n",
    "count = 100\nneighbors = [{ router = \"next-hop-router\", bfd-profile = \"x\" }]\n"
)]
#[case::reflector_of_another_as(
    "count = 100\nasn = 64500",
    "count = 100\nasn = 64501\nneighbors = [{ router = \"next-hop-router\", route-reflector = true }]"
)]
#[case::addresses("10.16.1.1", "10.16.255.200")]
#[case::containers(
    "[[route]]\n",
    "[[router]]\nname = \"r{n}\"\ncount = 9\nrole = \"forwarder\"\naddresses = { kind2 = [\"10.16.9.1\", \"fd00:10:16::9:1\"] }\n[[route]]\n"
)]
fn a_counted_entry_is_reported_once(#[case] old: &str, #[case] new: &str) {
    let file = all().into_iter().find(|file| file.ends_with("scale.toml")).unwrap();
    let text = fs_err::read_to_string(file).unwrap();
    assert!(text.contains(old), "{text}");
    let error = read(&text.replacen(old, new, 1), &Overrides::default()).unwrap_err().to_string();
    assert!(error.lines().count() < 5, "{error}");
}

/// MetalLB takes a length if the largest subnet in every range fits into it.
#[rstest]
#[case("203.0.113.0-203.0.113.130", "", 25, None, true)]
#[case("203.0.113.0-203.0.113.130", "", 24, None, false)]
#[case("203.0.113.7-203.0.113.7", "", 31, None, false)]
#[case("203.0.113.0/24", "", 33, None, false)]
#[case("203.0.113.0/24", "", 24, Some(0), false)]
#[case("203.0.113.0/24", "", 24, Some(129), false)]
#[case("203.0.113.0/24", "", 24, Some(64), true)]
#[case("203.0.113.0/24", ", \"fd01::1-fd01::9\"", 24, Some(126), true)]
#[case("203.0.113.0/24", ", \"fd01::1-fd01::9\"", 24, Some(125), false)]
fn aggregation_lengths(
    #[case] v4: &str,
    #[case] v6: &str,
    #[case] length: u8,
    #[case] length_v6: Option<u8>,
    #[case] is_taken: bool,
) {
    let length_v6 = length_v6.map(|length| format!("aggregation-length-v6 = {length}\n")).unwrap_or_default();
    let text = with("[\"203.0.113.200/32\", \"fd01::/128\"]", &format!("[\"{v4}\"{v6}]"))
        .replace("# aggregation-length = 32\n", &format!("aggregation-length = {length}\n{length_v6}"));
    assert_eq!(read(&text, &Overrides::default()).is_ok(), is_taken);
}

#[test]
fn an_option_that_does_not_fit_is_an_error() {
    let overrides = Overrides { routers: Some(10), ..Overrides::default() };
    insta::assert_snapshot!(report(&Lab::documented(&overrides).unwrap_err()));
}

#[test]
fn a_missing_file_is_an_error() {
    let error = Lab::from_file("nowhere/lab.toml".into(), &Overrides::default()).unwrap_err();
    insta::assert_snapshot!(report(&error));
}
