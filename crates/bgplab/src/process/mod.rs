//! The only place that starts processes.
//!
//! A [`Cmd`] says what to run, and prints as what a person would paste into a shell. [`Cmd::read`] runs a short one and
//! returns its output; a [`Stream`] runs a long one and passes its lines on while they come. Both are bounded in time,
//! both keep the output for the error, and neither outlives whoever waits for it. [`Attached`] is for a user's command,
//! which has our terminal.

mod attached;
mod error;
mod probe;
mod stream;
#[cfg(test)]
mod witness;

use std::fmt;
use std::time::Duration;

use camino::Utf8PathBuf;

pub use attached::Attached;
pub use error::Error;
pub use stream::{Interrupter, Stream};

/// A command: a program, its arguments, and where it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cmd {
    program: String,
    args: Vec<String>,
    env: Vec<(String, Option<String>)>,
    cwd: Option<Utf8PathBuf>,
    bound: Duration,
    remedy: Option<String>,
}

impl Cmd {
    /// Makes a command that may take 30 s.
    pub fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            cwd: None,
            bound: Duration::from_secs(30),
            remedy: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variable(name.into(), Some(value.into()))
    }

    /// Takes a variable out of the environment.
    #[must_use]
    pub fn env_remove(self, name: impl Into<String>) -> Self {
        self.variable(name.into(), None)
    }

    /// Sets or removes a variable; the last call for a variable counts.
    fn variable(mut self, name: String, value: Option<String>) -> Self {
        self.env.retain(|(known, _)| *known != name);
        self.env.push((name, value));
        self
    }

    /// Sets the folder in which it runs.
    #[must_use]
    pub fn cwd(mut self, folder: impl Into<Utf8PathBuf>) -> Self {
        self.cwd = Some(folder.into());
        self
    }

    /// Sets the time that it may take.
    #[must_use]
    pub const fn within(mut self, bound: Duration) -> Self {
        self.bound = bound;
        self
    }

    /// Sets the remedy to show if the program is not installed.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Finds the program on PATH; an error if it is not there.
    pub fn find(&self) -> Result<Utf8PathBuf, Error> {
        let missing = || Error::Missing { program: self.program.clone(), remedy: self.remedy.clone() };
        let path = which::which(&self.program).map_err(|_| missing())?;
        Utf8PathBuf::from_path_buf(path).map_err(|_| missing())
    }
}

impl fmt::Display for Cmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(folder) = &self.cwd {
            write!(f, "cd {} && ", quoted(folder.as_str()))?;
        }
        if self.env.iter().any(|(_, value)| value.is_none()) {
            f.write_str("env ")?;
        }
        for (name, _) in self.env.iter().filter(|(_, value)| value.is_none()) {
            write!(f, "-u {name} ")?;
        }
        for (name, value) in &self.env {
            if let Some(value) = value {
                write!(f, "{name}={} ", quoted(value))?;
            }
        }
        f.write_str(&quoted(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

/// Quotes a word so that a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_command_prints_as_it_is_typed() {
        let cmd = Cmd::new("make").arg("deploy").env("DIR", "config/frr on-ci").env_remove("KUBECONFIG").cwd("../op");
        assert_eq!(cmd.to_string(), "cd ../op && env -u KUBECONFIG DIR='config/frr on-ci' make deploy");
    }

    #[test]
    fn what_is_said_last_about_a_variable_counts() {
        let cmd = Cmd::new("make").env_remove("A").env("A", "1").env("B", "1").env_remove("B");
        assert_eq!(cmd.to_string(), "env -u B A=1 make");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]
        #[test]
        fn a_shell_reads_back_what_was_quoted(word in "[^\0]{0,20}") {
            let echoed = Cmd::new("sh").args(["-c", &format!("printf %s. {}", quoted(&word))]).read_blocking().unwrap();
            prop_assert_eq!(echoed, format!("{word}."));
        }
    }
}
