//! The whole configuration of MetalLB's BGP mode.

use k8s_openapi::ByteString;
use serde_json::json;

use super::{BfdProfile, BgpAdvertisement, BgpPeer, IpAddressPool};
use crate::object::Object;
use crate::value::{Name, Password};

/// A configuration of MetalLB: pools, advertisements, peers, BFD profiles and passwords.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configuration {
    /// Passwords of sessions.
    pub passwords: Vec<PeerPassword>,
    /// BFD profiles.
    pub bfd_profiles: Vec<BfdProfile>,
    /// Peers.
    pub peers: Vec<BgpPeer>,
    /// Address pools.
    pub pools: Vec<IpAddressPool>,
    /// Advertisements.
    pub advertisements: Vec<BgpAdvertisement>,
}

/// A session's password, and the Secret that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerPassword {
    /// The Secret's name.
    pub secret: Name,
    /// The password.
    pub password: Password,
}

impl PeerPassword {
    /// Makes the Secret, of the type that MetalLB requires.
    pub fn to_secret(&self, namespace: &str) -> Object {
        let mut secret = Object::new("v1", "Secret", self.secret.as_str());
        secret.metadata.namespace = Some(namespace.to_owned());
        let password = ByteString(self.password.reveal().as_bytes().to_vec());
        // In alphabetical order: JSON maps are sorted or not by a feature that any crate may switch on.
        secret.data = json!({"data": {"password": password}, "type": "kubernetes.io/basic-auth"});
        secret
    }
}
