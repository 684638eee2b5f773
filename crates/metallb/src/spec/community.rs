//! Names for communities (metallb `api/v1beta1/community_types.go`).

use kube::CustomResource;
use serde::{Deserialize, Serialize};

use crate::value::{CommunityValue, Name};

/// Aliases that advertisements can use.
#[derive(CustomResource, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[kube(group = "metallb.io", version = "v1beta1", kind = "Community", plural = "communities", namespaced)]
#[kube(schema = "disabled", derive = "PartialEq")]
pub struct CommunitySpec {
    /// The aliases.
    pub communities: Vec<CommunityAlias>,
}

/// A community's name and value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityAlias {
    /// The name.
    pub name: Name,
    /// The value.
    pub value: CommunityValue,
}
