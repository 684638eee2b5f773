//! From any state, a plan leads to the lab, a second plan is empty, and foreign objects stay as they are.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accident;
#[path = "../common/mod.rs"]
mod common;

use accident::{Accident, accident, happen};
use common::{guest, name, route, two_networks};
use netlab::fake::{Fake, World};
use netlab::{ApiVersion, Lab, LabSpec, Plan, Refusal, Refused, Route, apply, observe, plan, teardown};
use proptest::prelude::*;

/// A route of every node near to a network beyond, through these next hops.
fn beyond(spec: &mut LabSpec, hosts: &[u8]) {
    let v4 = hosts.iter().map(|host| format!("10.77.10.{host}").parse().unwrap());
    let v6 = hosts.iter().map(|host| format!("fd77:10::{host}").parse().unwrap());
    spec.containers[1].routes.push(Route::v4("10.88.0.0/16".parse().unwrap(), v4));
    spec.containers[1].routes.push(Route::v6("fd88::/64".parse().unwrap(), v6));
}

fn lab() -> Lab {
    let mut spec = two_networks("t", 10);
    beyond(&mut spec, &[2, 4]);
    spec.guests.push(guest("guest", "t-near", vec![route("10.77.11.0/24", "10.77.10.2")]));
    Lab::try_from(spec).unwrap()
}

/// The same lab with other ranges on one side, another command in one container, one container less and
/// one more, and one gateway of two.
fn other_lab() -> Lab {
    let mut spec = two_networks("t", 10);
    beyond(&mut spec, &[4]);
    spec.networks[1].mtu = netlab::Mtu::Bytes(1400);
    spec.containers[1].command = Some(vec!["1000".to_owned()]);
    spec.containers[2].name = name("t-third");
    Lab::try_from(spec).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

fn plan_now(fake: &Fake, lab: &Lab) -> Result<Plan, Refused> {
    plan(lab, &block_on(observe(fake, lab)).unwrap())
}

/// Returns everything foreign: it has to stay as it is, except for the routes of guests.
fn foreign(fake: &Fake) -> impl PartialEq + std::fmt::Debug + use<> {
    let world = fake.world();
    let theirs = |lab: &Option<String>| lab.as_deref() != Some("t");
    let networks: Vec<_> = world.networks.iter().filter(|n| theirs(&n.lab)).cloned().collect();
    let containers: Vec<_> =
        world.containers.iter().filter(|c| theirs(&c.state.lab)).map(|c| c.state.clone()).collect();
    (networks, containers)
}

/// Checks that the lab is there, to the letter, by the state of the fake instead of a plan.
fn check_built(world: &mut World, lab: &Lab) {
    let count = world.networks.iter().filter(|n| n.lab.as_deref() == Some("t")).count();
    assert_eq!(count, lab.networks().len());
    let count = world.containers.iter().filter(|c| c.state.lab.as_deref() == Some("t")).count();
    assert_eq!(count, lab.containers().len());
    for spec in lab.containers() {
        let is = world.find(spec.name.as_str()).unwrap();
        assert_eq!(is.state.run, netlab::RunState::Running, "{}", spec.name);
        for endpoint in &spec.endpoints {
            let addresses: Vec<_> = is.state.endpoints[endpoint.network.as_str()].addresses().collect();
            assert_eq!(addresses, endpoint.pinned().collect::<Vec<_>>(), "{}", spec.name);
        }
        for file in &spec.files {
            assert_eq!(is.files.get(&file.path), Some(&file.contents), "{}: {}", spec.name, file.path);
            assert_eq!(is.runs_by.get(&file.path), Some(&file.contents), "{} does not run by {}", spec.name, file.path);
        }
        for route in &spec.routes {
            let of_it = is.routes.iter().filter(|r| r.dst == route.dst());
            let best = of_it.min_by_key(|r| r.metric).unwrap();
            assert!(route.is_via(&best.via), "{}: {route}, not {best:?}", spec.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_state_leads_to_the_lab(
        old_api in any::<bool>(),
        has_procfs in any::<bool>(),
        accidents in prop::collection::vec(accident(), 0..12),
    ) {
        let api = ApiVersion { major: 1, minor: if old_api { 41 } else { 45 } };
        let fake = Fake::default();
        (fake.world().api, fake.world().has_procfs) = (api, has_procfs);
        accidents.iter().for_each(|accident| happen(&fake, accident));
        let before = foreign(&fake);
        let lab = lab();
        match plan_now(&fake, &lab) {
            Ok(first) => {
                block_on(apply(&fake, &first, &())).unwrap();
                let second = plan_now(&fake, &lab).unwrap();
                prop_assert!(second.is_empty(), "first:\n{first}\nsecond:\n{second}");
                check_built(&mut fake.world(), &lab);
            }
            // Only foreign objects may stand in the way.
            Err(refused) => {
                for refusal in refused.refusals {
                    let allowed = match &refusal {
                        Refusal::NetworkInUse { by, .. } | Refusal::AddressTaken { by, .. } => by == "guest",
                        Refusal::GuestElsewhere { name, .. } => name.as_str() == "guest",
                        _ => false,
                    };
                    prop_assert!(allowed, "{refusal}");
                }
            }
        }
        prop_assert_eq!(&before, &foreign(&fake));

        // All of it is removed, unless somebody else is on a network of the lab.
        let report = block_on(teardown(&fake, lab.name())).unwrap();
        let world = fake.world();
        prop_assert!(world.containers.iter().all(|c| c.state.lab.is_none()));
        prop_assert_eq!(world.networks.iter().any(|n| n.lab.is_some()), !report.is_clean(), "{}", report);
        drop(world);
        prop_assert_eq!(before, foreign(&fake));
    }
}

/// A killed run left, of two networks of one name, the one without ranges.
#[test]
fn a_network_without_its_ranges_is_created_anew() {
    let fake = Fake::default();
    happen(&fake, &Accident::Killed { other: false, effects: 2 });
    happen(&fake, &Accident::Duplicate { network: 1, ranges: false });
    happen(&fake, &Accident::Killed { other: true, effects: 1 });
    let lab = lab();
    block_on(apply(&fake, &plan_now(&fake, &lab).unwrap(), &())).unwrap();
    check_built(&mut fake.world(), &lab);
}

/// After a run that was killed after each effect in turn, the next one ends in the same lab.
#[test]
fn a_run_killed_after_any_effect_is_completed() {
    let lab = lab();
    let whole = Fake::default();
    block_on(apply(&whole, &plan_now(&whole, &lab).unwrap(), &())).unwrap();
    let effects = whole.world().effects;
    assert!(effects >= 14, "only {effects} effects");
    for killed_after in 0..effects {
        let fake = Fake::default();
        happen(&fake, &Accident::Killed { other: false, effects: killed_after });
        let rest = plan_now(&fake, &lab).unwrap();
        assert!(!rest.is_empty(), "killed after {killed_after}");
        block_on(apply(&fake, &rest, &())).unwrap();
        assert!(plan_now(&fake, &lab).unwrap().is_empty(), "killed after {killed_after}");
        check_built(&mut fake.world(), &lab);
    }
}
