//! Aliases of communities (metallb `api/v1beta1/community_types.go`).

use serde::{Deserialize, Serialize};

use super::root;
use crate::value::{CommunityValue, Name};

/// Aliases that advertisements can refer to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

root! {
    /// A `Community`: aliases of communities.
    Community { spec: CommunitySpec },
    "metallb.io", "v1beta1", "Community", "communities"
}
