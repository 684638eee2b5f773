//! The results: a line of the journal for each fault.

use bgplab::journal::Entry;
use serde::{Deserialize, Serialize};

use super::judge::Judgement;

/// A fault that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tried {
    /// The fault's name.
    pub(super) id: String,
    /// The commands that made it.
    pub(super) made_by: String,
    /// The time that it took, until it was undone.
    pub(super) seconds: f64,
    /// Traces that were left of it, so that the lab had to be made anew.
    pub(super) left: Option<String>,
    /// The outcome.
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

/// The outcome of a fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// A diagnosis that was judged.
    Judged(Judgement),
    /// A command that refused to make it.
    NotMade(String),
    /// A look that failed.
    NotLookedAt(String),
}

impl Entry for Tried {
    const BEGIN: &'static str = "{\"id\":";
}

#[cfg(test)]
mod tests {
    use bgplab::journal::Journal;
    use camino::Utf8Path;

    use super::*;

    fn tried(id: &str) -> Tried {
        let outcome = Outcome::NotMade("refused".into());
        Tried { id: id.into(), made_by: "true".into(), seconds: 1.5, left: None, outcome }
    }

    #[test]
    fn a_run_goes_on_where_another_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join("below/results.jsonl");
        let mut first = Journal::open(&path).unwrap();
        first.add(tried("a")).unwrap();
        first.add(tried("b")).unwrap();
        let text = fs_err::read_to_string(&path).unwrap();
        fs_err::write(&path, &text[..text.len() - 4]).unwrap();
        let mut second = Journal::open(&path).unwrap();
        assert_eq!(second.entries(), [tried("a")]);
        second.add(tried("b")).unwrap();
        assert_eq!(Journal::<Tried>::open(&path).unwrap().entries(), [tried("a"), tried("b")]);
    }
}
