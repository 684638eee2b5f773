use std::collections::BTreeMap;

use diagnosis::evidence::Frr;
use frrconf::ask::Question;
use labfile::compose::expected;
use labfile::{Lab, Overrides};
use serde_json::{Value, json};

use super::*;

/// The views of frr1 of the documented lab, to which kind-worker sends this many prefixes of each family.
fn views(received: u64, by: &str) -> Views {
    let of_family = json!({"routerId": "10.0.2.3", "as": 64500, "peers": {"10.0.1.3": {"remoteAs": 64500,
        "msgRcvd": 12, "msgSent": 11, "peerUptimeMsec": 9000, "state": "Established", "pfxRcd": received, "pfxSnt": 0}}});
    let bgp = json!({"ipv4Unicast": of_family, "ipv6Unicast": of_family});
    let bfd = json!([{"multihop": true, "peer": "10.0.1.3", "status": "up", "receive-interval": 300,
        "transmit-interval": 300, "detect-multiplier": 3}]);
    let via = |ip: &str| json!({"ip": ip, "fib": true, "active": true});
    let resolver = json!({"ip": by, "fib": true, "active": true, "resolver": true});
    let recursive = |ip| [json!({"ip": ip, "active": true, "recursive": true}), resolver.clone()];
    let hops = ["10.0.1.3", "10.0.1.4"].map(recursive).concat();
    let route = |protocol: &str, hops: Vec<Value>| json!([{"protocol": protocol, "selected": true, "installed": true, "nexthops": hops}]);
    let table = json!({"203.0.113.200/32": route("bgp", hops), "10.0.1.0/24": route("static", vec![via("10.0.2.2")])});
    let answers = [(Question::BgpSummary, bgp), (Question::BfdPeers, bfd), (Question::Routes(Family::Ipv4), table)];
    let view = Frr::read(answers.map(|(question, answer)| (question, Ok(answer.to_string()))));
    BTreeMap::from([("frr1".to_owned(), view)])
}

fn documented() -> Expected {
    let lab = Lab::documented(&Overrides::default()).unwrap();
    expected(&lab, &lab.cluster.placement)
}

fn session(received: u64) -> Line {
    let all = sessions(&documented(), &views(received, "10.0.2.2")).into_iter();
    all.map(|session| session.line).find(|line| line.name == "frr1 – kind-worker 10.0.1.3").unwrap()
}

/// Up, and without the prefixes that `verify` misses.
#[test]
fn a_session_is_as_its_checks_judge_it() {
    let good = session(1);
    assert_eq!((good.should.as_str(), good.is.as_str(), good.ok), ("Established, BFD up", "Established, BFD up", true));
    let bad = session(0);
    assert!(!bad.ok && bad.is.ends_with(": 10.0.1.3: 0 IPv4 prefixes received, expected 1"), "{bad:?}");
}

/// The right next hops, reached in another way than the table leads.
#[test]
fn a_route_is_as_its_check_judges_it() {
    let route = |by: &str| routes(&documented(), &views(1, by)).remove(0);
    let good = route("10.0.2.2");
    assert_eq!((good.name.as_str(), good.is.as_str(), good.ok), ("frr1 203.0.113.200/32", "10.0.1.3 10.0.1.4", true));
    let bad = route("10.0.2.1");
    assert!(!bad.ok && bad.is.contains("though the table leads by 10.0.2.2"), "{bad:?}");
}
