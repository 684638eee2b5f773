//! MetalLB's configuration, read from the API.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Secret;
use kube::ResourceExt;

use super::Configured;
use super::read::Objects;
use crate::facts::{Balanced, views};
use crate::{Cluster, Error};

/// The type of a Secret that MetalLB takes a session's password from, and the password's key in it.
const TYPE: &str = "kubernetes.io/basic-auth";
const KEY: &str = "password";

impl Cluster {
    /// Reads MetalLB's configuration, whoever made it. Of Secrets only those are read that a peer names, and of these only
    /// whether they hold a password.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn configured(&self, namespace: &str) -> Result<Configured, Error> {
        let custom = |kind| self.found(("metallb.io/v1beta1", kind), Some(namespace), None);
        let (peers, pools, advertisements, layer2, profiles, secrets) = futures::try_join!(
            self.found(("metallb.io/v1beta2", "BGPPeer"), Some(namespace), None),
            custom("IPAddressPool"),
            custom("BGPAdvertisement"),
            custom("L2Advertisement"),
            custom("BFDProfile"),
            self.secrets(namespace),
        )?;
        Ok(Configured::of(&Objects { peers, pools, advertisements, layer2, profiles, secrets }))
    }

    /// Lists the services of type LoadBalancer.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn balanced(&self) -> Result<Vec<Balanced>, Error> {
        Ok(self.found(("v1", "Service"), None, None).await?.iter().filter_map(views::balanced).collect())
    }

    async fn secrets(&self, namespace: &str) -> Result<BTreeMap<String, Option<String>>, Error> {
        let wrong = |secret: &Secret| {
            if secret.type_.as_deref() != Some(TYPE) {
                return Some(format!("is of type {}, and not {TYPE}", secret.type_.as_deref().unwrap_or("Opaque")));
            }
            let has = secret.data.as_ref().is_some_and(|data| data.contains_key(KEY));
            (!has).then(|| format!("has no key {KEY}"))
        };
        Ok(self.all_in::<Secret>(namespace).await?.iter().map(|secret| (secret.name_any(), wrong(secret))).collect())
    }
}
