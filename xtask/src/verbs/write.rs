//! Files that a verb was asked to write.

use camino::Utf8Path;

use crate::exit::Failure;

/// What to do where a file cannot be written.
pub(super) const ELSEWHERE: &str = "name a file in a folder that is there and may be written to";

/// Writes what a run came to.
///
/// # Errors
/// A machine failure that says what could not be written, and where.
pub(super) fn report(file: &Utf8Path, what: &str, text: &str) -> Result<(), Failure> {
    fs_err::write(file, text)
        .map_err(|error| Failure::machine(format!("cannot write the {what}")).cause(&error).next(ELSEWHERE))
}
