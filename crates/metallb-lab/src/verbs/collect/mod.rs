//! `collect`: everything that somebody else needs to see why a lab does not work, in one archive without secrets.

mod archive;
mod gather;
mod placed;
mod redact;

use camino::Utf8PathBuf;
use jiff::Zoned;
use serde_json::json;

use self::redact::Redactor;
use super::diagnose;
use crate::ctx::Ctx;
use crate::exit::{self, Answer};
use bgplab::Failure;

/// Where the archive goes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// The archive; without it, one named after lab and time, here
    #[arg(long, value_name = "FILE.tar.gz")]
    out: Option<Utf8PathBuf>,
}

/// A file of the archive: its path, and its text.
type Entry = (String, String);

/// Gathers, takes the secrets out, and packs. What cannot be had is said in its place.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let step = ctx.progress.step("collect");
    let (scene, diagnosis) = diagnose::look(ctx).await?;
    let redactor = Redactor::of(&scene.lab);
    let mut entries = gather::entries(ctx, &scene).await;
    entries.push(("diagnosis.txt".to_owned(), diagnosis.text(ctx.command)));
    entries.push(("diagnosis.json".to_owned(), format!("{:#}", exit::diagnosis::to_json(&diagnosis, ctx.command))));
    let time = Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
    let folder = format!("{}-{time}", scene.lab.name);
    let out = args.out.clone().unwrap_or_else(|| format!("{folder}.tar.gz").into());
    let redactor = entries.iter().fold(redactor, |redactor, (_, text)| redactor.learn(text));
    let entries: Vec<Entry> = entries.into_iter().map(|(path, text)| (path, redactor.clean(&text))).collect();
    let bytes = archive::write(&out, &folder, &entries)
        .map_err(|error| Failure::unwritten("archive", &error).place(out.as_str()))?;
    step.done(format!("{} files, {} kB", entries.len(), bytes / 1000));
    let files: Vec<&str> = entries.iter().map(|(path, _)| path.as_str()).collect();
    let causes: String = diagnosis.findings.iter().map(|finding| format!("   {}\n", finding.cause)).collect();
    let text = format!("{out}: {} files, passwords removed\n{causes}", files.len());
    Answer::new(text, &json!({ "file": out, "bytes": bytes, "files": files, "diagnosis": diagnosis }))
}
