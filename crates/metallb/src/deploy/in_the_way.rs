//! Obstacles: objects of others, a foreign MetalLB, or one that was installed in another way.

use kube::ResourceExt;

use super::{Installation, Source};
use crate::manifest::OPERATOR;
use crate::object::{Object, ObjectRef, is_own};
use crate::plan::Wanted;
use crate::{Cluster, Error};

/// The workloads of MetalLB's own manifests.
const PARTS: [&str; 4] = ["controller", "speaker", "frr-k8s", "frr-k8s-daemon"];

/// The kinds of which MetalLB refuses some beside others.
const COLLIDING: [(&str, &str); 2] = [("metallb.io/v1beta2", "BGPPeer"), ("metallb.io/v1beta1", "IPAddressPool")];

impl Cluster {
    /// Lists peers and pools of others, by name or by label.
    pub(super) async fn beside(&self, installation: &Installation, wanted: &[Wanted]) -> Result<Vec<Object>, Error> {
        let namespace = Some(installation.namespace.as_str());
        let lists = COLLIDING.map(async |(version, kind)| {
            let mut found = self.found((version, kind), namespace, None).await?;
            found.retain(|object| {
                let same = |own: &Wanted| own.object.kind == kind && own.object.name() == object.name();
                !wanted.iter().any(same) && !is_own(&object.metadata, &installation.lab)
            });
            // The API names the kind of a list, not of its items.
            for object in &mut found {
                (object.api_version, object.kind) = (version.to_owned(), kind.to_owned());
            }
            Ok::<_, Error>(found)
        });
        Ok(futures::future::try_join_all(lists).await?.concat())
    }

    /// Refuses to apply a manifest over a foreign MetalLB, and MetalLB's own manifest over its operator.
    pub(super) async fn refuse_in_the_way(&self, installation: &Installation) -> Result<(), Error> {
        if installation.source == Source::OperatorInstalled {
            return Ok(());
        }
        let (lab, namespace) = (&installation.lab, installation.namespace.as_str());
        let (place, deployments, daemon_sets, resources) = futures::try_join!(
            self.namespace(namespace),
            self.found(("apps/v1", "Deployment"), Some(namespace), None),
            self.found(("apps/v1", "DaemonSet"), Some(namespace), None),
            self.found(("metallb.io/v1beta1", "MetalLB"), Some(namespace), None),
        )?;
        let named = |object: &Object, (version, kind): (&str, &str)| {
            ObjectRef::new(version, kind, Some(namespace), &object.name_any())
        };
        let operator = deployments.iter().find(|object| object.name_any() == OPERATOR);
        if !installation.has_operator() {
            let there = operator.map(|object| named(object, ("apps/v1", "Deployment")));
            let asked = || resources.first().map(|object| named(object, ("metallb.io/v1beta1", "MetalLB")));
            if let Some(object) = there.or_else(asked) {
                return Err(Error::OperatorInTheWay { object: object.to_string() });
            }
        }
        // Everything in a namespace of ours is ours, including what `make` or the operator deployed there.
        if place.is_none_or(|place| is_own(&place.metadata, lab)) {
            return Ok(());
        }
        // Workloads that an operator deploys have the operator's owner.
        let is_part = |object: &&Object| operator.is_none() && PARTS.contains(&object.name_any().as_str());
        let others = |object: &&Object| !is_own(&object.metadata, lab);
        let deployment = operator.or_else(|| deployments.iter().filter(is_part).find(others)).filter(others);
        let daemons = || daemon_sets.iter().filter(is_part).find(others);
        let found = deployment.map(|object| (object, ("apps/v1", "Deployment")));
        match found.or_else(|| daemons().map(|object| (object, ("apps/v1", "DaemonSet")))) {
            Some((object, kind)) => Err(Error::foreign(&object.metadata, &named(object, kind))),
            None => Ok(()),
        }
    }
}
