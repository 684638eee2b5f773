//! Objects of ours that are no longer wanted.

use futures::{StreamExt, TryStreamExt, stream};
use kube::ResourceExt;

use super::Installation;
use super::observe::AT_ONCE;
use crate::object::{APPLICATION, ObjectRef, PART_LABEL, own_selector};
use crate::plan::Wanted;
use crate::{Cluster, Error};

/// The kinds that are ours alone: their objects are deleted once they are no longer wanted.
const AUTHORED: [(&str, &str); 8] = [
    ("metallb.io/v1beta1", "BGPAdvertisement"),
    ("metallb.io/v1beta2", "BGPPeer"),
    ("metallb.io/v1beta1", "BFDProfile"),
    ("metallb.io/v1beta1", "Community"),
    ("metallb.io/v1beta1", "IPAddressPool"),
    ("v1", "Secret"),
    ("v1", "Service"),
    ("apps/v1", "Deployment"),
];

impl Cluster {
    /// Lists objects of ours that are no longer wanted: of the kinds that we author, and of another way to install
    /// MetalLB.
    pub(super) async fn stale(&self, installation: &Installation, wanted: &[Wanted]) -> Result<Vec<ObjectRef>, Error> {
        let ours = own_selector(&installation.lab);
        let authored = stream::iter(AUTHORED)
            .map(async |kind| self.owned(kind, None, &ours).await)
            .buffered(AT_ONCE)
            .try_collect::<Vec<_>>();
        let namespace = installation.namespace.as_str();
        let applications = format!("{ours},{PART_LABEL}={APPLICATION}");
        // In MetalLB's namespace only: elsewhere a DaemonSet of ours has another purpose.
        let (authored, daemons, webhooks, namespaces) = futures::try_join!(
            authored,
            self.owned(("apps/v1", "DaemonSet"), Some(namespace), &ours),
            self.webhooks_of(namespace, Some(&installation.lab)),
            self.owned(("v1", "Namespace"), None, &applications),
        )?;
        let wanted: Vec<ObjectRef> = wanted.iter().map(|wanted| ObjectRef::of(&wanted.object)).collect();
        let same = |a: &ObjectRef, b: &ObjectRef| {
            (a.group(), &a.kind, &a.namespace, &a.name) == (b.group(), &b.kind, &b.namespace, &b.name)
        };
        let found = authored.into_iter().flatten().chain(daemons).chain(webhooks).chain(namespaces);
        Ok(found.filter(|object| !wanted.iter().any(|w| same(w, object))).collect())
    }

    /// The objects of a kind that a selector selects; none where there is no such kind (yet).
    async fn owned(
        &self,
        (version, kind): (&str, &str),
        namespace: Option<&str>,
        selector: &str,
    ) -> Result<Vec<ObjectRef>, Error> {
        let found = self.found((version, kind), namespace, Some(selector)).await?;
        Ok(found.iter().map(|o| ObjectRef::new(version, kind, o.namespace().as_deref(), &o.name_any())).collect())
    }
}
