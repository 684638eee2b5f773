//! Objects as they are, and as the API says that they would be after an apply.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use kube::api::{Patch, PatchParams};
use serde_json::Value;

use super::Installation;
use crate::error::{Answered, if_found};
use crate::object::{Object, ObjectRef};
use crate::plan::{Observed, Ownership, Plan, Wanted, collisions, plan, without_others, without_strangers};
use crate::{Cluster, Error, FIELD_MANAGER};

/// The number of concurrent requests.
pub(super) const AT_ONCE: usize = 8;

impl Cluster {
    /// Plans what is to be done so that the installation is as wanted. Nothing is changed: the API is asked for dry
    /// runs.
    ///
    /// ```no_run
    /// # async fn plan(cluster: metallb::Cluster, installation: metallb::Installation) -> Result<(), metallb::Error> {
    /// let plan = cluster.plan(&installation).await?;
    /// for step in &plan.steps {
    ///     println!("{step}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Configuration`], [`Error::Foreign`], [`Error::OperatorInTheWay`], [`Error::Unreachable`],
    /// [`Error::Forbidden`].
    pub async fn plan(&self, installation: &Installation) -> Result<Plan, Error> {
        let wanted = installation.wanted()?;
        Ok(Box::pin(self.planned(installation, &wanted)).await?.0)
    }

    /// Plans an installation, and returns the objects that the plan applies.
    pub(super) async fn planned(
        &self,
        installation: &Installation,
        wanted: &[Wanted],
    ) -> Result<(Plan, Objects), Error> {
        let (observed, stale, others, nodes, ()) = futures::try_join!(
            self.observe(wanted),
            self.stale(installation, wanted),
            self.beside(installation, wanted),
            self.nodes(),
            self.refuse_in_the_way(installation)
        )?;
        installation.configuration.check_nodes(&nodes)?;
        let mut plan = plan(wanted, &observed, &stale, &installation.lab)?;
        plan.collisions = collisions(wanted, &others, installation.backend);
        Ok((plan, objects(wanted, &observed)))
    }

    pub(crate) async fn observe(&self, wanted: &[Wanted]) -> Result<Vec<Observed>, Error> {
        stream::iter(wanted).map(|wanted| self.observe_one(wanted)).buffered(AT_ONCE).try_collect().await
    }

    async fn observe_one(&self, wanted: &Wanted) -> Result<Observed, Error> {
        let identity = ObjectRef::of(&wanted.object);
        let api = identity.api(self.client());
        let Some(mut live) = if_found(api.get(&identity.name).await.doing(format!("get {identity}")))? else {
            return Ok(Observed::Absent);
        };
        live.api_version.clone_from(&wanted.object.api_version);
        live.kind.clone_from(&wanted.object.kind);
        let object = wanted.over(&live);
        let params = PatchParams::apply(FIELD_MANAGER).force().dry_run();
        let dry_run = api.patch(&identity.name, &params, &Patch::Apply(&object)).await;
        let would_be = match dry_run.doing(format!("dry run of {identity}")) {
            Ok(would_be) if wanted.ownership == Ownership::Ours => self.restored(would_be, &object).await?,
            Ok(would_be) => would_be,
            // A plan must be possible while a webhook is down, or refuses what the same plan will correct.
            Err(Error::WebhookUnreachable { .. } | Error::WebhookRefused { .. }) => {
                let over = overlay(&live, &object);
                let ours = wanted.ownership == Ownership::Ours;
                let stripped = ours.then(|| without_strangers(&over, &live, &object)).flatten();
                stripped.unwrap_or(over)
            }
            Err(other) => return Err(other),
        };
        Ok(Observed::Present { live: Box::new(live), would_be: Box::new(would_be) })
    }

    /// An applied object as it would be without the fields that others added: with the API's defaults for them, by a
    /// dry run.
    async fn restored(&self, applied: Object, wanted: &Object) -> Result<Object, Error> {
        let Some(stripped) = without_others(&applied, wanted) else { return Ok(applied) };
        match self.replace(&stripped, true).await {
            Ok(restored) => Ok(restored),
            // As above. Somebody may have changed it since it was read; and a dry run returns addresses that the API only
            // pretends to allocate (`clusterIPs`), and refuses to take back.
            Err(
                Error::WebhookUnreachable { .. }
                | Error::WebhookRefused { .. }
                | Error::Conflict { .. }
                | Error::Invalid { .. },
            ) => Ok(stripped),
            Err(other) => Err(other),
        }
    }
}

/// Objects as they are applied, by reference.
pub(super) type Objects = BTreeMap<ObjectRef, Wanted>;

/// Every wanted object as it is applied to what is there.
fn objects(wanted: &[Wanted], observed: &[Observed]) -> Objects {
    let applied = wanted.iter().zip(observed).map(|(wanted, observed)| match observed {
        Observed::Absent => wanted.clone(),
        Observed::Present { live, .. } => Wanted { object: wanted.over(live), ..wanted.clone() },
    });
    applied.map(|wanted| (ObjectRef::of(&wanted.object), wanted)).collect()
}

/// `live` with the fields of `wanted` put over it: what an apply would give, where the API cannot be asked.
fn overlay(live: &Object, wanted: &Object) -> Object {
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
    fn an_overlay_keeps_fields_that_are_not_set() {
        let mut below = json!({"spec": {"peerPort": 179, "myASN": 64500}});
        put(&mut below, &json!({"spec": {"myASN": 64501}}));
        assert_eq!(below, json!({"spec": {"peerPort": 179, "myASN": 64501}}));
    }
}
