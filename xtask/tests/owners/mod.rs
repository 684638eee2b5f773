//! Containers that have the nodes' names and are not the cluster's.

use crate::support::{TestLab, docker, left_of};

/// Somebody else's container is refused by name, however often, and is left as it is.
pub(crate) fn somebody_elses_is_refused(lab: &TestLab) {
    let name = lab.name("k-control-plane");
    let id = docker(&["create", "--name", &name, lab.image, "true"]);
    for _ in 0..2 {
        lab.run(&["lab-up"]).refused(3, &["not the lab's", &format!("container {name} is on network bridge")]);
    }
    assert_eq!(docker(&["inspect", "--format", "{{.Id}}", &name]), id);
    assert_eq!(left_of(&lab.name("lab")), "", "nothing was made");
    docker(&["rm", &id]);
}

/// The lab's own standalone nodes are no cluster to deploy to; the cluster takes their place.
pub(crate) fn standalone_nodes_give_way(lab: &TestLab) {
    let standalone = lab.run(&["--provider", "standalone", "lab-up"]);
    assert_eq!(standalone.code, Some(0), "{standalone:?}");
    let name = lab.name("k-worker");
    let id = || docker(&["inspect", "--format", "{{.Id}}", &name]);
    let before = id();
    lab.run(&["deploy-metallb"]).refused(1, &["does not run", "cargo xtask lab-up"]);
    assert_eq!(id(), before, "it is as it was");
    let planned = lab.planned();
    assert!(planned.contains(&"kind-create".to_owned()), "{planned:?}");
    assert!(planned.iter().any(|step| step.contains(&name)), "{planned:?}");
}
