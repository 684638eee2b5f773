//! The freshness of the API's picture: until it is of after the nodes' last start, it calls running what no longer
//! is.

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use metallb::Cluster;
use metallb::Freshness;
use metallb::spec::NAMESPACE;
use netlab::Docker;

use crate::checks::{Check, Subject, Topic};
use crate::router::FRR_NAMESPACE;
use labfile::{Lab, Node};

/// A node, and when its container was started.
struct Started<'a> {
    node: &'a Node,
    at: Timestamp,
}

/// Returns a failed check for each node whose last start the API has not noticed yet.
///
/// # Errors
/// An error of the API.
pub(crate) async fn look(
    cluster: &Cluster,
    lab: &Lab,
    docker: &Docker,
    nodes: &[Node],
) -> Result<Vec<Check>, metallb::Error> {
    let started = nodes.iter().map(async |node| {
        let json = docker.container_json(&node.name).await.ok()?;
        let json: serde_json::Value = serde_json::from_str(&json).ok()?;
        Some(Started { node, at: json.pointer("/State/StartedAt")?.as_str()?.parse().ok()? })
    });
    let mut namespaces = vec![NAMESPACE, FRR_NAMESPACE];
    namespaces.extend(lab.services.iter().map(|service| service.namespace.as_str()));
    namespaces.sort_unstable();
    namespaces.dedup();
    let (started, freshness) = futures::join!(join_all(started), cluster.freshness(&namespaces));
    Ok(judge(&started.into_iter().flatten().collect::<Vec<_>>(), &freshness?))
}

fn judge(started: &[Started<'_>], fresh: &Freshness) -> Vec<Check> {
    let stale = |started: &Started<'_>| {
        let asleep = fresh.controllers.is_some_and(|last| last < started.at);
        if started.node.role.is_control_plane() && asleep {
            return Some("the cluster's controllers have not resumed yet since it started".to_owned());
        }
        // Times of containers are cut to the second.
        let before = |since: Timestamp| since + SignedDuration::from_secs(1) <= started.at;
        let pod = fresh.pods.iter().find(|pod| pod.node == started.node.name && before(pod.since))?;
        Some(format!("its kubelet has not reported the state of pod {} yet, since the node started", pod.pod))
    };
    let check = |at: &Started<'_>| {
        Some(Check::failed(Topic::Nodes, Subject::Node(at.node.name.clone()), stale(at)?).expecting("Ready"))
    };
    started.iter().filter_map(check).collect()
}

#[cfg(test)]
mod tests {
    use metallb::PodStart;

    use super::*;
    use labfile::{Addresses, NodeRole};

    #[test]
    fn what_is_of_before_the_start_is_named() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let node = |name: &str, role| Node {
            name: name.to_owned(),
            role,
            addresses: Addresses::V4([10, 0, 1, 2].into()),
            labels: labfile::Labels::new(),
        };
        let (leads, works) =
            (node("kind-control-plane", NodeRole::ControlPlane), node("kind-worker", NodeRole::Worker));
        let started = [Started { node: &leads, at: at(100) }, Started { node: &works, at: at(100) }];
        let fresh = |controllers: Option<i64>, since: i64| Freshness {
            controllers: controllers.map(at),
            pods: vec![PodStart { pod: "speaker-x".into(), node: "kind-worker".into(), since: at(since) }],
        };
        let said = |fresh: &Freshness| -> Vec<String> {
            judge(&started, fresh).iter().map(|check| format!("{} {}", check.subject, check.seen)).collect()
        };
        assert_eq!(said(&fresh(Some(101), 100)), [""; 0], "it may have been started later in that second");
        assert_eq!(said(&fresh(None, 130)), [""; 0], "nobody has to have such controllers");
        let old = said(&fresh(Some(99), 99));
        assert!(old[0].starts_with("kind-control-plane the cluster's controllers") && old[1].contains("speaker-x"));
    }
}
