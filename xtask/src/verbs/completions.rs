//! A shell's completion script.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::exit::Answer;

/// The script for one shell, for the program `xtask` (an alias of Cargo's completes no arguments by itself).
pub(crate) fn script(shell: clap_complete::Shell) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "xtask", &mut script);
    Answer::text(String::from_utf8_lossy(&script))
}
