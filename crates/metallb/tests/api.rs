//! Deployments against an API server that answers in one way or another, without a cluster.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod fake;

use std::convert::Infallible;
use std::time::Duration;

use fake::*;
use metallb::deploy::Bounds;
use metallb::plan::Phase;
use metallb::ready::Condition;
use metallb::spec::{IpAddressPool, IpAddressPoolSpec};
use metallb::{Error, InNamespace};
use serde_json::json;
use settle::{Verdict, Wait};
use tokio::time::timeout;

const POOLS: &str = "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools";
#[tokio::test]
async fn a_refusal_ends_at_once_with_the_webhooks_words() {
    let (api, installation) = with_operator();
    let words = r#"pool "doc-example-bgp-adv" has ipv6 CIDR fd01::/128, native bgp mode does not support ipv6"#;
    let message =
        format!(r#"admission webhook "ipaddresspoolvalidationwebhook.metallb.io" denied the request: {words}"#);
    api.fault(move |method, path| {
        (method == "PATCH" && path.starts_with(POOLS)).then(|| (403, status(403, "Forbidden", &message)))
    });
    let cluster = api.cluster();
    let deploy = cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &());
    let error = timeout(PATIENCE, deploy).await.unwrap().unwrap_err();
    let Error::WebhookRefused { refusal, .. } = &error else { panic!("{error}") };
    assert_eq!(refusal.words, words);
    assert!(error.to_string().contains("METALLB_BGP_TYPE"), "{error}");
    let tries = api.calls("PATCH").iter().filter(|path| path.starts_with(POOLS)).count();
    assert_eq!(tries, 1, "a refusal is not tried again");
}

#[tokio::test]
async fn a_webhook_that_is_not_there_yet_is_waited_for() {
    let (api, installation) = with_operator();
    let mut left = 2;
    api.fault(move |method, path| {
        if method != "PATCH" || !path.starts_with(POOLS) || left == 0 {
            return None;
        }
        left -= 1;
        let message = "Internal error occurred: failed calling webhook \"ipaddresspoolvalidationwebhook.metallb.io\": \
                       failed to call webhook: Post \"https://metallb-webhook-service…\": connect: connection refused";
        Some((500, status(500, "InternalError", message)))
    });
    let cluster = api.cluster();
    let deploy = cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &());
    let report = timeout(PATIENCE, deploy).await.unwrap().unwrap();
    assert!(report.steps.iter().any(|step| step.step == "create IPAddressPool metallb-system/doc-example-bgp-adv"));
    assert!(api.get(&format!("{POOLS}/doc-example-bgp-adv")).is_some());
}

#[tokio::test]
async fn a_webhook_that_never_answers_is_reported_with_its_reason() {
    let (api, installation) = with_operator();
    api.fault(|method, path| {
        let message =
            "Internal error occurred: failed calling webhook \"x\": x509: certificate signed by unknown authority";
        (method == "PATCH" && path.starts_with(POOLS)).then(|| (500, status(500, "InternalError", message)))
    });
    let bounds = Bounds { webhooks: Duration::from_millis(300), ..quick() };
    let cluster = api.cluster();
    let deploy = cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, bounds, &());
    let error = timeout(PATIENCE, deploy).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }) && error.to_string().contains("x509"), "{error}");
}

#[tokio::test]
async fn the_webhooks_backend_is_set_before_the_configuration() {
    let (api, installation) = with_operator();
    let cluster = api.cluster();
    let deploy = cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &());
    let report = timeout(PATIENCE, deploy).await.unwrap().unwrap();
    assert_eq!(cluster.validates_for("metallb-system").await.unwrap().as_deref(), Some("frr"));
    let calls = api.calls("PATCH");
    let at = |part: &str| calls.iter().position(|path| path.contains(part)).unwrap();
    assert!(at("metallb-operator-webhook-server") < at("ipaddresspools"));
    assert!(report.changed >= 3, "{report:?}");

    let again = cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &());
    let again = timeout(PATIENCE, again).await.unwrap().unwrap();
    assert_eq!(again.changed, 0, "the second run changes nothing: {again:?}");
}

