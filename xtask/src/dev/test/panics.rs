//! The words with which tests fail, picked out of a long output.

/// The number of lines that one panic may have here: the log has the rest.
const LINES: usize = 12;
/// The number of characters that a line of it may have.
const WIDTH: usize = 600;

/// Collects the panics of an output, line by line.
#[derive(Debug, Default)]
pub(super) struct Panics {
    all: Vec<Vec<String>>,
    /// `true` while the lines belong to the last panic.
    is_open: bool,
}

impl Panics {
    /// Takes a line of output.
    pub(super) fn take(&mut self, line: &str) {
        let begins = line.starts_with("thread '") && line.contains(" panicked at ");
        if begins {
            self.all.push(Vec::new());
        }
        let ends = line.is_empty() || line.starts_with("note: run with `RUST_BACKTRACE");
        self.is_open = begins || (self.is_open && !ends);
        if let Some(panic) = self.all.last_mut().filter(|panic| self.is_open && panic.len() < LINES) {
            panic.push(line.chars().take(WIDTH).collect());
        }
    }

    /// Returns each panic, in the order of the output.
    pub(super) fn all(self) -> impl Iterator<Item = String> {
        self.all.into_iter().map(|lines| lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(output: &str) -> Vec<String> {
        let mut panics = Panics::default();
        output.lines().for_each(|line| panics.take(line));
        panics.all().collect()
    }

    #[test]
    fn panics_are_found_among_other_lines() {
        let output = "running 1 test\nthread 'a' (7) panicked at a.rs:1:2:\nassertion failed\n  left: 1\nnote: run with \
                      `RUST_BACKTRACE=1`\nmore\nthread 'b' panicked at b.rs:1:2:\nboom\n\ntest result: FAILED";
        let expected = ["thread 'a' (7) panicked at a.rs:1:2:\nassertion failed\n  left: 1"];
        let other = "thread 'b' panicked at b.rs:1:2:\nboom".to_owned();
        assert_eq!(of(output), [&expected.map(str::to_owned)[..], &[other]].concat());
        assert!(of("test result: ok. 3 passed").is_empty());
    }

    #[test]
    fn a_long_panic_is_cut() {
        let output = format!("thread 'a' panicked at a.rs:1:2:\n{}", format!("{}\n", "x".repeat(9000)).repeat(99));
        let panics = of(&output);
        assert_eq!((panics.len(), panics[0].lines().count()), (1, LINES));
        assert!(panics[0].lines().all(|line| line.len() <= WIDTH));
    }
}
