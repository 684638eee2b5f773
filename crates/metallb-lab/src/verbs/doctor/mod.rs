//! What this machine has, what it lacks, and what of that can be mended here and now.

mod engine;
mod fix;
mod judge;
mod kind;
mod seen;

use serde::Serialize;

use crate::ctx::Ctx;
use crate::exit::{Answer, Code, table};
use bgplab::Failure;
use fix::Fix;
pub(crate) use fix::install;
use judge::judge;
use seen::Seen;

/// What `doctor` is told.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Install and set what is missing, where that can be done from here
    #[arg(long)]
    fix: bool,
}

/// One thing that the lab needs of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Check {
    name: &'static str,
    verdict: Verdict,
    seen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    #[serde(skip)]
    fix: Option<Fix>,
}

/// How well the machine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// As it should be.
    Good,
    /// The lab may work.
    Doubtful,
    /// The lab cannot work.
    Bad,
}

impl Check {
    fn good(name: &'static str, seen: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Good, seen: seen.into(), remedy: None, fix: None }
    }

    fn doubtful(name: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Doubtful, remedy: Some(remedy.into()), ..Self::good(name, seen) }
    }

    fn bad(name: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Bad, ..Self::doubtful(name, seen, remedy) }
    }

    fn fixed_by(self, fix: Fix) -> Self {
        Self { fix: Some(fix), ..self }
    }
}

/// Looks, mends where asked to, and reports.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    let mut checks = judge(&Seen::look(&lab).await, &lab);
    let fixes: Vec<Fix> = checks.iter().filter_map(|check| check.fix.clone()).collect();
    if args.fix && !fixes.is_empty() {
        for fix in &fixes {
            fix.apply(ctx).await;
        }
        checks = judge(&Seen::look(&lab).await, &lab);
    }
    let bad = checks.iter().any(|check| check.verdict == Verdict::Bad);
    let mut text = table(["", "check", "seen"], checks.iter().map(row));
    let left = checks.iter().filter(|check| check.fix.is_some()).count();
    if left > 0 && !args.fix {
        text.push_str(&format!("\n`⌘ doctor --fix` mends {left} of these\n"));
    }
    Ok(Answer::new(text, &checks)?.with_code(if bad { Code::Machine } else { Code::Ok }))
}

/// Mends what can be mended; what cannot is left to whoever needs it to say.
pub(crate) async fn mend(ctx: &Ctx) -> Result<(), Failure> {
    let lab = ctx.lab()?;
    for fix in judge(&Seen::look(&lab).await, &lab).into_iter().filter_map(|check| check.fix) {
        fix.apply(ctx).await;
    }
    Ok(())
}

fn row(check: &Check) -> [String; 3] {
    let mark = match check.verdict {
        Verdict::Good => "✓",
        Verdict::Doubtful => "!",
        Verdict::Bad => "✗",
    };
    let remedy = check.remedy.as_ref().map(|remedy| format!("\n→ {remedy}")).unwrap_or_default();
    [mark.to_owned(), check.name.to_owned(), format!("{}{remedy}", check.seen)]
}
