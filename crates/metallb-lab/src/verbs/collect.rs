//! `collect`: everything that somebody else needs to see why a lab does not work, in one archive without secrets.

use camino::Utf8PathBuf;
use serde_json::json;

use crate::ctx::Ctx;
use crate::exit::{self, Answer};
use bgplab::Failure;
use bgplab::collect::gather;

/// The options of `collect`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The archive; without it, one named after lab and time, here
    #[arg(long, value_name = "FILE.tar.gz")]
    out: Option<Utf8PathBuf>,
}

/// Gathers, adds what only a command line knows, and packs.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let mut gathered = gather(ctx).await?;
    gathered.add("options.txt", format!("{:#?}\n", ctx.globals));
    gathered.add("version.txt", format!("{} {}\n", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")));
    let (text, document) = match &gathered.report {
        Ok(report) => (exit::checks::table(report), Some(json!({ "checks": report.checks }))),
        Err(failure) => (exit::render(failure, ctx.command, false), None),
    };
    gathered.add("verify.txt", text);
    if let Some(document) = document {
        gathered.add("verify.json", format!("{document:#}"));
    }
    let diagnosis = exit::diagnosis::to_json(&gathered.diagnosis, ctx.command);
    gathered.add("diagnosis.txt", gathered.diagnosis.text(ctx.command));
    gathered.add("diagnosis.json", format!("{diagnosis:#}"));
    let packed = gathered.pack(args.out.as_deref())?;
    let causes: String = packed.diagnosis.findings.iter().map(|finding| format!("   {}\n", finding.cause)).collect();
    let text = format!("{}: {} files, passwords removed\n{causes}", packed.file, packed.files.len());
    let mut document = json!(packed);
    document["diagnosis"] = diagnosis;
    Answer::new(text, &document)
}
