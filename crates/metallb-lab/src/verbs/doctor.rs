//! `doctor`: what the machine has, what it lacks, and what of that can be changed here and now.

use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::exit::{self, Answer, Code, table};
use bgplab::Failure;
use bgplab::doctor::{Prerequisite, Verdict, examine};

/// The options of `doctor`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Install and set what is missing, where that can be done from here
    #[arg(long)]
    fix: bool,
}

/// Looks, fixes where asked to, and reports.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    let mut all = examine(&lab).await;
    if args.fix && all.iter().any(|one| one.fix.is_some()) {
        apply(ctx, &all).await;
        all = examine(&lab).await;
    }
    let bad = all.iter().any(|one| one.verdict == Verdict::Bad);
    let mut text = table(["", "check", "seen"], all.iter().map(|one| row(one, ctx.command)));
    let left = all.iter().filter(|one| one.fix.is_some()).count();
    if left > 0 && !args.fix {
        text.push_str(&format!("\n`{} doctor --fix` fixes {left} of these\n", ctx.command));
    }
    let document: Vec<Value> = all.iter().map(|one| to_json(one, ctx.command)).collect();
    Ok(Answer::new(text, &document)?.with_code(if bad { Code::Machine } else { Code::Ok }))
}

/// Fixes what can be fixed; what cannot is left to whoever needs it to say.
pub(crate) async fn fix(ctx: &Ctx) -> Result<(), Failure> {
    apply(ctx, &examine(&ctx.lab()?).await).await;
    Ok(())
}

async fn apply(ctx: &Ctx, all: &[Prerequisite]) {
    for fix in all.iter().filter_map(|one| one.fix.as_ref()) {
        if let Err(failure) = fix.apply(&ctx.progress).await {
            ctx.progress.pass(&exit::render(&failure, ctx.command, false));
        }
    }
}

fn to_json(one: &Prerequisite, command: &str) -> Value {
    let mut document = json!(one);
    if let Some(remedy) = &one.remedy {
        document["remedy"] = json!(remedy.typed_as(command));
    }
    document
}

fn row(one: &Prerequisite, command: &str) -> [String; 3] {
    let mark = match one.verdict {
        Verdict::Good => "✓",
        Verdict::Doubtful => "!",
        Verdict::Bad => "✗",
    };
    let remedy = one.remedy.as_ref().map(|remedy| format!("\n→ {}", remedy.typed_as(command))).unwrap_or_default();
    [mark.to_owned(), one.name.to_owned(), format!("{}{remedy}", one.seen)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_names_the_command_that_was_typed() {
        let one = Prerequisite::doubtful("images", "not there", "`⌘ images load FILE`");
        assert_eq!(row(&one, "metallb-lab")[2], "not there\n→ `metallb-lab images load FILE`");
        assert_eq!(to_json(&one, "cargo xtask")["remedy"], "`cargo xtask images load FILE`");
    }
}
