//! The nodes' end of a peer's session, in MetalLB's resources and in the configuration of both ends.

use super::consistency::{check, standalone};
use super::*;
use crate::DOCUMENTED;

/// The documented lab with everything that a peer can have at once: on one node, in its own AS.
fn text_with(lines: &str) -> String {
    let peer = "router = \"frr1\"\ndual-stack = true      # IPv4 and IPv6 addresses over one session\n\
                bfd-profile = \"doc-example-bfd-profile-full\"";
    assert!(DOCUMENTED.contains(peer));
    let others = "node-selectors = [{ match-expressions = [{ key = \"kubernetes.io/hostname\", operator = \"NotIn\", \
                  values = [\"kind-worker\"] }] }]\nrouter = \"frr2\"\ndual";
    let one =
        format!("router = \"frr1\"\nnode-selectors = [{{ \"kubernetes.io/hostname\" = \"kind-worker\" }}]\n{lines}");
    DOCUMENTED.replacen(peer, &one, 1).replacen("router = \"frr2\"\ndual", others, 1)
}

const ALL: &str = "my-asn = 64501\ndynamic-asn = \"external\"\nport = 1179\nsource-address = \"10.0.1.3\"\n\
                   router-id = \"10.0.1.9\"\ngraceful-restart = true\ndisable-mp = true\nhold-time = \"0s\"\n\
                   password = \"lab\"\npassword-secret = \"bgp\"";

#[test]
fn both_ends_have_it() {
    let lab = standalone(&text_with(ALL));
    let expected = check(&lab);
    let session = expected.sessions.iter().find(|one| one.answerer.name == "frr1" && one.peer.is_some()).unwrap();
    assert_eq!((session.opener.name.as_str(), session.opener.asn, session.answerer.asn), ("kind-worker", 64501, 64500));
    let texts = texts(&lab);
    let node = [
        "router bgp 64501",
        "bgp router-id 10.0.1.9",
        "neighbor 10.0.2.3 remote-as external",
        "neighbor 10.0.2.3 port 1179",
        "neighbor 10.0.2.3 update-source 10.0.1.3",
        "neighbor 10.0.2.3 timers 0 0",
        "neighbor 10.0.2.3 password lab",
        "neighbor 10.0.2.3 graceful-restart",
        "neighbor 10.0.2.3 ebgp-multihop",
    ];
    for line in node {
        assert!(texts["kind-worker"].contains(line), "{line}: {}", texts["kind-worker"]);
    }
    assert!(!texts["kind-worker2"].contains("10.0.2.3"));
    for line in ["router bgp 64500", "neighbor 10.0.1.3 remote-as 64501", "neighbor 10.0.1.3 timers 0 0"] {
        assert!(texts["frr1"].contains(line), "{line}: {}", texts["frr1"]);
    }
    // The other routers find it there, too.
    assert!(texts["next-hop-router"].contains("neighbor 10.0.2.3 port 1179"), "{}", texts["next-hop-router"]);
    let frr1 = super::super::router(&lab, &lab.routers[0], known_nodes(&lab)).unwrap();
    assert!(frr1.files().unwrap().daemons.contains("-p 1179"));
}

#[test]
fn the_resource_has_it() {
    let lab = tests::read(&text_with(ALL), &Overrides::default()).unwrap();
    let yaml = files(&lab).unwrap().into_iter().find(|(path, _)| path == "metallb.yaml").unwrap().1;
    let part = yaml.split("---").find(|part| part.contains("kind: BGPPeer") && part.contains("10.0.2.3")).unwrap();
    let part = part.replace('"', "");
    let fields = [
        "myASN: 64501",
        "dynamicASN: external",
        "peerPort: 1179",
        "sourceAddress: 10.0.1.3",
        "routerID: 10.0.1.9",
        "enableGracefulRestart: true",
        "disableMP: true",
        "holdTime: 0s",
        "keepaliveTime: 0s",
        "name: bgp",
        "ebgpMultiHop: true",
    ];
    for field in fields {
        assert!(part.contains(field), "{field}: {part}");
    }
    assert!(!part.contains("peerASN"));
    // The Secret is somebody else's.
    assert!(!yaml.contains("kind: Secret"), "{yaml}");
}

/// An iBGP session between ASes that the cluster's own number would make eBGP, and the routes that a router passes on.
#[test]
fn the_nodes_own_number_decides_about_ibgp() {
    let text = text_with("my-asn = 64500\ndynamic-asn = \"internal\"\ndual-stack = true");
    let lab = standalone(&text.replace("asn = 64500            # the nodes'", "asn = 64999            # the nodes'"));
    let expected = check(&lab);
    let text = &texts(&lab)["kind-worker"];
    assert!(text.contains("router bgp 64500") && text.contains("neighbor 10.0.2.3 remote-as internal"), "{text}");
    assert!(texts(&lab)["kind-worker2"].contains("router bgp 64999"));
    assert_eq!(expected.tables.iter().filter(|entry| entry.router.as_str() == "frr1").count(), 2);
}
