//! The results of the suite, written as each spec ends: a line of JSON, and JUnit.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::ginkgo::{End, Ended};
use crate::failure::Failure;
use crate::journal::{Entry, Journal};
use crate::junit;

/// The name of the file of results in its folder.
const JOURNAL: &str = "e2e.jsonl";
/// The name of the JUnit report.
const JUNIT: &str = "junit.xml";

/// A spec that ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// The full name.
    pub spec: String,
    /// The end.
    pub end: End,
    /// The time that it took.
    pub seconds: f64,
    /// The suite's last words on a failure.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The reasons that were seen while it was stuck.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The run's subject: release, backend, families.
    pub of: String,
    /// The time at which it ended.
    pub at: jiff::Timestamp,
}

impl Entry for Ran {
    const BEGIN: &'static str = "{\"spec\":";
}

impl Ran {
    /// Returns the failure in a line.
    #[must_use]
    pub fn line(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }
}

/// The results of a run, in a folder.
#[derive(Debug)]
pub struct Results {
    folder: Utf8PathBuf,
    of: String,
    journal: Journal<Ran>,
}

impl Results {
    /// Opens the results of a run of `of`; those that are there count where a run is resumed, and go otherwise.
    ///
    /// # Errors
    /// A folder that cannot be written; results of something else, where a run is resumed.
    pub fn open(folder: &Utf8Path, of: String, resume: bool) -> Result<Self, Failure> {
        let file = folder.join(JOURNAL);
        let mut journal = Journal::<Ran>::open(&file)?;
        if let Some(other) = journal.entries().iter().find(|ran| ran.of != of).filter(|_| resume) {
            return Err(Failure::wrong_use(format!("the results in {folder} are of {}, not of {of}", other.of))
                .place(file.as_str())
                .next("name another folder with --results, or leave out --resume"));
        }
        if !resume && !journal.entries().is_empty() {
            let unwritten = |error| Failure::unwritten("file of results", &error).place(file.as_str());
            fs_err::remove_file(&file).map_err(unwritten)?;
            journal = Journal::open(&file)?;
        }
        Ok(Self { folder: folder.to_owned(), of, journal })
    }

    /// Adds a spec that ended, of a run of these.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn add(&mut self, planned: &[String], ended: Ended, reasons: Vec<String>) -> Result<(), Failure> {
        let Ended { spec, end, seconds, message } = ended;
        let ran = Ran { spec, end, seconds, message, reasons, of: self.of.clone(), at: jiff::Timestamp::now() };
        self.journal.add(ran)?;
        self.report(planned)
    }

    /// Writes the JUnit report as it stands.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn report(&self, planned: &[String]) -> Result<(), Failure> {
        let file = self.folder.join(JUNIT);
        let text = document(&self.of, &self.rows(), planned);
        fs_err::write(&file, text).map_err(|error| Failure::unwritten("JUnit report", &error).place(file.as_str()))
    }

    /// Returns the specs that ran, each with its last end, in their order.
    #[must_use]
    pub fn rows(&self) -> Vec<&Ran> {
        let all = self.journal.entries();
        let is_last = |at: usize, ran: &Ran| !all.iter().skip(at + 1).any(|later| later.spec == ran.spec);
        all.iter().enumerate().filter(|(at, ran)| is_last(*at, ran)).map(|(_, ran)| ran).collect()
    }

    /// Returns those of the planned specs that have no verdict yet.
    #[must_use]
    pub fn left(&self, planned: &[String]) -> Vec<String> {
        left(planned, &self.rows())
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }
}

/// Returns the planned specs without a verdict, each name once.
fn left(planned: &[String], rows: &[&Ran]) -> Vec<String> {
    let verdict = |spec: &String| rows.iter().any(|ran| ran.spec == *spec && ran.end.is_verdict());
    let mut left: Vec<String> = Vec::new();
    for spec in planned.iter().filter(|spec| !verdict(spec)) {
        if !left.contains(spec) {
            left.push(spec.clone());
        }
    }
    left
}

fn document(of: &str, rows: &[&Ran], planned: &[String]) -> String {
    let case = |ran: &&Ran| {
        let reasons = || ran.reasons.iter().map(|reason| format!("\nseen: {reason}")).collect::<String>();
        let end = match ran.end {
            End::Passed => junit::End::Passed(String::new()),
            End::Skipped | End::Pending => junit::End::LeftOut(ran.message.clone()),
            other => junit::End::Failed(format!("{}: {}{}", other.as_str(), ran.message, reasons())),
        };
        junit::Case { name: ran.spec.clone(), took: Duration::try_from_secs_f64(ran.seconds).ok(), end }
    };
    let not_yet = left(planned, rows).into_iter().filter(|spec| !rows.iter().any(|ran| ran.spec == *spec));
    let not_yet =
        not_yet.map(|name| junit::Case { name, took: None, end: junit::End::LeftOut("did not run".to_owned()) });
    let cases: Vec<junit::Case> = rows.iter().map(case).chain(not_yet).collect();
    let took = cases.iter().filter_map(|case| case.took).sum();
    junit::junit("MetalLB e2e", took, &[junit::Suite { name: of.to_owned(), cases }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(spec: &str, end: End) -> Ended {
        Ended { spec: spec.to_owned(), end, seconds: 1.5, message: "why".to_owned() }
    }

    #[test]
    fn an_interrupted_run_goes_on_with_what_has_no_verdict() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let plan: Vec<String> = ["a", "b", "c", "d", "d"].map(str::to_owned).into();
        let mut results = Results::open(folder, "v1 frr".into(), false).unwrap();
        results.add(&plan, ended("a", End::Passed), vec![]).unwrap();
        results.add(&plan, ended("b", End::Interrupted), vec![]).unwrap();
        results.add(&plan, ended("c", End::Failed), vec!["wget is missing".into()]).unwrap();

        let mut again = Results::open(folder, "v1 frr".into(), true).unwrap();
        assert_eq!(again.left(&plan), ["b", "d"]);
        again.add(&plan, ended("b", End::Passed), vec![]).unwrap();
        assert_eq!(again.left(&plan), ["d"]);
        assert_eq!(again.rows().iter().map(|ran| ran.spec.as_str()).collect::<Vec<_>>(), ["a", "c", "b"]);
        insta::assert_snapshot!(fs_err::read_to_string(folder.join(JUNIT)).unwrap());

        let other = Results::open(folder, "v2 frr".into(), true).unwrap_err();
        assert!(other.message().ends_with("are of v1 frr, not of v2 frr"), "{other:?}");
        assert_eq!(Results::open(folder, "v2 frr".into(), false).unwrap().left(&plan).len(), 4);
    }
}
