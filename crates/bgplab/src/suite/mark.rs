//! The note of a run that is under way: from it the next one cleans up, where this one is killed.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The state of the cluster before the suite.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Before {
    /// The namespaces.
    pub(super) namespaces: Vec<String>,
    /// The labels by which nodes were left out of load balancing.
    pub(super) excluded: BTreeMap<String, String>,
}

/// The note's file.
#[derive(Debug, Clone)]
pub(super) struct Mark(Utf8PathBuf);

impl Mark {
    /// Returns the mark of a lab.
    #[must_use]
    pub(super) fn of(cache: &Utf8Path, lab: &str) -> Self {
        Self(cache.join(format!("{lab}.running.json")))
    }

    /// Leaves the note.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn leave(&self, before: &Before) -> Result<(), Failure> {
        let text = serde_json::to_string(before).map_err(|error| Failure::step("cannot write JSON").cause(&error))?;
        let unwritten = |error| Failure::unwritten("note of the run", &error).place(self.0.as_str());
        self.0.parent().map_or(Ok(()), fs_err::create_dir_all).map_err(unwritten)?;
        fs_err::write(&self.0, text).map_err(unwritten)
    }

    /// Reads the note of a run that was killed.
    #[must_use]
    pub(super) fn read(&self) -> Option<Before> {
        serde_json::from_str(&fs_err::read_to_string(&self.0).ok()?).ok()
    }

    /// Takes the note away.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub(super) fn remove(&self) -> Result<(), Failure> {
        match fs_err::remove_file(&self.0) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::unwritten("note of the run", &error).place(self.0.as_str()))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_found_by_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let mark = Mark::of(&Utf8Path::from_path(folder.path()).unwrap().join("e2e"), "documented");
        assert_eq!(mark.read(), None);
        let before = Before {
            namespaces: vec!["default".into()],
            excluded: [("kind-control-plane".to_owned(), String::new())].into(),
        };
        mark.leave(&before).unwrap();
        assert_eq!(mark.read(), Some(before));
        mark.remove().unwrap();
        mark.remove().unwrap();
        assert_eq!(mark.read(), None);
    }
}