#[tokio::test]
async fn stale_objects_are_deleted() {
    let (api, mut installation) = with_operator();
    let cluster = api.cluster();
    timeout(PATIENCE, cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &())).await.unwrap().unwrap();
    let pool = IpAddressPool::new("other", IpAddressPoolSpec::of(vec!["203.0.113.200/32".parse().unwrap()]));
    installation.configuration.pools = vec![pool];
    let plan = cluster.plan(&installation).await.unwrap().to_string();
    assert!(plan.contains("- IPAddressPool metallb-system/doc-example-bgp-adv\n"), "{plan}");
    timeout(PATIENCE, cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &())).await.unwrap().unwrap();
    assert!(api.get(&format!("{POOLS}/doc-example-bgp-adv")).is_none());
    assert!(api.get(&format!("{POOLS}/other")).is_some());
}

#[tokio::test]
async fn a_foreign_pool_is_named_and_left() {
    let (api, installation) = with_operator();
    let foreign = json!({"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool",
        "metadata": {"name": "doc-example-bgp-adv", "namespace": "metallb-system"}, "spec": {"addresses": []}});
    api.put(&format!("{POOLS}/doc-example-bgp-adv"), foreign);
    let error = timeout(PATIENCE, api.cluster().deploy(&installation, quick(), &())).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Foreign { .. }), "{error}");
    assert!(api.calls("PATCH").iter().all(|path| path.ends_with("?dryRun")), "nothing was changed");
}

/// The clock is paused, and advances once every task is idle.
#[tokio::test(start_paused = true)]
async fn a_lasting_degradation_is_an_error() {
    let api = FakeApi::new();
    let condition = json!({"type": "Degraded", "status": "True", "reason": "Bad", "message": "cannot render",
        "lastTransitionTime": "2026-01-01T00:00:00Z"});
    api.put(
        "/apis/metallb.io/v1beta1/namespaces/metallb-system/metallbs/metallb",
        json!({"apiVersion": "metallb.io/v1beta1", "kind": "MetalLB",
            "metadata": {"name": "metallb", "namespace": "metallb-system", "generation": 1}, "spec": {},
            "status": {"conditions": [condition]}}),
    );
    let conditions = [Condition::MetalLb("metallb".into())];
    let cluster = api.cluster();
    let wait = cluster.wait("MetalLB", InNamespace("metallb-system"), &conditions, PATIENCE * 2);
    let error = timeout(PATIENCE, wait).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "MetalLB resource metallb is degraded: Bad: cannot render");
}

#[tokio::test]
async fn an_unknown_flag_in_a_crash_loop_is_a_version_mismatch() {
    let api = FakeApi::new();
    api.put(&format!("{DEPLOYMENTS}/controller"), deployment("controller", false, &json!({"name": "manager"})));
    api.put(&format!("{PODS}/controller-1"), waiting_pod("controller-1", "controller", "CrashLoopBackOff", "back-off"));
    api.fault(|_, path| {
        path.contains("/log?").then(|| (200, json!("flag provided but not defined: -metrics-bind-address")))
    });
    let conditions = [Condition::Deployment("controller".into())];
    let cluster = api.cluster();
    let wait = cluster.wait("controller", InNamespace("metallb-system"), &conditions, PATIENCE * 2);
    let error = timeout(PATIENCE, wait).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::PodStuck(_)), "{error}");
    assert!(error.to_string().ends_with("the versions of the operator and MetalLB do not match"), "{error}");
}

#[tokio::test]
async fn an_image_that_cannot_be_pulled_is_named() {
    let api = FakeApi::new();
    api.put(&format!("{DEPLOYMENTS}/controller"), deployment("controller", false, &json!({"name": "manager"})));
    api.put(&format!("{PODS}/controller-1"), waiting_pod("controller-1", "controller", "ImagePullBackOff", "no route"));
    let conditions = [Condition::Deployment("controller".into())];
    let cluster = api.cluster();
    let wait = cluster.wait("controller", InNamespace("metallb-system"), &conditions, PATIENCE * 2);
    let error = timeout(PATIENCE, wait).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("image quay.io/metallb/x:1 cannot be pulled: no route"), "{error}");
}

