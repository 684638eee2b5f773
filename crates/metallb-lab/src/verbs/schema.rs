//! `schema`: the form of lab files, for editors and for readers.

use bgplab::Failure;

use crate::exit::Answer;

/// Options of `schema`.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Args {
    /// Every table and field with an example, in Markdown, instead of the JSON Schema
    #[arg(long)]
    reference: bool,
}

/// Prints the schema, or the reference.
pub(crate) fn run(args: Args) -> Result<Answer, Failure> {
    match args.reference {
        true => Ok(Answer::text(labfile::reference())),
        false => Answer::json(labfile::schema()),
    }
}

#[cfg(test)]
mod tests {
    /// `schema --reference > docs/lab-file.md` writes it.
    #[test]
    fn the_committed_reference_is_of_this_version() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lab-file.md");
        let committed = std::fs::read_to_string(path).unwrap();
        let wrong = "docs/lab-file.md: write it with `cargo xtask schema --reference > docs/lab-file.md`";
        assert!(committed == labfile::reference(), "{wrong}");
    }
}
