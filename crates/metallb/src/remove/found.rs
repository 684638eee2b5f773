//! The objects that a step of a removal found.

use crate::Error;
use crate::object::ObjectRef;

/// Objects to delete, objects to keep, and errors of the search.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The objects to delete, in order.
    pub(super) goes: Vec<ObjectRef>,
    /// The objects that others still need, and why.
    pub(super) stays: Vec<String>,
    /// The errors of the search.
    pub(super) errors: Vec<Error>,
}

impl From<Vec<ObjectRef>> for Found {
    fn from(goes: Vec<ObjectRef>) -> Self {
        Self { goes, ..Self::default() }
    }
}
