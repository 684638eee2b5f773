//! MetalLB's parts, found in a cluster.

use serde_json::Value;

use super::Installed;
use crate::manifest::OPERATOR;
use crate::object::Object;
use crate::spec::Backend;
use crate::{Cluster, Error};

impl Installed {
    fn of(deployments: &[Object], daemon_sets: &[Object], resources: &[Object]) -> Self {
        let named = |objects: &[Object], name: &str| objects.iter().any(|object| object.name() == name);
        let frr_k8s = ["frr-k8s", "frr-k8s-daemon"].iter().any(|name| named(daemon_sets, name));
        let speaker = daemon_sets.iter().find(|set| set.name() == "speaker");
        Self {
            operator: named(deployments, OPERATOR),
            resource: !resources.is_empty(),
            controller: named(deployments, "controller"),
            backend: speaker.map(|speaker| backend(speaker, frr_k8s)),
        }
    }
}

/// The backend of the speakers' pods, by an FRR container or by the variable that names it.
fn backend(speaker: &Object, frr_k8s: bool) -> Backend {
    let containers = speaker.data.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    let containers = || containers.into_iter().flatten();
    let named = containers()
        .filter_map(|container| container.get("env")?.as_array())
        .flatten()
        .find(|variable| variable.get("name").is_some_and(|name| name == "METALLB_BGP_TYPE"))
        .and_then(|variable| variable.get("value")?.as_str()?.parse().ok());
    let has_frr = containers().any(|container| container.get("name").is_some_and(|name| name == "frr"));
    match (named, has_frr) {
        (_, true) => Backend::Frr,
        (Some(Backend::FrrK8s), _) if !frr_k8s => Backend::FrrK8sExternal,
        (Some(named), false) => named,
        (None, false) if frr_k8s => Backend::FrrK8s,
        (None, false) => Backend::Native,
    }
}

impl Cluster {
    /// Finds the parts of MetalLB in `namespace`.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn installed(&self, namespace: &str) -> Result<Installed, Error> {
        let (deployments, daemon_sets, resources) = futures::try_join!(
            self.found(("apps/v1", "Deployment"), Some(namespace), None),
            self.found(("apps/v1", "DaemonSet"), Some(namespace), None),
            self.found(("metallb.io/v1beta1", "MetalLB"), Some(namespace), None),
        )?;
        Ok(Installed::of(&deployments, &daemon_sets, &resources))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(name: &str, containers: &Value) -> Object {
        let data = json!({"spec": {"template": {"spec": {"containers": containers}}}});
        Object { data, ..Object::new("apps/v1", "DaemonSet", name) }
    }

    fn seen(daemon_sets: &[Object]) -> Option<Backend> {
        Installed::of(&[], daemon_sets, &[]).backend
    }

    #[test]
    fn the_speakers_pods_show_the_backend() {
        let with = |value: &str| json!([{"name": "speaker", "env": [{"name": "METALLB_BGP_TYPE", "value": value}]}]);
        assert_eq!(seen(&[]), None);
        assert_eq!(seen(&[object("speaker", &json!([{"name": "speaker"}]))]), Some(Backend::Native));
        assert_eq!(seen(&[object("speaker", &json!([{"name": "speaker"}, {"name": "frr"}]))]), Some(Backend::Frr));
        let k8s = [object("speaker", &with("frr-k8s")), object("frr-k8s-daemon", &json!([]))];
        assert_eq!(seen(&k8s), Some(Backend::FrrK8s));
        assert_eq!(seen(&k8s[..1]), Some(Backend::FrrK8sExternal));
    }

    #[test]
    fn an_empty_namespace_has_nothing_of_metallb() {
        assert!(!Installed::of(&[], &[], &[]).is_some());
        assert!(Installed::of(&[object("controller", &json!([]))], &[], &[]).is_some());
    }
}
