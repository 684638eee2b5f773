//! Files that a verb was asked to write.

use camino::{Utf8Path, Utf8PathBuf};

use bgplab::Failure;

/// The name of a JUnit report in messages.
pub(super) const JUNIT: &str = "JUnit report";

/// Fails, before a long run begins, where the file that it ends in cannot be written. What an earlier run left there is
/// emptied: it would be taken for this one's where this one fails.
///
/// # Errors
/// As [`report`].
pub(super) fn possible(file: Option<&Utf8PathBuf>, what: &str) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(()) };
    let is_new = !file.exists();
    // Opening a pipe would end the input of its other end.
    if is_new || file.is_file() {
        fs_err::File::create(file).map_err(|error| Failure::unwritten(what, &error))?;
    }
    if is_new { fs_err::remove_file(file).map_err(|error| Failure::unwritten(what, &error)) } else { Ok(()) }
}

/// Writes a run's report.
///
/// # Errors
/// A machine failure that says what could not be written, and where.
pub(super) fn report(file: &Utf8Path, what: &str, text: &str) -> Result<(), Failure> {
    fs_err::write(file, text).map_err(|error| Failure::unwritten(what, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_leaves_nothing_that_looks_like_a_report() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(temporary.path()).unwrap();
        let file = folder.join("report.xml");
        possible(Some(&file), "report").unwrap();
        assert!(!file.exists());
        report(&file, "report", "before").unwrap();
        possible(Some(&file), "report").unwrap();
        assert_eq!(fs_err::read_to_string(&file).unwrap(), "");
        let nowhere = possible(Some(&folder.join("no/such/report.xml")), "report").unwrap_err();
        assert_eq!(nowhere.message(), "cannot write the report");
    }
}
