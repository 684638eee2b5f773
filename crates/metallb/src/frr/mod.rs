//! FRR on the nodes without MetalLB: a ConfigMap per node and a DaemonSet on the host's network.
//!
//! The configuration's text comes from the caller. Each pod gets its own node's: all ConfigMaps are projected into one
//! volume, a folder per node, and the container mounts the folder with its node's name (`subPathExpr`).

mod objects;
#[cfg(feature = "client")]
mod run;

use std::collections::BTreeMap;

use crate::Error;
use crate::object::Object;
use crate::plan::{Ownership, Phase, Wanted};
use crate::value::Name;

/// The name of the DaemonSet, and the pods' label `app`.
pub const DAEMON_SET: &str = "frr-node";
pub use crate::spec::FRR_CONTAINER as CONTAINER;

/// The files of `/etc/frr` on one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrrFiles {
    /// `daemons`: which daemons run, and how.
    pub daemons: String,
    /// `frr.conf`.
    pub frr_conf: String,
    /// `vtysh.conf`.
    pub vtysh_conf: String,
}

/// FRR on some nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrrNodes {
    /// The lab that owns it.
    pub lab: Name,
    /// The namespace, which is created.
    pub namespace: Name,
    /// The FRR image.
    pub image: String,
    /// Each node's files, by the node's name. Other nodes get no FRR.
    pub nodes: BTreeMap<String, FrrFiles>,
}

impl FrrNodes {
    /// Lists every wanted object.
    ///
    /// # Errors
    /// [`Error::Unwritable`].
    pub fn wanted(&self) -> Result<Vec<Wanted>, Error> {
        let described =
            self.objects().map_err(|source| Error::Unwritable { what: "FRR's DaemonSet".to_owned(), source })?;
        let want = |(object, phase): (Object, Phase)| Wanted::new(object, phase, Ownership::Ours, &self.lab);
        Ok(described.into_iter().map(want).collect())
    }
}
