//! Images: imported, saved, loaded.

use std::io;
use std::pin::pin;
use std::sync::{Arc, OnceLock};

use bollard::body_try_stream;
use bollard::query_parameters::{CreateImageOptionsBuilder, ImportImageOptionsBuilder};
use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::Docker;
use super::image::split_reference;
use crate::engine::{EngineError, ImageError};

impl Docker {
    /// Creates an image of one layer from the tar archive of a root file system. Changes are lines of a `Dockerfile`,
    /// such as `CMD ["sh"]`.
    ///
    /// # Errors
    /// [`ImageError::Make`], [`ImageError::Engine`].
    pub async fn import_rootfs<S, E>(&self, tag: &str, rootfs: S, changes: &[&str]) -> Result<(), ImageError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let (repo, version) = split_reference(tag);
        let changes = changes.iter().map(|change| (*change).to_owned()).collect();
        let options = CreateImageOptionsBuilder::new()
            .from_src("-")
            .repo(repo)
            .tag(version.unwrap_or("latest"))
            .changes(changes)
            .build();
        let (rootfs, broken) = watched(rootfs);
        let client = self.patient();
        let mut events = pin!(client.create_image(Some(options), Some(body_try_stream(rootfs)), None));
        let error = |error| broken.get().map_or_else(|| self.make_error(tag, error), |why| unreadable(tag, why));
        while events.try_next().await.map_err(error)?.is_some() {}
        Ok(())
    }

    /// Writes images with all their layers as one tar archive, as `docker save` does, and returns the number of bytes.
    ///
    /// # Errors
    /// [`ImageError::Write`], [`ImageError::Engine`].
    pub async fn save(
        &self,
        images: &[&str],
        writer: &mut (impl AsyncWrite + Unpin + Send),
    ) -> Result<u64, ImageError> {
        let action = || format!("saving {}", images.join(", "));
        let write_error = |error: io::Error| ImageError::Write(error.to_string());
        let client = self.patient();
        let mut chunks = pin!(client.export_images(images));
        let mut written = 0;
        while let Some(chunk) = chunks.try_next().await.map_err(|e| self.error(action(), e))? {
            writer.write_all(&chunk).await.map_err(write_error)?;
            written += chunk.len() as u64;
        }
        writer.flush().await.map_err(write_error)?;
        Ok(written)
    }

    /// Loads images from a tar archive, as `docker load` does, and returns the engine's message.
    ///
    /// # Errors
    /// [`ImageError::Make`], [`ImageError::Engine`].
    pub async fn load<S, E>(&self, archive: S) -> Result<String, ImageError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let options = ImportImageOptionsBuilder::new().quiet(true).build();
        const IMAGE: &str = "of the archive";
        let (archive, broken) = watched(archive);
        let error = |error| broken.get().map_or_else(|| self.make_error(IMAGE, error), |why| unreadable(IMAGE, why));
        let events = self.patient().import_image_stream(options, archive, None).try_collect::<Vec<_>>().await;
        let events = events.map_err(error)?;
        Ok(events.into_iter().filter_map(|event| event.stream).collect())
    }

    fn make_error(&self, image: &str, error: bollard::errors::Error) -> ImageError {
        match self.error(format!("making image {image}"), error) {
            EngineError::Refused { message, .. } | EngineError::Conflict { message, .. } => {
                ImageError::Make { image: image.to_owned(), message }
            }
            other => other.into(),
        }
    }
}

/// Returns a stream for a request's body, and the reason why it broke, once it has: the client itself reports a broken
/// connection only.
fn watched<S, E>(stream: S) -> (impl Stream<Item = io::Result<Bytes>> + Send + 'static, Arc<OnceLock<String>>)
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let broken = Arc::new(OnceLock::new());
    let why = Arc::clone(&broken);
    let stream = stream.map_err(move |error| {
        let error = io::Error::other(error);
        why.get_or_init(|| error.to_string());
        error
    });
    (stream, broken)
}

fn unreadable(image: &str, why: &str) -> ImageError {
    ImageError::Make { image: image.to_owned(), message: format!("its source cannot be read: {why}") }
}
