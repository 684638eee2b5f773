//! Namespaces that are still being deleted when something is to be made in them.

use std::time::Duration;

use super::{Observer, StepReport, step};
use crate::object::ObjectRef;
use crate::plan::{Phase, Wanted};
use crate::{Cluster, Error};

impl Cluster {
    /// Finishes the deletion of every terminating namespace that is wanted in one of `phases`: until then the API
    /// accepts nothing there.
    pub(crate) async fn finish_deletions(
        &self,
        wanted: &[Wanted],
        phases: &[Phase],
        bound: Duration,
        observer: &dyn Observer,
    ) -> Result<Vec<StepReport>, Error> {
        let mut steps = Vec::new();
        let of_phases = wanted.iter().filter(|wanted| phases.contains(&wanted.phase));
        for object in of_phases.map(|wanted| ObjectRef::of(&wanted.object)).filter(|object| object.kind == "Namespace")
        {
            let found = self.namespace(&object.name).await?;
            if found.is_none_or(|namespace| namespace.metadata.deletion_timestamp.is_none()) {
                continue;
            }
            let name = format!("finish the deletion of namespace {}", object.name);
            steps.push(step(observer, &name, self.delete_namespace(&object.name, bound)).await?.1);
        }
        Ok(steps)
    }
}
