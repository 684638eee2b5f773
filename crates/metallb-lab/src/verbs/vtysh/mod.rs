//! `vtysh`: FRR's shell on a router, on a standalone node, or in the pod that speaks for a cluster's node.

mod shell;
mod terminal;

use std::io::{self, IsTerminal, Write};

use serde_json::json;

use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::vtysh::{Output, find};

/// Options of `vtysh`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// A router, or a node: the FRR that speaks for it
    router: String,
    /// A command, as `-- show bgp summary`; without one a shell, or one command a line of stdin
    #[arg(last = true)]
    command: Vec<String>,
}

/// Runs a command, or a shell.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let target = find(ctx, &args.router).await?;
    if args.command.is_empty() && io::stdin().is_terminal() {
        let code = terminal::talk(shell::Shell::open(&target, &["vtysh"]).await?).await?;
        return Ok(Answer::default().passing_through(code));
    }
    let lines =
        if args.command.is_empty() { io::read_to_string(io::stdin()).map_err(cannot_read)? } else { String::new() };
    let argv = argv(&args.command, &lines);
    let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
    let Output { stdout, stderr, code, .. } = target.exec(&argv).await?;
    let code = exit_code(code);
    // A reader that went away is no failure of ours.
    let _ = io::stderr().write_all(stderr.as_bytes());
    let document = json!({ "router": args.router, "command": argv, "stdout": stdout, "stderr": stderr, "code": code });
    Ok(Answer::new(stdout, &document)?.passing_through(code))
}

fn cannot_read(error: io::Error) -> Failure {
    Failure::machine("cannot read commands from stdin").cause(&error)
}

/// Returns the command line: one command of several words, vtysh's own options as they are, or one command a line.
fn argv(command: &[String], lines: &str) -> Vec<String> {
    let mut argv = vec!["vtysh".to_owned()];
    match command.first() {
        Some(first) if first.starts_with('-') => argv.extend_from_slice(command),
        Some(_) => argv.extend(["-c".to_owned(), command.join(" ")]),
        None => {
            let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
            argv.extend(lines.flat_map(|line| ["-c".to_owned(), line.to_owned()]));
        }
    }
    argv
}

/// Returns a process's exit code as a shell would see it.
fn exit_code(code: i32) -> u8 {
    u8::try_from(code).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &[&str], lines: &str) -> Vec<String> {
        argv(&command.iter().map(ToString::to_string).collect::<Vec<_>>(), lines)
    }

    #[test]
    fn words_are_one_command_and_options_are_vtyshs_own() {
        assert_eq!(words(&["show", "bgp", "summary"], ""), ["vtysh", "-c", "show bgp summary"]);
        assert_eq!(words(&["-c", "show version"], ""), ["vtysh", "-c", "show version"]);
    }

    #[test]
    fn each_line_of_stdin_is_a_command() {
        assert_eq!(words(&[], "conf t\n\n hostname x\n"), ["vtysh", "-c", "conf t", "-c", "hostname x"]);
    }

    #[test]
    fn an_exit_code_stays_what_it_is() {
        assert_eq!([exit_code(0), exit_code(126), exit_code(-1)], [0, 126, 1]);
    }
}
