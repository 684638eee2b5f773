//! Plans, as text and as JSON, and refusals.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{guest, route, two_networks};
use netlab::fake::{Commands, Fake};
use netlab::{Endpoint, Engine, Lab, LabSpec, Name, Object, Plan, Refused, Step, apply, observe, plan};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn plan_of(fake: &Fake, spec: LabSpec) -> Result<Plan, Refused> {
    let lab = Lab::try_from(spec).unwrap();
    plan(&lab, &block_on(observe(fake, &lab)).unwrap())
}

fn spec() -> LabSpec {
    let mut spec = two_networks("t", 10);
    spec.guests.push(guest("kind-worker", "t-near", vec![route("10.77.11.0/24", "10.77.10.2")]));
    spec
}

fn up() -> Fake {
    let fake = Fake::default();
    block_on(apply(&fake, &plan_of(&fake, spec()).unwrap(), &())).unwrap();
    fake
}

#[test]
fn a_plan_is_a_readable_diff() {
    let text = plan_of(&Fake::default(), spec()).unwrap().to_string();
    insta::assert_snapshot!(text, @r"
    + network t-near 10.77.10.0/24 fd77:10::/64 mtu 1500
    + network t-far 10.77.11.0/24 fd77:11::/64 mtu 1500
    + container t-router (router) quay.io/frrouting/frr:9.1.0 on t-near 10.77.10.2 fd77:10::2, t-far 10.77.11.2 fd77:11::2
    ~ container t-router: on t-far 10.77.11.2 fd77:11::2
    ~ container t-router: start
    + container t-left (node) quay.io/frrouting/frr:9.1.0 on t-near 10.77.10.3 fd77:10::3
    + container t-left: file /etc/lab/conf (8 bytes, 0640 100:101)
    + container t-left: file /etc/lab/boot (5 bytes, 0640 100:101)
    ~ container t-left: start
    ~ container t-left: route 10.77.11.0/24 via 10.77.10.2 missing
    ~ container t-left: route fd77:11::/64 via fd77:10::2 missing
    + container t-right (node) quay.io/frrouting/frr:9.1.0 on t-far 10.77.11.3 fd77:11::3
    ~ container t-right: start
    ~ container t-right: route 10.77.10.0/24 via 10.77.11.2 missing
    ~ container t-right: route fd77:10::/64 via fd77:11::2 missing
    ? guest kind-worker: no routes, because it is not there
    ");
    assert!(!text.contains("hello"), "contents of files may be secret");
}

#[test]
fn a_plan_is_json() {
    let fake = up();
    fake.world().add_foreign_container("kind-worker", &Endpoint::dynamic(Name::new("t-near").unwrap())).unwrap();
    insta::assert_json_snapshot!(plan_of(&fake, spec()).unwrap(), @r#"
    {
      "tasks": [
        {
          "step": {
            "name": "routes:kind-worker",
            "step": "routes",
            "object": {
              "guest": "kind-worker"
            },
            "diff": "~ guest kind-worker: route 10.77.11.0/24 via 10.77.10.2 missing"
          },
          "after": []
        }
      ],
      "absent": {}
    }
    "#);
}

#[test]
fn a_step_comes_after_what_it_needs() {
    let whole = plan_of(&Fake::default(), spec()).unwrap();
    for (i, task) in whole.tasks.iter().enumerate() {
        assert!(task.after.iter().all(|need| *need < i), "{}", task.step.name());
    }
    let networks = whole.networks();
    assert_eq!(networks.steps().map(Step::name).collect::<Vec<_>>(), ["create-network:t-near", "create-network:t-far"]);
    let rest = whole.only(|step| !matches!(step.object(), Object::Network(_)));
    assert_eq!(rest.tasks.len() + networks.tasks.len(), whole.tasks.len());
    assert!(rest.tasks[0].after.is_empty());
}

#[test]
fn names_of_steps_are_unique_and_stable() {
    let whole = plan_of(&Fake::default(), spec()).unwrap();
    let mut names: Vec<_> = whole.steps().map(Step::name).collect();
    assert!(names.contains(&"connect:t-router:t-far".to_owned()), "{names:?}");
    names.sort();
    names.dedup();
    assert_eq!(names.len(), whole.tasks.len());
}

#[test]
fn every_refusal_is_named_at_once() {
    let fake = Fake::default();
    let near = Endpoint::dynamic(Name::new("t-near").unwrap());
    fake.world().add_foreign_network("t-near", &["10.78.0.0/24".parse().unwrap()]);
    fake.world().add_foreign_network("other", &["10.77.11.0/25".parse().unwrap()]);
    fake.world().add_foreign_container("t-left", &near).unwrap();
    fake.world().find("t-left").unwrap().state.lab = Some("other-lab".to_owned());
    fake.world().add_foreign_container("kind-worker", &near).unwrap();
    insta::assert_snapshot!(plan_of(&fake, spec()).unwrap_err(), @r"
    network t-near (10.78.0.0/24) is there and not made by this lab: it is left as it is; give the lab's network another name, or remove it (`docker network rm 000000000000`) if nobody needs it
    network t-far: 10.77.11.0/24 overlaps with 10.77.11.0/25 of Docker's network other; give the lab's network another range, or remove network other (`docker network rm other`) if nobody needs it
    container t-left (image foreign) is there and belongs to lab other-lab: it is left as it is; give the lab's container another name, or remove it (`docker rm -f t-left`) if nobody needs it
    container kind-worker is there and not on network t-near of the lab: it is someone else's; remove or rename it, or choose another cluster name
    ");
}

/// Docker removes none of the networks that it makes itself, so the advice is another one.
#[test]
fn the_engines_own_networks_are_not_to_be_removed() {
    let fake = Fake::default();
    fake.world().add_foreign_network("bridge", &["10.77.11.0/25".parse().unwrap()]);
    fake.world().add_foreign_network("host", &[]);
    let mut spec = spec();
    insta::assert_snapshot!(plan_of(&fake, spec.clone()).unwrap_err(), @"network t-far: 10.77.11.0/24 overlaps with 10.77.11.0/25 of Docker's network bridge; give the lab's network another range, or give the engine's own network another one (`bip` in its configuration, /etc/docker/daemon.json)");
    spec.networks[1].name = Name::new("host").unwrap();
    for container in &mut spec.containers {
        for endpoint in container.endpoints.iter_mut().filter(|endpoint| endpoint.network.as_str() == "t-far") {
            endpoint.network = Name::new("host").unwrap();
        }
    }
    insta::assert_snapshot!(plan_of(&fake, spec).unwrap_err(), @r"
    network host (without range) is there and not made by this lab: it is left as it is; give the lab's network another name
    network host: 10.77.11.0/24 overlaps with 10.77.11.0/25 of Docker's network bridge; give the lab's network another range, or give the engine's own network another one (`bip` in its configuration, /etc/docker/daemon.json)
    ");
}

#[test]
fn a_taken_address_and_a_used_network_are_named() {
    let fake = up();
    let near = Name::new("t-near").unwrap();
    let pinned = Endpoint { ipv4: Some("10.77.10.9".parse().unwrap()), ..Endpoint::dynamic(near) };
    fake.world().add_foreign_container("squatter", &pinned).unwrap();

    let mut taken = spec();
    taken.containers[1].endpoints[0].ipv4 = pinned.ipv4;
    insta::assert_snapshot!(plan_of(&fake, taken).unwrap_err(), @"container t-left: 10.77.10.9 on network t-near is taken by container squatter; pin another address, or reserve a dynamic range in the network, or remove squatter");

    let mut recreated = spec();
    recreated.networks[0].masquerade = false;
    insta::assert_snapshot!(plan_of(&fake, recreated).unwrap_err(), @"network t-near has to be removed, and containers that the lab did not make are on it: squatter; remove or disconnect them first");
}

/// A changed content of a file does not recreate a container; another set, owner or mode of files does.
#[test]
fn contents_are_repaired_in_place() {
    let fake = up();
    let mut changed = spec();
    changed.containers[1].files[0].contents = b"other".to_vec();
    let steps: Vec<_> = plan_of(&fake, changed.clone()).unwrap().steps().map(Step::name).collect();
    assert_eq!(steps, ["upload:t-left", "reload:t-left"]);
    changed.containers[1].files[0].mode = 0o600;
    let first = |spec| plan_of(&fake, spec).unwrap().steps().next().map(Step::name);
    assert_eq!(first(changed), Some("remove-container:t-left".to_owned()), "who may read it");
    let mut fewer = spec();
    fewer.containers[1].files.pop();
    assert_eq!(first(fewer), Some("remove-container:t-left".to_owned()));
}

/// Docker remembers the addresses that were requested: this connection was not made by a plan.
#[test]
fn a_container_connected_at_another_address_is_created_anew() {
    let fake = up();
    let near = Name::new("t-near").unwrap();
    fake.world().disconnect("t-left", "t-near").unwrap();
    block_on(fake.connect(&Name::new("t-left").unwrap(), &Endpoint::dynamic(near))).unwrap();
    let plan = plan_of(&fake, spec()).unwrap();
    let first = plan.steps().next().unwrap().to_string();
    assert_eq!(first, "- container t-left: somebody connected it to t-near at another address");
}

/// A container in which no command runs is left alone, since its inside is not known.
#[test]
fn a_container_that_cannot_be_looked_into_is_left_alone() {
    let fake = up();
    fake.world().find("t-left").unwrap().commands = Commands::Fail;
    insta::assert_snapshot!(plan_of(&fake, spec()).unwrap_err(), @"container t-left runs and cannot be looked into: looking into container t-left: the engine's answer could not be read: code 126: OCI runtime exec failed; run this again, and restart it (`docker restart t-left`) if that does not help");
    fake.world().has_procfs = true;
    assert!(plan_of(&fake, spec()).unwrap().is_empty());
}

/// A routing daemon sets its routes itself when it starts; routes that differ later are repaired.
#[test]
fn a_daemon_sets_its_own_routes() {
    let mut own = spec();
    own.containers[1].routes_by = netlab::RoutesBy::Itself;
    let fake = Fake::default();
    let first = plan_of(&fake, own.clone()).unwrap();
    assert!(!first.steps().any(|step| step.name() == "routes:t-left"), "{first}");
    block_on(apply(&fake, &first, &())).unwrap();
    let second: Vec<_> = plan_of(&fake, own).unwrap().steps().map(Step::name).collect();
    assert_eq!(second, ["routes:t-left"]);
}

/// A client starts after its server, and is created meanwhile.
#[test]
fn a_start_can_wait_for_another() {
    let mut spec = spec();
    let router = spec.containers[0].name.clone();
    spec.containers[1].start_after = [router].into();
    let plan = plan_of(&Fake::default(), spec).unwrap();
    let at = |name: &str| plan.steps().position(|step| step.name() == name).unwrap();
    let router = at("start:t-router");
    assert!(plan.tasks[at("start:t-left")].after.contains(&router));
    assert!(!plan.tasks[at("create-container:t-left")].after.contains(&router));
}
