//! The nodes' end of a peer's session: what FRR or the version or backend of MetalLB does not have.

use rstest::rstest;

use super::{
    super::{Backend, DOCUMENTED, Overrides, ProviderName},
    problems, read,
};

/// Returns the documented lab with lines for its first peer, and others for its second.
fn with_peers(first: &str, second: &str) -> String {
    let add = |text: String, router: &str, lines: &str| {
        let peer = format!("router = \"{router}\"\ndual-stack");
        assert!(text.contains(&peer));
        text.replacen(&peer, &format!("{lines}\n{peer}"), 1)
    };
    add(add(DOCUMENTED.to_owned(), "frr1", first), "frr2", second)
}

/// Returns the problems with the line of the field instead of places: the text of the line, and the message.
fn refused(text: &str, overrides: &Overrides) -> Vec<String> {
    let at = |one: &String| {
        let (place, message) = one.split_once(": ").unwrap();
        let line: usize = place.split(':').next().unwrap().parse().unwrap();
        format!("{}: {message}", text.lines().nth(line - 1).unwrap().split(" = ").next().unwrap())
    };
    problems(text, overrides).iter().map(at).collect()
}

fn standalone() -> Overrides {
    Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() }
}

const WORKER: &str = "node-selectors = [{ \"kubernetes.io/hostname\" = \"kind-worker\" }]";
const OTHERS: &str = "node-selectors = [{ match-expressions = [{ key = \"kubernetes.io/hostname\", operator = \"NotIn\", values = [\"kind-worker\"] }] }]";

#[rstest]
#[case::kind_of_asn(
    "dynamic-asn = \"external\"",
    "dynamic-asn: this kind of AS number cannot be used here | expected internal: the router is in their AS"
)]
#[case::both_families(
    "disable-mp = true",
    "disable-mp: disable-mp beside dual-stack cannot be used here | expected either disable-mp or dual-stack"
)]
#[case::secret(
    "password-secret = \"bgp\"",
    "password-secret: a Secret without a password cannot be used here | expected `password` beside it, which the router \
     needs: the Secret's own"
)]
#[case::port("port = 16385", "port: 16385 is out of range | expected 1 to 16384")]
#[case::router_id(
    "router-id = \"224.0.0.1\"",
    "router-id: router id 224.0.0.1 cannot be used here | expected four octets \
     that a host can have, such as \"10.0.1.9\""
)]
#[case::router_id_of_the_router(
    "router-id = \"10.0.2.3\"",
    "router-id: router id 10.0.2.3 cannot be used here | expected \
     another one than the router's own: they are in one AS"
)]
#[case::never_and_keepalive(
    "hold-time = \"0s\"\nkeepalive-time = \"3s\"",
    "keepalive-time: a keepalive time beside a hold \
     time of 0s cannot be used here | expected no keepalive-time: the session never expires, and no keepalive is sent"
)]
fn what_no_metallb_takes_is_refused(#[case] lines: &str, #[case] expected: &str) {
    assert_eq!(refused(&with_peers(lines, ""), &Overrides::default())[0], expected);
}

/// Every node would have it; and FRR 10.2 and later wait for ever beside BFD.
#[test]
fn a_source_address_is_of_one_node_without_bfd() {
    let found = refused(&with_peers("source-address = \"10.0.1.3\"", ""), &Overrides::default());
    assert!(found[0].contains("no BFD profile beside it") && found[1].contains("the one node"), "{found:?}");
    let own = |address: &str| {
        let lines = format!("{WORKER}\nsource-address = \"{address}\"");
        with_peers(&lines, "").replacen("bfd-profile = \"doc-example-bfd-profile-full\"\n", "", 1)
    };
    assert!(read(&own("10.0.1.3"), &standalone()).is_ok());
    let found = refused(&own("10.0.1.4"), &standalone());
    assert!(found[0].contains("the address that the selected node has"), "{found:?}");
    let found = refused(&own("fd00:10:0:1::3"), &standalone());
    assert!(found[0].contains("of the session's own family"), "{found:?}");
}

/// FRR has one AS number and one router ID on a node; before 0.16, MetalLB took one for all nodes.
#[rstest]
#[case::asn(
    "my-asn = 64501",
    "my-asn = 64502",
    "my-asn: peer `doc-example-peer-dot-four` has AS number 64502, and `doc-example-peer` has 64501"
)]
#[case::id(
    "router-id = \"10.0.1.9\"",
    "router-id = \"10.0.1.8\"",
    "router-id: peer `doc-example-peer-dot-four` has router id 10.0.1.8, and `doc-example-peer` has 10.0.1.9"
)]
fn a_node_has_one_number(#[case] first: &str, #[case] second: &str, #[case] expected: &str) {
    let found = refused(&with_peers(first, second), &Overrides::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(expected) && found[0].contains("kind-control-plane has both"), "{found:?}");
    let apart = with_peers(&format!("{WORKER}\n{first}"), &format!("{OTHERS}\n{second}"));
    assert!(read(&apart, &Overrides::default()).is_ok());
    let older = refused(&apart.replace("v0.16.1", "v0.15.2"), &Overrides::default());
    assert!(older[0].starts_with(expected) && older[0].ends_with("version v0.16.0 or later in [metallb]"), "{older:?}");
}

#[test]
fn a_router_listens_on_one_port() {
    let second = "name = \"third\"\nrouter = \"frr1\"\nfamily = \"ipv6\"\nport = 1180\n\n[[peer]]\nname = \"x\"";
    let text = with_peers("port = 1179", "").replacen("name = \"doc-example-peer-dot-four\"", second, 1);
    let found = refused(&text, &Overrides::default());
    assert_eq!(
        found,
        [
            "port: router `frr1` listens on TCP port 1179 for peer `doc-example-peer`, and FRR listens on one port only | \
          expected port = 1179 here too"
        ]
    );
}

/// The field is refused at its line, with the version that has it.
#[rstest]
#[case("connect-time = \"5s\"", "v0.14.4", "v0.14.5")]
#[case("disable-mp = true", "v0.14.4", "v0.14.5")]
#[case("graceful-restart = true", "v0.14.5", "v0.14.6")]
#[case("dynamic-asn = \"internal\"", "v0.14.8", "v0.14.9")]
fn older_versions_lack_fields(#[case] line: &str, #[case] version: &str, #[case] since: &str) {
    let text = with_peers(line, "").replace("dual-stack = true", "");
    let field = line.split(' ').next().unwrap();
    assert_eq!(
        refused(&text.replace("v0.16.1", version), &Overrides::default()),
        [format!(
            "{field}: MetalLB {version} has no `{field}` | expected version {since} or later in [metallb], or a file without it"
        )]
    );
    assert!(read(&text.replace("v0.16.1", since), &Overrides::default()).is_ok());
}

#[rstest]
#[case("graceful-restart = true", "graceful restart")]
#[case("disable-mp = true", "`disableMP`")]
#[case("dynamic-asn = \"internal\"", "dynamic AS numbers")]
fn the_native_backend_lacks_fields(#[case] line: &str, #[case] what: &str) {
    let text = with_peers(line, "").replace("dual-stack = true", "");
    let native = Overrides { backend: Some(Backend::Native), ..Overrides::default() };
    let expected = format!(
        "{}: the native backend has no {what} | expected backend frr or frr-k8s, or a lab without it",
        line.split(' ').next().unwrap()
    );
    assert_eq!(refused(&text, &native), [expected]);
}
