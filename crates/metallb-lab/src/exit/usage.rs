//! clap's errors for those who read JSON.

use std::ffi::OsString;

use bgplab::Failure;

/// Returns clap's error as a failure.
pub(crate) fn usage(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let text = text.trim_end();
    // The first paragraph is the error; the others say how it is done.
    let (message, usage) = text.split_once("\n\n").unwrap_or((text, "⌘ --help"));
    Failure::wrong_use(message.trim_start_matches("error: ")).next(usage)
}

/// Returns `true` if arguments that cannot be parsed ask for JSON, as far as they show it.
pub(crate) fn asked_for_json(args: impl IntoIterator<Item = OsString>) -> bool {
    // What comes after two hyphens is a command's own.
    args.into_iter().take_while(|arg| arg != "--").any(|arg| arg == "--json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_asked_for_before_a_command() {
        let asked = |line: &str| asked_for_json(line.split(' ').map(OsString::from));
        assert!(asked("xtask verify --json --wait"));
        assert!(!asked("xtask capture -- ip --json route"));
    }
}
