use std::collections::BTreeMap;

use diagnosis::evidence::Frr;
use frrconf::ask::Question;
use labfile::compose::{Expected, expected};
use labfile::{Lab, Overrides};
use rstest::rstest;
use serde_json::json;

use super::*;

/// frr1 of the documented lab: one route that is used and one that is not, and one session of two.
fn views() -> Views {
    let path = |hop: &str, best: bool| {
        json!({"aspath": {"string": "65001 64500"}, "bestpath": {"overall": best},
            "community": {"list": ["64500:1", "noExport"]}, "nexthops": [{"ip": hop, "used": true}]})
    };
    let routes = json!({"routes": {"203.0.113.200/32": {"paths": [path("10.0.1.3", true), path("10.0.1.4", false)]}}});
    let peer =
        |state: &str| json!({"remoteAs": 64500, "msgRcvd": 1, "msgSent": 1, "state": state, "pfxRcd": 1, "pfxSnt": 0});
    let peers = json!({"10.0.1.3": peer("Established"), "10.0.1.4": peer("Active")});
    let summary = json!({"ipv4Unicast": {"routerId": "10.0.2.3", "as": 64500, "peers": peers}});
    let answers = [(Question::BgpDetail(Family::Ipv4), routes), (Question::BgpSummary, summary)];
    let view = Frr::read(answers.map(|(question, answer)| (question, Ok(answer.to_string()))));
    BTreeMap::from([("frr1".to_owned(), view)])
}

fn judged(check: &str) -> Result<String, String> {
    let text = format!("{}\n[[check]]\nname = \"mine\"\n{check}\n", labfile::DOCUMENTED);
    let file = labfile::LabFile { name: "lab.toml", text: &text, folder: "/".into() };
    let lab = Lab::read(file, &Overrides::default()).unwrap();
    let Expected { own, sessions, .. } = expected(&lab, &lab.cluster.placement);
    judge(&own[0].claim, &sessions, &views()).unwrap()
}

const AT: &str = "prefix = \"203.0.113.200/32\"\nat = \"frr1\"";

#[rstest]
#[case::there("", Ok("next hops 10.0.1.3"))]
#[case::by("next-hops = [\"10.0.1.3\"]", Ok("next hops 10.0.1.3"))]
#[case::by_more("next-hops = [\"10.0.1.3\", \"10.0.1.4\"]", Err("next hops 10.0.1.3, expected 10.0.1.3 10.0.1.4"))]
#[case::as_path("as-path = [65001, 64500]", Ok("next hops 10.0.1.3"))]
#[case::other_as_path("as-path = []", Err("AS path 65001 64500 by 10.0.1.3, expected none"))]
#[case::communities("communities = [\"64500:1\", \"65535:65281\"]", Ok("next hops 10.0.1.3"))]
#[case::other_community(
    "communities = [\"large:1:2:3\"]",
    Err("communities 64500:1 65535:65281 by 10.0.1.3, expected large:1:2:3")
)]
#[case::must_not_be_there("next-hops = []", Err("next hops 10.0.1.3, expected none"))]
fn a_prefix_is_judged_by_the_routes_that_are_used(#[case] fields: &str, #[case] seen: Result<&str, &str>) {
    assert_eq!(judged(&format!("{AT}\n{fields}")), seen.map(str::to_owned).map_err(str::to_owned));
}

#[rstest]
#[case::missing("prefix = \"198.51.100.0/32\"\nat = \"frr1\"", Err("not in the table"))]
#[case::absent("prefix = \"198.51.100.0/32\"\nat = \"frr1\"\nnext-hops = []", Ok("not in the table"))]
#[case::nobody_asked("prefix = \"198.51.100.0/32\"\nat = \"frr2\"\nnext-hops = []", Err("not asked"))]
#[case::established("session = [\"frr1\", \"kind-worker\"]", Ok("10.0.1.3 Established"))]
#[case::not_established("session = [\"frr1\", \"kind-worker2\"]", Err("10.0.1.4 is Active, expected Established"))]
fn absence_and_sessions(#[case] check: &str, #[case] seen: Result<&str, &str>) {
    assert_eq!(judged(check), seen.map(str::to_owned).map_err(str::to_owned));
}
