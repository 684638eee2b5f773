//! What a step of a removal found.

use crate::Error;
use crate::object::ObjectRef;

/// What goes, what stays, and what could not be looked at.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What is to be deleted, in order.
    pub(super) goes: Vec<ObjectRef>,
    /// What others still need, and why.
    pub(super) stays: Vec<String>,
    /// What went wrong beside that.
    pub(super) errors: Vec<Error>,
}

impl From<Vec<ObjectRef>> for Found {
    fn from(goes: Vec<ObjectRef>) -> Self {
        Self { goes, ..Self::default() }
    }
}
