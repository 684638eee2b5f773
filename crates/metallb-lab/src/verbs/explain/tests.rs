use labfile::compose;
use labfile::{Lab, Overrides};
use rstest::rstest;

use super::*;

/// The documented lab, with tables as predicted.
fn documented() -> Explained {
    let lab = Lab::documented(&Overrides::default()).unwrap();
    let nodes = &lab.cluster.placement;
    let prefix: IpNet = "203.0.113.200/32".parse().unwrap();
    let announced = compose::unobserved(&lab, |observed| compose::announced_by(&lab, nodes, observed));
    let choices = compose::unobserved(&lab, |observed| compose::choices(&lab, nodes, observed, prefix)).unwrap();
    let seen = |path: &Path| SeenPath {
        from: Some(path.from.clone()),
        neighbor: Some(path.neighbor),
        next_hop: Some(path.next_hop),
        local_preference: Some(path.local_preference),
        as_path: String::new(),
        valid: true,
        best: path.next_hop.to_string() == "10.0.1.3",
        used: path.next_hop.to_string() == "10.0.1.3" || path.fate == Fate::Used,
        reason: Some("Older Path".to_owned()),
    };
    let routers = choices.into_iter().map(|predicted| {
        let possible = |path: &&Path| path.certain || path.next_hop.to_string() == "10.0.1.3";
        let paths = predicted.paths.iter().filter(possible).map(seen).collect();
        Explanation { predicted, seen: Table::Paths(paths), differences: Vec::new() }
    });
    let names = nodes.iter().flat_map(|node| node.addresses.iter().map(|own| (own, node.name.clone())));
    Explained {
        lab: lab.name.to_string(),
        prefix,
        announced_by: announced[&prefix].iter().cloned().collect(),
        agrees: true,
        places: names.collect(),
        routers: routers.collect(),
    }
}

#[test]
fn each_route_is_shown_predicted_and_seen() {
    insta::assert_snapshot!(text(&documented()));
}

#[test]
fn a_difference_is_named_below_its_router() {
    let mut explained = documented();
    explained.agrees = false;
    explained.routers.truncate(1);
    let router = &mut explained.routers[0];
    router.seen = Table::Unread("bgpd does not answer".to_owned());
    router.differences = vec!["its table could not be read: bgpd does not answer".to_owned()];
    insta::assert_snapshot!(text(&explained));
}

#[rstest]
#[case("203.0.113.200", Ok("203.0.113.200/32"))]
#[case("203.0.113.0/24", Ok("203.0.113.0/24"))]
#[case("fd01::", Ok("fd01::/128"))]
#[case("frr1", Err("expected an address or a prefix"))]
fn an_address_is_a_prefix_of_its_own(#[case] given: &str, #[case] wanted: Result<&str, &str>) {
    match (prefix(given), wanted) {
        (Ok(read), Ok(wanted)) => assert_eq!(read.to_string(), wanted),
        (Err(error), Err(words)) => assert!(error.contains(words), "{error}"),
        (read, wanted) => panic!("{read:?}, not {wanted:?}"),
    }
}
