//! Everything that somebody else needs to see why a lab does not work, in one archive without secrets.

mod archive;
mod gather;
mod placed;
mod redact;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Zoned;
use serde::Serialize;

use self::redact::Redactor;
use crate::acts;
use crate::checks::Report;
use crate::context::Context;
use crate::diagnose::Diagnosis;
use crate::failure::Failure;
use crate::progress::Step;
use labfile::Lab;

/// A file of the archive: its path, and its text.
type Entry = (String, String);

/// Everything that was gathered, before it is packed. What could not be had is said in its place.
#[derive(Debug)]
pub struct Gathered {
    /// The lab, as it is there.
    pub lab: Lab,
    /// The checks; a failure where they could not be looked at.
    pub report: Result<Report, Failure>,
    /// The causes of what is wrong.
    pub diagnosis: Diagnosis,
    entries: Vec<Entry>,
    step: Step,
}

/// An archive that was written.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Packed {
    /// The archive.
    pub file: Utf8PathBuf,
    /// The size, in bytes.
    pub bytes: u64,
    /// The paths of the files in it, below their folder.
    pub files: Vec<String>,
    /// The causes of what is wrong.
    pub diagnosis: Diagnosis,
}

/// Gathers configurations, states, logs, checks and a diagnosis. Nothing is changed, and secrets are still in it.
///
/// # Errors
/// If the engine, or an existing cluster's API, does not answer.
pub async fn gather(ctx: &Context) -> Result<Gathered, Failure> {
    let step = ctx.progress.step("collect");
    let (scene, diagnosis) = acts::look(ctx).await?;
    let (entries, report) = gather::entries(ctx, &scene).await;
    Ok(Gathered { lab: scene.lab, report, diagnosis, entries, step })
}

impl Gathered {
    /// Adds a file, by its path below the archive's folder.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.entries.push((path.into(), text.into()));
    }

    /// Removes the secrets, and writes the archive, readable by its owner only; without a path, into the working directory
    /// under a name of lab and time.
    ///
    /// # Errors
    /// A machine failure where it cannot be written; then there is none.
    pub fn pack(self, out: Option<&Utf8Path>) -> Result<Packed, Failure> {
        let Self { lab, diagnosis, entries, step, .. } = self;
        let folder = format!("{}-{}", lab.name, Zoned::now().strftime("%Y%m%d-%H%M%S"));
        let file = out.map_or_else(|| format!("{folder}.tar.gz").into(), Utf8Path::to_owned);
        let redactor = entries.iter().fold(Redactor::of(&lab), |redactor, (_, text)| redactor.learn(text));
        let entries: Vec<Entry> = entries.into_iter().map(|(path, text)| (path, redactor.clean(&text))).collect();
        let bytes = archive::write(&file, &folder, &entries)
            .map_err(|error| Failure::unwritten("archive", &error).place(file.as_str()))?;
        step.done(format!("{} files, {} kB", entries.len(), bytes / 1000));
        Ok(Packed { file, bytes, files: entries.into_iter().map(|(path, _)| path).collect(), diagnosis })
    }
}
