//! The results of a long run: a file with a line of JSON for each, written as soon as it is there, so that an interrupted
//! run goes on where it ended.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// The name of the file in messages.
const WHAT: &str = "file of results";

/// A result that a journal keeps.
pub trait Entry: Serialize + DeserializeOwned {
    /// The beginning of its line: what tells a line that was cut off from something else.
    const BEGIN: &'static str;
}

/// A file of results, and the results in it.
#[derive(Debug)]
pub struct Journal<T> {
    file: Utf8PathBuf,
    entries: Vec<T>,
}

impl<T: Entry> Journal<T> {
    /// Reads a file; one that is not there is made, with its folder. A last line that a killed run left unfinished is
    /// removed.
    ///
    /// # Errors
    /// A file that cannot be read or written, or that holds something else: it is left as it is.
    pub fn open(file: &Utf8Path) -> Result<Self, Failure> {
        let unwritten = |error| unwritten(file, &error);
        let text = if file.exists() { fs_err::read_to_string(file).map_err(unwritten)? } else { String::new() };
        let (whole, cut) = text.split_at(text.rfind('\n').map_or(0, |end| end + 1));
        let foreign = |line: usize| {
            Failure::wrong_use(format!("the {WHAT} has something else in line {line}"))
                .place(file.as_str())
                .next("name another file")
        };
        let read = |(line, text)| serde_json::from_str(text).map_err(|error| foreign(line).cause(&error));
        let entries = (1..).zip(whole.lines()).map(read).collect::<Result<Vec<T>, Failure>>()?;
        if !cut.starts_with(T::BEGIN) && !T::BEGIN.starts_with(cut) {
            return Err(foreign(entries.len() + 1));
        }
        // A file that cannot be written is noticed before hours of work.
        let folder = file.parent().filter(|folder| !folder.as_str().is_empty());
        folder.map_or(Ok(()), fs_err::create_dir_all).map_err(unwritten)?;
        fs_err::write(file, whole).map_err(unwritten)?;
        Ok(Self { file: file.to_owned(), entries })
    }

    /// Adds a result.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn add(&mut self, entry: T) -> Result<(), Failure> {
        let unwritten = |error| unwritten(&self.file, &error);
        let mut line =
            serde_json::to_string(&entry).map_err(|error| Failure::step("cannot write JSON").cause(&error))?;
        line.push('\n');
        let mut file = fs_err::OpenOptions::new().append(true).create(true).open(&self.file).map_err(unwritten)?;
        file.write_all(line.as_bytes()).map_err(unwritten)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Returns the file.
    pub fn file(&self) -> &Utf8Path {
        &self.file
    }

    /// Returns the results, the oldest first.
    pub fn entries(&self) -> &[T] {
        &self.entries
    }
}

fn unwritten(file: &Utf8Path, error: &std::io::Error) -> Failure {
    Failure::unwritten(WHAT, error).place(file.as_str())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Result {
        id: u32,
    }

    impl Entry for Result {
        const BEGIN: &'static str = "{\"id\":";
    }

    fn journal(file: &Utf8Path) -> Journal<Result> {
        Journal::open(file).unwrap()
    }

    #[test]
    fn a_run_goes_on_where_the_last_one_ended() {
        let folder = tempfile::tempdir().unwrap();
        let file = Utf8Path::from_path(folder.path()).unwrap().join("below/results.jsonl");
        let mut first = journal(&file);
        first.add(Result { id: 1 }).unwrap();
        first.add(Result { id: 2 }).unwrap();
        // A run that was killed while it wrote.
        let whole = fs_err::read_to_string(&file).unwrap();
        for cut in 1..whole.len() / 2 {
            fs_err::write(&file, format!("{whole}{}", &whole[..cut])).unwrap();
            assert_eq!(journal(&file).entries(), first.entries());
            assert_eq!(fs_err::read_to_string(&file).unwrap(), whole);
        }
    }

    #[test]
    fn another_file_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = Utf8Path::from_path(folder.path()).unwrap().join("notes.txt");
        // A note without an end of line is no result that was cut.
        for text in ["buy milk\n", "buy milk"] {
            fs_err::write(&file, text).unwrap();
            let refused = Journal::<Result>::open(&file).unwrap_err();
            assert_eq!(refused.message(), "the file of results has something else in line 1");
            assert_eq!(fs_err::read_to_string(&file).unwrap(), text);
        }
    }
}
