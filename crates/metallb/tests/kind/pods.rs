//! Commands in the pods of a cluster, and waits for them.

use std::time::Duration;

use metallb::ready::Condition;
use metallb::{Cluster, Error, InNamespace, NamespacedName};

pub(crate) async fn a_command_in_a_pod_returns_its_exit_code(cluster: &Cluster) {
    assert!(cluster.server_version().await.unwrap().starts_with('v'));
    let pods = cluster.pods(InNamespace("kube-system"), "k8s-app=kube-proxy").await.unwrap();
    let pod = NamespacedName { namespace: "kube-system", name: &pods[0].name };
    let run = async |argv: &[&str]| cluster.exec(pod, None, argv).await;
    let done = run(&["sh", "-c", "echo out; echo err >&2; exit 3"]).await.unwrap();
    assert_eq!((done.stdout.as_str(), done.stderr.as_str(), done.code), ("out\n", "err\n", 3));
    assert!(run(&["/no/such/program"]).await.is_err_and(|error| matches!(error, Error::Exec { .. })));
    let missing = cluster.exec(NamespacedName { name: "no-such-pod", ..pod }, None, &["true"]).await;
    assert!(matches!(missing, Err(Error::NotFound { .. })));
}

pub(crate) async fn a_deployment_is_waited_for(cluster: &Cluster) {
    let condition = [Condition::Deployment("coredns".into())];
    cluster.wait("coredns", InNamespace("kube-system"), &condition, Duration::from_secs(60)).await.unwrap();
    let nothing = [Condition::Deployment("nothing".into())];
    let error =
        cluster.wait("nothing", InNamespace("kube-system"), &nothing, Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "nothing: not within 1 s; last seen: there is no deployment nothing");
}
