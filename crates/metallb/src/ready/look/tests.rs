use serde_json::{Value, json};
use settle::Verdict;

use super::World;
use crate::ready::Condition;

/// A world with a DaemonSet or a deployment of one container, and one pod of it a node.
fn world(status: &Value, container: &Value, pods: &[Value]) -> World {
    let spec = json!({"selector": {"matchLabels": {"app": "x"}}, "template": {"spec": {"containers": [container]}}});
    let object = json!({"metadata": {"name": "x", "generation": 2}, "spec": spec, "status": status});
    let node = json!({"metadata": {"name": "kind-worker"}});
    World {
        nodes: Some(vec![serde_json::from_value(node).unwrap()]),
        deployments: Some(vec![serde_json::from_value(object.clone()).unwrap_or_default()]),
        daemon_sets: Some(vec![serde_json::from_value(object).unwrap_or_default()]),
        pods: Some(pods.iter().map(|pod| serde_json::from_value(pod.clone()).unwrap()).collect()),
        ..World::default()
    }
}

/// A pod that was made from a container, and what keeps it waiting.
fn pod(revision: &str, container: &Value, reason: &str) -> Value {
    let waiting = json!({"waiting": {"reason": reason}});
    json!({
        "metadata": {"name": format!("x-{revision}"), "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"app": "x", "pod-template-hash": revision, "controller-revision-hash": revision}},
        "spec": {"nodeName": "kind-worker", "containers": [container]},
        "status": {"conditions": [{"type": "Ready", "status": if reason.is_empty() { "True" } else { "False" }}],
            "containerStatuses": [{"name": "c", "image": container["image"], "imageID": "", "ready": false,
                "restartCount": 0, "state": if reason.is_empty() { json!({"running": {}}) } else { waiting }}]}
    })
}

fn container(image: &str, policy: &str) -> Value {
    json!({"name": "c", "image": image, "imagePullPolicy": policy})
}

fn look(world: &World) -> Verdict<(), crate::Error> {
    Condition::Deployment("x".to_owned()).look(world)
}

#[test]
fn problems_of_old_pods_say_nothing_about_new_ones() {
    let (before, now) = (container("a:1", "Never"), container("a:1", "IfNotPresent"));
    let old = pod("1", &before, "ErrImageNeverPull");
    let status = |observed: i64| json!({"observedGeneration": observed, "replicas": 1, "updatedReplicas": 0});
    // Not taken up; taken up, and no new pod yet; and an image that was corrected.
    for (observed, template) in [(1, &now), (2, &now), (2, &container("a:2", "Never"))] {
        let verdict = look(&world(&status(observed), template, std::slice::from_ref(&old)));
        assert!(matches!(verdict, Verdict::NotYet(_)), "{observed} {template}");
    }
    let both = [old.clone(), pod("2", &now, "ImagePullBackOff")];
    assert!(matches!(look(&world(&status(2), &now, &both)), Verdict::Failed(_)), "the new pod's trouble is one");
    assert!(matches!(look(&world(&status(2), &before, &[old])), Verdict::Failed(_)), "so is that of what is asked for");
}

#[test]
fn speakers_of_an_old_generation_do_not_count() {
    let frr = json!({"name": "frr", "image": "frr:1"});
    let status = |updated: i32| {
        json!({"observedGeneration": 2, "updatedNumberScheduled": updated, "desiredNumberScheduled": 1,
            "currentNumberScheduled": 1, "numberMisscheduled": 0, "numberReady": 1})
    };
    let look = |updated, wanted, container: &Value| {
        let world = world(&status(updated), container, &[pod("1", container, "")]);
        Condition::DaemonSet { any_of: vec!["x".to_owned()], frr: wanted }.look(&world).is_ready()
    };
    assert!(!look(0, None, &frr), "the pod is of the generation before");
    assert!(look(1, Some(true), &frr) && !look(1, Some(false), &frr));
    assert!(look(1, Some(false), &container("a:1", "Never")) && !look(1, Some(true), &container("a:1", "Never")));
}
