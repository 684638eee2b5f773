//! The objects that bring FRR onto nodes.

use k8s_openapi::api::apps::v1::DaemonSet;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{CONTAINER, DAEMON_SET, FrrFiles, FrrNodes};
use crate::object::Object;
use crate::plan::Phase;

/// Copies the node's files to where FRR may write beside them, and starts what `daemons` enables. FRR's packages do not
/// make `/run/frr`, and the daemons end at once without it.
const START: &str = "set -e
cp /config/* /etc/frr/
chown -R frr:frr /etc/frr
mkdir -p /run/frr
chown frr:frr /run/frr
. /usr/lib/frr/frrcommon.sh
exec /usr/lib/frr/watchfrr $(daemon_list)
";

/// The files of a node, by name.
const fn files(files: &FrrFiles) -> [(&'static str, &String); 3] {
    [("daemons", &files.daemons), ("frr.conf", &files.frr_conf), ("vtysh.conf", &files.vtysh_conf)]
}

fn config_map_name(node: &str) -> String {
    format!("frr-{node}")
}

impl FrrNodes {
    pub(super) fn objects(&self) -> Result<Vec<(Object, Phase)>, serde_json::Error> {
        let namespace: Namespace = serde_json::from_value(json!({
            "metadata": {
                "name": self.namespace, "labels": {"pod-security.kubernetes.io/enforce": "privileged"}}
        }))?;
        let mut objects = vec![(Object::of(&namespace, None)?, Phase::Namespaces)];
        for (node, contents) in &self.nodes {
            let data: Value = files(contents).into_iter().map(|(name, text)| (name.to_owned(), json!(text))).collect();
            let map: ConfigMap = serde_json::from_value(json!({
                "metadata": {"name": config_map_name(node), "namespace": self.namespace}, "data": data
            }))?;
            objects.push((Object::of(&map, None)?, Phase::Configuration));
        }
        objects.push((Object::of(&self.daemon_set()?, None)?, Phase::Workload));
        Ok(objects)
    }

    fn daemon_set(&self) -> Result<DaemonSet, serde_json::Error> {
        let labels = json!({"app": DAEMON_SET});
        let on_node = json!([{"key": "kubernetes.io/hostname", "operator": "In",
            "values": self.nodes.keys().collect::<Vec<_>>()}]);
        let sources: Vec<Value> = self
            .nodes
            .keys()
            .map(|node| {
                let items: Vec<Value> = ["daemons", "frr.conf", "vtysh.conf"]
                    .iter()
                    .map(|file| json!({"key": file, "path": format!("{node}/{file}")}))
                    .collect();
                json!({"configMap": {"name": config_map_name(node), "items": items}})
            })
            .collect();
        serde_json::from_value(json!({
            "metadata": {"name": DAEMON_SET, "namespace": self.namespace, "labels": labels},
            "spec": {
                "selector": {"matchLabels": labels},
                "updateStrategy": {"rollingUpdate": {"maxUnavailable": "100%"}},
                "template": {
                    // Another configuration is another pod: FRR reads its files once.
                    "metadata": {"labels": labels, "annotations": {"metallb-lab/configuration": self.digest()}},
                    "spec": {
                        "hostNetwork": true,
                        "terminationGracePeriodSeconds": 2,
                        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
                            "nodeSelectorTerms": [{"matchExpressions": on_node}]}}},
                        "tolerations": [{"operator": "Exists"}],
                        "containers": [{
                            "name": CONTAINER,
                            "image": self.image,
                            "imagePullPolicy": "IfNotPresent",
                            "command": ["/bin/bash", "-c", START],
                            "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                            "securityContext": {"capabilities": {"add": ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"]}},
                            "readinessProbe": {
                                "exec": {"command": ["vtysh", "-c", "show bfd peers json"]},
                                "periodSeconds": 1, "timeoutSeconds": 5},
                            "volumeMounts": [
                                {"name": "config", "mountPath": "/config", "subPathExpr": "$(NODE_NAME)"},
                                {"name": "frr", "mountPath": "/etc/frr"}]
                        }],
                        "volumes": [
                            {"name": "config", "projected": {"sources": sources}},
                            {"name": "frr", "emptyDir": {}}]
                    }
                }
            }
        }))
    }

    /// The hash of all configurations.
    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (node, contents) in &self.nodes {
            hash.update(node);
            files(contents).iter().for_each(|(name, text)| {
                hash.update([0]);
                hash.update(name);
                hash.update([0]);
                hash.update(text.as_bytes());
            });
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Name;

    fn nodes(frr_conf: &str) -> FrrNodes {
        let file = FrrFiles { daemons: "bfdd=yes\n".into(), frr_conf: frr_conf.into(), vtysh_conf: String::new() };
        FrrNodes {
            lab: Name::new("doc").unwrap(),
            namespace: Name::new("frr-nodes").unwrap(),
            image: "quay.io/frrouting/frr:9.1.0".into(),
            nodes: [("kind-worker".to_owned(), file)].into(),
        }
    }

    #[test]
    fn a_pod_has_the_documented_capabilities_and_no_more() {
        let set = serde_json::to_value(nodes("").daemon_set().unwrap()).unwrap();
        let container = &set["spec"]["template"]["spec"]["containers"][0];
        let expected = json!({"capabilities": {"add": ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"]}});
        assert_eq!(container["securityContext"], expected);
        assert_eq!(container["volumeMounts"][0]["subPathExpr"], "$(NODE_NAME)");
    }

    #[test]
    fn another_configuration_is_another_pod() {
        assert_eq!(nodes("a").digest(), nodes("a").digest());
        assert_ne!(nodes("a").digest(), nodes("b").digest());
    }
}
