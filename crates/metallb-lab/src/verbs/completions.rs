//! A shell's completion script.

use crate::ctx::Ctx;
use crate::exit::Answer;

/// Returns the script for one shell, for the program itself (an alias of Cargo's completes no arguments).
pub(crate) fn script(ctx: &Ctx, shell: clap_complete::Shell) -> Answer {
    let (mut script, mut grammar) = (Vec::new(), (ctx.grammar)());
    let name = grammar.get_name().to_owned();
    clap_complete::generate(shell, &mut grammar, name, &mut script);
    Answer::text(String::from_utf8_lossy(&script))
}
