//! Places that decide which tests may run beside one another.

use std::fs::File;

/// A place among the tests that make clusters: they run two at a time.
pub(crate) struct Place(File);

impl Place {
    /// Beside the others.
    pub(crate) fn beside() -> Self {
        let file = lock_file("clusters");
        file.lock_shared().unwrap();
        Self(file)
    }

    /// Alone, once the others have ended: to measure, or to do something to the engine that all have.
    pub(crate) fn alone(self) -> Self {
        self.0.unlock().unwrap();
        self.0.lock().unwrap();
        self
    }

    /// Beside the others again.
    pub(crate) fn shared(self) -> Self {
        self.0.unlock().unwrap();
        self.0.lock_shared().unwrap();
        self
    }

    /// For those that measure: only one of them at a time, from its beginning to its last measurement.
    pub(crate) fn measuring() -> Self {
        let file = lock_file("measuring");
        file.lock().unwrap();
        Self(file)
    }
}

fn lock_file(name: &str) -> File {
    File::create(std::env::temp_dir().join(format!("metallb-lab-{name}.lock"))).unwrap()
}
