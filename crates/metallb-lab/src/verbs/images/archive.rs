//! Images between the engine and a tar archive.

use camino::Utf8Path;
use futures::stream::{self, Stream};
use netlab::Docker;
use serde_json::json;
use std::io;
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::ctx::Ctx;
use crate::exit::Answer;
use crate::verbs::write;
use bgplab::Failure;

/// How much of a file goes to the engine at once, in bytes.
const CHUNK: usize = 1 << 20;

/// Loads an archive into the engine.
pub(super) async fn load(ctx: &Ctx, docker: &Docker, file: &Utf8Path) -> Result<Answer, Failure> {
    let archive = chunks(file).await?;
    let step = ctx.progress.step(format!("load {file}"));
    let said = docker.load(archive).await?;
    step.done("loaded");
    Answer::new(said.trim(), &json!({ "file": file, "said": said.trim() }))
}

/// Saves images into an archive, which is there only if it is whole.
pub(super) async fn save(ctx: &Ctx, docker: &Docker, file: &Utf8Path, images: &[String]) -> Result<Answer, Failure> {
    let names: Vec<&str> = images.iter().map(String::as_str).collect();
    let absent: Vec<String> =
        docker.image_states(&names).await?.into_iter().filter(|s| s.id.is_none()).map(|s| s.reference).collect();
    if !absent.is_empty() {
        let failure = Failure::machine("the engine does not have all images").next("pull, load or build them first");
        return Err(absent
            .into_iter()
            .fold(failure, |failure, image| failure.because(format!("{image} is not there"))));
    }
    let cannot = |error: io::Error| write::cannot("archive", &error).place(file.as_str());
    let step = ctx.progress.step(format!("save {} images", names.len()));
    // Dropped before it has its name, it is removed.
    let part = TempPath::try_from_path(format!("{file}.part")).map_err(cannot)?;
    let mut writer = File::create(&part).await.map_err(cannot)?;
    let bytes = docker.save(&names, &mut writer).await?;
    writer.flush().await.map_err(cannot)?;
    part.persist(file).map_err(|unnamed| cannot(unnamed.error))?;
    step.done(format!("{} MB", bytes / 1_000_000));
    Answer::new(format!("{file}: {} images", names.len()), &json!({ "file": file, "images": images, "bytes": bytes }))
}

/// A file's bytes, for a request's body.
pub(super) async fn chunks(
    path: &Utf8Path,
) -> Result<impl Stream<Item = io::Result<bytes::Bytes>> + Send + use<>, Failure> {
    let cannot = |error: io::Error| {
        Failure::wrong_use(format!("cannot read {path}"))
            .cause(&error)
            .next("name an archive that `⌘ images save` or `docker save` wrote")
    };
    let file = File::open(path).await.map_err(cannot)?;
    Ok(stream::try_unfold(file, async |mut file| {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = (&mut file).take(CHUNK as u64).read_to_end(&mut chunk).await?;
        Ok((read > 0).then_some((chunk.into(), file)))
    }))
}
