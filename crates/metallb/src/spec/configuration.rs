//! The whole configuration of MetalLB's BGP mode.

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{BfdProfile, BgpAdvertisement, BgpPeer, Community, IpAddressPool};
use crate::value::Name;

/// A configuration of MetalLB: pools, advertisements, peers, BFD profiles, communities and passwords.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configuration {
    /// Passwords of sessions.
    pub passwords: Vec<PeerPassword>,
    /// BFD profiles.
    pub bfd_profiles: Vec<BfdProfile>,
    /// Aliases of communities.
    pub communities: Vec<Community>,
    /// Peers.
    pub peers: Vec<BgpPeer>,
    /// Address pools.
    pub pools: Vec<IpAddressPool>,
    /// Advertisements.
    pub advertisements: Vec<BgpAdvertisement>,
}

/// A session's password, and the Secret that holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct PeerPassword {
    /// The Secret's name.
    pub secret: Name,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for PeerPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PeerPassword").field("secret", &self.secret).finish_non_exhaustive()
    }
}

impl PeerPassword {
    /// Makes the Secret, of the type that MetalLB requires.
    pub fn to_secret(&self, namespace: &str) -> Secret {
        Secret {
            metadata: ObjectMeta {
                name: Some(self.secret.to_string()),
                namespace: Some(namespace.to_owned()),
                ..ObjectMeta::default()
            },
            type_: Some("kubernetes.io/basic-auth".to_owned()),
            data: Some([("password".to_owned(), ByteString(self.password.clone().into_bytes()))].into()),
            ..Secret::default()
        }
    }
}
