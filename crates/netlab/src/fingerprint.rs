//! Fingerprints of specifications and contents.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::{ContainerSpec, Lab, NetworkSpec};

/// A SHA-256 digest, as lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Fingerprint(String);

/// The version of the meaning of a fingerprint: where it changes, objects of an older version are made anew.
const VERSION: u8 = 1;

impl Fingerprint {
    /// Returns the fingerprint of bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Reads a fingerprint as `sha256sum` prints it.
    #[cfg(feature = "engine")]
    pub(crate) fn from_hex(digits: &str) -> Option<Self> {
        let valid = digits.len() == 64 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        valid.then(|| Self(digits.to_owned()))
    }

    /// Returns the fingerprint of a network's specification.
    pub fn of_network(network: &NetworkSpec) -> Self {
        Self::of_json(&(VERSION, "network", network))
    }

    /// Returns the fingerprint of all that cannot be changed in an existing container. Contents of files and routes
    /// can, and are left out.
    pub fn of_container(lab: &Lab, container: &ContainerSpec) -> Self {
        // Every field is named, so that a new one is not forgotten here.
        let ContainerSpec {
            name,
            image,
            hostname,
            role,
            entrypoint,
            command,
            env,
            capabilities,
            forwarding: _,
            sysctls: _,
            endpoints,
            files,
            routes: _,
            routes_by: _,
            start_after: _,
        } = container;
        let mut endpoints: Vec<_> = endpoints.iter().collect();
        endpoints.sort_by_key(|endpoint| &endpoint.network);
        // Contents are repaired in place; a file keeps the owner and mode that it was created with.
        let mut owned: Vec<_> = files.iter().map(|file| (&file.path, file.mode, file.uid, file.gid)).collect();
        owned.sort();
        let made_of = (name, image, hostname, role, entrypoint, command, env, capabilities);
        Self::of_json(&(VERSION, "container", made_of, lab.sysctls(container), endpoints, owned))
    }

    fn of_json(value: &impl Serialize) -> Self {
        // These values hold strings, numbers and maps with string keys only, so this cannot fail; were it to, an empty
        // fingerprint matches no label, and the object is made anew.
        Self(serde_json::to_vec(value).map(|json| Self::of_bytes(&json).0).unwrap_or_default())
    }

    /// Returns the hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
