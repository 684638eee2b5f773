//! A sequence of commands.

use std::fmt;

/// Commands for one daemon, in order. A mode that one of them enters lasts to the end of the sequence, so they go over
/// one connection or to one vtysh.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commands(Vec<String>);

impl Commands {
    /// Commands that change the configuration: the lines between `configure terminal` and `end`.
    pub fn configure(lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let begin = std::iter::once("configure terminal".to_owned());
        let end = std::iter::once("end".to_owned());
        Self(begin.chain(lines.into_iter().map(Into::into)).chain(end).collect())
    }

    /// Commands as they are, from the enable mode.
    pub(super) fn plain(lines: impl IntoIterator<Item = String>) -> Self {
        Self(lines.into_iter().collect())
    }

    /// These commands, and then those.
    pub(super) fn then(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// The commands, one a line, for a daemon's socket.
    pub fn lines(&self) -> &[String] {
        &self.0
    }

    /// The program and its arguments that run them.
    pub fn argv(&self) -> Vec<&str> {
        let words = self.0.iter().flat_map(|command| ["-c", command.as_str()]);
        std::iter::once("vtysh").chain(words).collect()
    }
}

/// The vtysh call, to be pasted into a shell.
impl fmt::Display for Commands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("vtysh")?;
        self.0.iter().try_for_each(|command| write!(f, " -c '{}'", command.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_a_command_with_a_quote_as_one_word() {
        let commands = Commands::configure(["hostname it's"]);
        assert_eq!(commands.to_string(), r"vtysh -c 'configure terminal' -c 'hostname it'\''s' -c 'end'");
        assert_eq!(commands.argv(), ["vtysh", "-c", "configure terminal", "-c", "hostname it's", "-c", "end"]);
    }
}
