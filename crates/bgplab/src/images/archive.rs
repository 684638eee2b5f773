//! Images between the engine and a tar archive.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use futures::stream::{self, Stream};
use netlab::Docker;
use serde::Serialize;
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::context::Context;
use crate::failure::Failure;

/// An archive that was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Loaded {
    /// The archive.
    pub file: Utf8PathBuf,
    /// The engine's own words.
    pub said: String,
}

/// An archive that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Saved {
    /// The archive.
    pub file: Utf8PathBuf,
    /// The images in it.
    pub images: Vec<String>,
    /// The size, in bytes.
    pub bytes: u64,
}

/// The size of what goes to the engine at once, in bytes.
const CHUNK: usize = 1 << 20;

/// Loads an archive into the engine.
///
/// # Errors
/// Wrong use where the archive cannot be read; an error of the engine.
pub async fn load(ctx: &Context, file: &Utf8Path) -> Result<Loaded, Failure> {
    let docker = Docker::connect().await?;
    let archive = chunks(file).await?;
    let step = ctx.progress.step(format!("load {file}"));
    let said = docker.load(archive).await?;
    step.done("loaded");
    Ok(Loaded { file: file.to_owned(), said: said.trim().to_owned() })
}

/// Saves images into an archive, which is there only if it is whole. No images mean all that the lab needs.
///
/// # Errors
/// A machine failure that names images which the engine does not have, or where the archive cannot be written.
pub async fn save(ctx: &Context, file: &Utf8Path, images: &[String]) -> Result<Saved, Failure> {
    let lab = ctx.lab()?;
    let docker = Docker::connect().await?;
    let images: Vec<String> = match images {
        [] => super::needs(&lab).await?.into_iter().map(|need| need.image).collect(),
        named => named.to_vec(),
    };
    let names: Vec<&str> = images.iter().map(String::as_str).collect();
    let absent: Vec<String> =
        docker.image_states(&names).await?.into_iter().filter(|s| s.id.is_none()).map(|s| s.reference).collect();
    if !absent.is_empty() {
        let failure = Failure::machine("the engine does not have all images").next("pull, load or build them first");
        return Err(absent
            .into_iter()
            .fold(failure, |failure, image| failure.because(format!("{image} is not there"))));
    }
    let cannot = |error: io::Error| Failure::unwritten("archive", &error).place(file.as_str());
    let step = ctx.progress.step(format!("save {} images", names.len()));
    // Dropped before it has its name, it is removed.
    let part = TempPath::try_from_path(format!("{file}.part")).map_err(cannot)?;
    let mut writer = File::create(&part).await.map_err(cannot)?;
    let bytes = docker.save(&names, &mut writer).await?;
    writer.flush().await.map_err(cannot)?;
    part.persist(file).map_err(|unnamed| cannot(unnamed.error))?;
    step.done(format!("{} MB", bytes / 1_000_000));
    Ok(Saved { file: file.to_owned(), images, bytes })
}

/// Returns a file's bytes, for a request's body.
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
