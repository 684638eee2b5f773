//! The end of a run of the real binary.
#![allow(dead_code, clippy::unwrap_used, reason = "each test target uses its part; helpers of tests fail the test")]

use std::os::unix::process::ExitStatusExt;
use std::process::Output;
use std::{fmt, io};

/// The end of a run.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(super) fn of(output: io::Result<Output>) -> Self {
        let output = output.unwrap();
        Self {
            code: output.status.code(),
            signal: output.status.signal(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It failed with this exit code, and said all of these.
    pub(crate) fn refused(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is not said: {}", self.stderr);
        }
    }
}

/// Prints how it ended and its output, without the checks that passed: what failed has to be found in a long log.
impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.signal) {
            (Some(code), _) => writeln!(f, "ended with {code}")?,
            (None, signal) => writeln!(f, "ended by signal {}", signal.unwrap_or_default())?,
        }
        let passed = |line: &&str| line.trim_start().starts_with('✓');
        self.stdout
            .lines()
            .chain(self.stderr.lines())
            .filter(|line| !passed(line))
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}
