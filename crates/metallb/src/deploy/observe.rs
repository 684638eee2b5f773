//! What is there, and what the API says an apply would make of it.

use futures::{StreamExt, TryStreamExt, stream};
use kube::api::{DynamicObject, ListParams, Patch, PatchParams};
use serde_json::Value;

use super::Installation;
use crate::object::{ObjectRef, own_selector, resource};
use crate::plan::{Observed, Plan, Wanted, plan};
use crate::{Cluster, Error, FIELD_MANAGER};

/// How many questions are asked at the same time.
const AT_ONCE: usize = 8;

/// The kinds that are ours alone, which go when they are no longer wanted.
const AUTHORED: [(&str, &str); 9] = [
    ("metallb.io/v1beta1", "BGPAdvertisement"),
    ("metallb.io/v1beta2", "BGPPeer"),
    ("metallb.io/v1beta1", "BFDProfile"),
    ("metallb.io/v1beta1", "Community"),
    ("metallb.io/v1beta1", "IPAddressPool"),
    ("metallb.io/v1beta1", "AddressPool"),
    ("v1", "Secret"),
    ("v1", "Service"),
    ("apps/v1", "Deployment"),
];

impl Cluster {
    /// What is to be done so that the installation is as wanted. Nothing is changed: the API is asked for dry runs.
    ///
    /// # Errors
    /// [`Error::Configuration`], [`Error::Foreign`], [`Error::Unreachable`], [`Error::Forbidden`].
    pub async fn plan(&self, installation: &Installation) -> Result<Plan, Error> {
        let wanted = installation.wanted()?;
        let (observed, stale, nodes) =
            futures::try_join!(self.observe(&wanted), self.stale(installation, &wanted), self.nodes())?;
        installation.configuration.check_nodes(&nodes)?;
        plan(&wanted, &observed, &stale, &installation.lab)
    }

    pub(crate) async fn observe(&self, wanted: &[Wanted]) -> Result<Vec<Observed>, Error> {
        stream::iter(wanted).map(|wanted| self.observe_one(&wanted.object)).buffered(AT_ONCE).try_collect().await
    }

    async fn observe_one(&self, object: &DynamicObject) -> Result<Observed, Error> {
        let identity = ObjectRef::of(object);
        let api = identity.api(self.client());
        let mut live = match api.get(&identity.name).await {
            Ok(live) => live,
            Err(error) => match Error::from_kube(format!("get {identity}"), error) {
                // Neither the object nor, perhaps, its kind.
                Error::NotFound { .. } => return Ok(Observed::Absent),
                other => return Err(other),
            },
        };
        live.types.clone_from(&object.types);
        let params = PatchParams::apply(FIELD_MANAGER).force().dry_run();
        let would_be = match api.patch(&identity.name, &params, &Patch::Apply(object)).await {
            Ok(would_be) => would_be,
            Err(error) => match Error::from_kube(format!("dry run of {identity}"), error) {
                // A webhook that is down, or that the same plan is about to cure, is no reason not to plan.
                Error::WebhookUnreachable { .. } | Error::WebhookRefused { .. } => overlay(&live, object),
                other => return Err(other),
            },
        };
        Ok(Observed::Present { live: Box::new(live), would_be: Box::new(would_be) })
    }

    /// What is ours, of the kinds that we author, and is not wanted any more.
    pub(crate) async fn stale(&self, installation: &Installation, wanted: &[Wanted]) -> Result<Vec<ObjectRef>, Error> {
        let wanted: Vec<ObjectRef> = wanted.iter().map(|wanted| ObjectRef::of(&wanted.object)).collect();
        let found: Vec<Vec<ObjectRef>> = stream::iter(AUTHORED)
            .map(async |(version, kind)| self.owned(version, kind, installation).await)
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let same = |a: &ObjectRef, b: &ObjectRef| {
            (a.group(), &a.kind, &a.namespace, &a.name) == (b.group(), &b.kind, &b.namespace, &b.name)
        };
        Ok(found.into_iter().flatten().filter(|object| !wanted.iter().any(|w| same(w, object))).collect())
    }

    async fn owned(&self, version: &str, kind: &str, installation: &Installation) -> Result<Vec<ObjectRef>, Error> {
        let resource = resource(version, kind);
        let api: kube::Api<DynamicObject> = kube::Api::all_with(self.client(), &resource);
        let params = ListParams::default().labels(&own_selector(&installation.lab));
        let objects = match api.list(&params).await {
            Ok(list) => list.items,
            Err(error) => match Error::from_kube(format!("list {kind} objects"), error) {
                // No such kind here (yet).
                Error::NotFound { .. } => Vec::new(),
                other => return Err(other),
            },
        };
        let of = |object: &DynamicObject| {
            let namespace = object.metadata.namespace.as_deref();
            ObjectRef::new(version, kind, namespace, object.metadata.name.as_deref().unwrap_or_default())
        };
        Ok(objects.iter().map(of).collect())
    }
}

/// `live` with the fields of `wanted` put over it: what an apply would give, where the API cannot be asked.
fn overlay(live: &DynamicObject, wanted: &DynamicObject) -> DynamicObject {
    let mut result = live.clone();
    put(&mut result.data, &wanted.data);
    result.metadata.labels.get_or_insert_default().extend(wanted.metadata.labels.clone().unwrap_or_default());
    let annotations = wanted.metadata.annotations.clone().unwrap_or_default();
    if !annotations.is_empty() {
        result.metadata.annotations.get_or_insert_default().extend(annotations);
    }
    result
}

fn put(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                put(below.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_overlay_keeps_what_is_not_wanted_otherwise() {
        let mut below = json!({"spec": {"peerPort": 179, "myASN": 64500}});
        put(&mut below, &json!({"spec": {"myASN": 64501}}));
        assert_eq!(below, json!({"spec": {"peerPort": 179, "myASN": 64501}}));
    }
}