#[tokio::test]
async fn a_missing_secret_is_waited_for() {
    let api = FakeApi::new();
    api.put(&format!("{DEPLOYMENTS}/controller"), deployment("controller", false, &json!({"name": "manager"})));
    let pod = waiting_pod("controller-1", "controller", "CreateContainerConfigError", "configmap \"tls\" not found");
    api.put(&format!("{PODS}/controller-1"), pod);
    let conditions = [Condition::Deployment("controller".into())];
    let cluster = api.cluster();
    let (seen, _) =
        tokio::join!(cluster.wait("controller", InNamespace("metallb-system"), &conditions, PATIENCE), async {
            Wait::new("a look at the pod", PATIENCE)
                .poll(async || {
                    if api.calls("GET").iter().any(|call| call.contains("/pods")) {
                        Verdict::<_, Infallible>::Ready(())
                    } else {
                        Verdict::NotYet("no look".into())
                    }
                })
                .await
                .unwrap();
            api.put(&format!("{DEPLOYMENTS}/controller"), deployment("controller", true, &json!({"name": "manager"})));
        });
    seen.unwrap();
}

#[tokio::test]
async fn the_pull_policy_never_is_repaired() {
    let (api, installation) = with_operator();
    let container = json!({"name": "manager", "image": "quay.io/metallb/x:1", "imagePullPolicy": "Never"});
    api.put(&format!("{DEPLOYMENTS}/{OPERATOR}"), deployment(OPERATOR, false, &container));
    let pod = waiting_pod(&format!("{OPERATOR}-1"), OPERATOR, "ErrImageNeverPull", "");
    api.put(&format!("{PODS}/{OPERATOR}-1"), pod);
    // The controller first takes the change up, and sees its new pod run only with the next event.
    api.react(|path, object| {
        let policy = &object["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"];
        let status = &object["status"];
        let taken_up = status["observedGeneration"] == object["metadata"]["generation"];
        if !path.ends_with(OPERATOR) || policy != "IfNotPresent" || !taken_up || status["availableReplicas"] == 1 {
            return Vec::new();
        }
        let mut next = object.clone();
        next["status"]["availableReplicas"] = json!(1);
        next["status"]["updatedReplicas"] = json!(1);
        vec![(path.to_owned(), next)]
    });
    let cluster = api.cluster();
    let deploy = cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &());
    let report = timeout(PATIENCE, deploy).await.unwrap().unwrap();
    assert!(report.repairs[0].to_string().contains("Never -> IfNotPresent"), "{:?}", report.repairs);
}

#[tokio::test]
async fn a_deployment_scaled_to_zero_runs_again() {
    let (api, installation) = with_operator();
    let mut stopped = deployment(OPERATOR, true, &json!({"name": "manager"}));
    stopped["spec"]["replicas"] = json!(0);
    api.put(&format!("{DEPLOYMENTS}/{OPERATOR}"), stopped);
    let cluster = api.cluster();
    let deploy = cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &());
    let report = timeout(PATIENCE, deploy).await.unwrap().unwrap();
    assert_eq!(report.repairs[0].to_string(), format!("deployment {OPERATOR}: scaled from 0 to 1"));
}

#[tokio::test]
async fn the_memberlist_key_is_made_if_missing() {
    const SECRET: &str = "/api/v1/namespaces/metallb-system/secrets/memberlist";
    let (api, installation) = with_operator();
    let volume = json!({"name": "memberlist", "secret": {"secretName": "memberlist"}});
    let mut speaker = deployment("speaker", false, &json!({"name": "speaker"}));
    speaker["kind"] = json!("DaemonSet");
    let counts = ["currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady"];
    speaker["status"] = counts.map(|count| (count, 0)).into_iter().collect();
    speaker["spec"]["template"]["spec"]["volumes"] = json!([volume]);
    api.put("/apis/apps/v1/namespaces/metallb-system/daemonsets/speaker", speaker);
    api.put(&format!("{DEPLOYMENTS}/controller"), deployment("controller", false, &json!({"name": "controller"})));
    let cluster = api.cluster();
    let deployed = async || {
        let deploy = cluster.deploy_phases(&installation, &[Phase::MetalLb], quick(), &());
        let error = timeout(PATIENCE, deploy).await.unwrap().unwrap_err();
        assert!(matches!(error, Error::TimedOut { .. }), "no speaker is ever ready here: {error}");
        api.get(SECRET).unwrap()
    };
    let first = deployed().await;
    assert_eq!(first["metadata"]["ownerReferences"][0]["name"], "controller");
    assert!(first["data"]["secretkey"].as_str().unwrap().len() > 128, "{first}");
    assert_eq!(first["data"], deployed().await["data"], "the one that is there stays");
}
