//! Steps as text: those that would be done, and those that were.

use crate::exit::Answer;
use bgplab::Failure;
use bgplab::acts::Planned;

/// The options of a verb that can only plan, too.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Only say what would be done
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// Returns the steps of a plan as an answer.
pub(super) fn answer(planned: &Planned) -> Result<Answer, Failure> {
    Answer::new(or_nothing(&planned.changes), planned)
}

/// Returns lines of a diff as text, or that there are none.
pub(super) fn or_nothing(lines: &[String]) -> String {
    if lines.is_empty() { "nothing to do".to_owned() } else { lines.join("\n") }
}
