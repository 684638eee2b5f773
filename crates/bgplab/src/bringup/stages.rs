//! Stages of a bring-up, for work that runs beside it.

use tokio::sync::watch;

use labfile::Node;

/// The name of the step that ends when all node containers run.
pub const NODES: &str = "nodes";

/// The name of the step that ends when the API of a new cluster answers.
pub const API: &str = "api";

/// Something that comes about once, and that others wait for.
#[derive(Debug)]
pub struct Gate<T>(watch::Sender<Option<T>>);

impl<T: Clone> Gate<T> {
    /// Opens it; all who wait go on.
    pub fn open(&self, value: T) {
        self.0.send_replace(Some(value));
    }

    /// Waits until it is open, and returns what it was opened with.
    pub async fn passed(&self) -> T {
        let mut seen = self.0.subscribe();
        loop {
            if let Some(value) = seen.borrow_and_update().clone() {
                return value;
            }
            if seen.changed().await.is_err() {
                // The sender is ours: it is there as long as we are.
                std::future::pending::<()>().await;
            }
        }
    }
}

impl<T> Default for Gate<T> {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

/// The stages of a bring-up that the parts of deploying MetalLB wait for.
#[derive(Debug, Default)]
pub struct Stages {
    /// `true` if the cluster was there already; otherwise it is about to be made. Nothing stands in its way.
    pub there: Gate<bool>,
    /// The containers of all nodes run and have their addresses.
    pub nodes: Gate<Vec<Node>>,
    /// The cluster's API answers.
    pub api: Gate<()>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_who_wait_go_on_and_so_do_the_late() {
        let gate = Gate::default();
        let (first, second, ()) = futures::join!(gate.passed(), gate.passed(), async { gate.open(7) });
        assert_eq!((first, second, gate.passed().await), (7, 7, 7));
    }
}
