//! The roots of containers' file systems, as seen from here.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The roots found so far, by container. A container that is not seen is not remembered: it may only not run yet.
#[derive(Debug, Default)]
pub(super) struct Roots(Mutex<HashMap<String, PathBuf>>);

impl Roots {
    /// Returns the root of a container's file system, and looks for it if it is not known.
    pub(super) async fn of(&self, container: &str, find: impl AsyncFnOnce() -> Option<PathBuf>) -> Option<PathBuf> {
        let known = self.known().get(container).cloned();
        if known.is_some() {
            return known;
        }
        let root = find().await?;
        self.known().insert(container.to_owned(), root.clone());
        Some(root)
    }

    /// Forgets a root, so that it is looked for at the next time.
    pub(super) fn forget(&self, container: &str) {
        self.known().remove(container);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_container_that_is_not_seen_is_looked_for_again() {
        let roots = Roots::default();
        let root = || Some(PathBuf::from("/proc/7/root"));
        assert_eq!(roots.of("frr1", async || None).await, None, "it does not run");
        assert_eq!(roots.of("frr1", async || root()).await, root(), "it was started");
        assert_eq!(roots.of("frr1", async || None).await, root(), "and is known");
        roots.forget("frr1");
        assert_eq!(roots.of("frr1", async || None).await, None);
    }
}
