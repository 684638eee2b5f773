//! `init`: a commented lab file to start from.

use bgplab::Failure;
use labfile::KEPT;

use crate::exit::Answer;

/// Options of `init`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// A kept lab, such as leaf-spine or ipv6-only
    #[arg(long, value_name = "NAME", default_value = "documented")]
    from: String,
}

/// Prints the file.
pub(crate) fn run(args: &Args) -> Result<Answer, Failure> {
    match KEPT.iter().find(|kept| kept.name == args.from) {
        Some(kept) => Ok(Answer::text(kept.text)),
        None => {
            let names: Vec<&str> = KEPT.iter().map(|kept| kept.name).collect();
            Err(Failure::wrong_use(format!("no lab {} is kept", args.from))
                .next(format!("one of: {}", names.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Result<Answer, Failure> {
        run(&Args { from: name.to_owned() })
    }

    #[test]
    fn any_lab_is_written() {
        for kept in KEPT {
            assert_eq!(of(kept.name).unwrap().as_text(), kept.text);
        }
        let refused = of("spine-leaf").unwrap_err();
        assert_eq!((refused.kind(), refused.message()), (bgplab::Kind::WrongUse, "no lab spine-leaf is kept"));
    }
}
