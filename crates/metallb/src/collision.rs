//! Collisions of an object of somebody else with ours.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::object::ObjectRef;

/// An object of somebody else that collides with a wanted one (MetalLB: `internal/config/validation.go`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Collision {
    /// The object of somebody else.
    pub object: ObjectRef,
    /// The wanted object.
    pub with: ObjectRef,
    /// The fields that collide.
    pub clash: Clash,
}

/// The fields in which two objects collide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Clash {
    /// Two peers of one VRF ask the nodes to be in two AS.
    MyAsn {
        /// The other's `myASN`.
        theirs: u64,
        /// The wanted one.
        ours: u64,
    },
    /// Two peers have one address.
    PeerAddress(IpAddr),
    /// Two pools share addresses: a range of the other's, and a wanted one.
    Ranges(String, String),
}

impl fmt::Display for Collision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, with, clash } = self;
        match clash {
            Clash::MyAsn { theirs, ours } => write!(
                f,
                "{object} of somebody else has myASN {theirs}, and {with} has {ours}: MetalLB refuses peers of two own \
                 AS numbers"
            ),
            Clash::PeerAddress(address) => write!(
                f,
                "{object} of somebody else leads to {address}, as {with} does: MetalLB refuses a second peer of an address"
            ),
            Clash::Ranges(theirs, ours) => write!(
                f,
                "{object} of somebody else has {theirs}, and {with} has {ours}: MetalLB refuses pools that overlap"
            ),
        }
    }
}

impl Collision {
    /// Returns what can be done with the other object, as commands where there are any.
    pub fn remedy(&self) -> String {
        let ObjectRef { namespace, kind, name, .. } = &self.object;
        let at = namespace.as_ref().map_or_else(String::new, |namespace| format!("-n {namespace} "));
        let delete = format!("kubectl {at}delete {} {name}", kind.to_lowercase());
        match &self.clash {
            Clash::MyAsn { ours, .. } => format!("{delete}, or set its myASN to {ours}"),
            Clash::PeerAddress(_) => format!("{delete}, or give it another peerAddress"),
            Clash::Ranges(..) => format!("{delete}, or give one of the two other addresses"),
        }
    }
}
