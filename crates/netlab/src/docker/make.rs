//! Images made here: built, imported, committed, saved, loaded.

use bollard::models::BuildInfo;
use bollard::query_parameters::{
    BuildImageOptionsBuilder, CommitContainerOptionsBuilder, CreateImageOptionsBuilder, ImportImageOptionsBuilder,
};
use bollard::{body_full, body_try_stream};
use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::Docker;
use super::image::{BuildContext, ImageError, split_reference};
use crate::engine::EngineError;

impl Docker {
    /// Builds an image from a context, and tells each line of the build's output.
    ///
    /// # Errors
    /// [`ImageError::Make`] with the build's words; [`ImageError::Engine`].
    pub async fn build_image(
        &self,
        context: BuildContext,
        mut line: impl FnMut(&str) + Send,
    ) -> Result<(), ImageError> {
        let BuildContext { tag, tar, args } = context;
        let options = BuildImageOptionsBuilder::new().t(&tag).rm(true).forcerm(true).buildargs(&args).build();
        let mut events = std::pin::pin!(self.client.build_image(options, None, Some(body_full(tar.into()))));
        while let Some(event) = events.try_next().await.map_err(|e| self.make_error(&tag, e))? {
            match event {
                BuildInfo { error_detail: Some(error), .. } => {
                    return Err(ImageError::Make { image: tag, message: error.message.unwrap_or_default() });
                }
                BuildInfo { stream: Some(text), .. } => text.lines().for_each(&mut line),
                _ => {}
            }
        }
        Ok(())
    }

    /// Makes an image of one layer from the tar archive of a root file system. Changes are lines of a `Dockerfile`,
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
        let body = body_try_stream(rootfs.map_err(std::io::Error::other));
        let mut events = std::pin::pin!(self.client.create_image(Some(options), Some(body), None));
        while events.try_next().await.map_err(|e| self.make_error(tag, e))?.is_some() {}
        Ok(())
    }

    /// Makes an image from a container as it is now; the id.
    ///
    /// # Errors
    /// [`ImageError::Make`], [`ImageError::Engine`].
    pub async fn commit(&self, container: &str, tag: &str, changes: &[&str]) -> Result<String, ImageError> {
        let (repo, version) = split_reference(tag);
        let options = CommitContainerOptionsBuilder::new()
            .container(container)
            .repo(repo)
            .tag(version.unwrap_or("latest"))
            .changes(&changes.join("\n"))
            .build();
        let committed = self.client.commit_container(options, bollard::models::ContainerConfig::default()).await;
        Ok(committed.map_err(|e| self.make_error(tag, e))?.id)
    }

    /// Writes images with all their layers as one tar archive, as `docker save` does; the bytes written.
    ///
    /// # Errors
    /// [`ImageError::Write`], [`ImageError::Engine`].
    pub async fn save(
        &self,
        images: &[&str],
        writer: &mut (impl AsyncWrite + Unpin + Send),
    ) -> Result<u64, ImageError> {
        let action = || format!("saving {}", images.join(", "));
        let write_error = |error: std::io::Error| ImageError::Write(error.to_string());
        let mut chunks = std::pin::pin!(self.client.export_images(images));
        let mut written = 0;
        while let Some(chunk) = chunks.try_next().await.map_err(|e| self.error(action(), e))? {
            writer.write_all(&chunk).await.map_err(write_error)?;
            written += chunk.len() as u64;
        }
        writer.flush().await.map_err(write_error)?;
        Ok(written)
    }

    /// Loads images from a tar archive, as `docker load` does; what the engine said.
    ///
    /// # Errors
    /// [`ImageError::Make`], [`ImageError::Engine`].
    pub async fn load<S, E>(&self, archive: S) -> Result<String, ImageError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let options = ImportImageOptionsBuilder::new().quiet(true).build();
        let events: Vec<_> = self
            .client
            .import_image_stream(options, archive, None)
            .try_collect()
            .await
            .map_err(|e| self.make_error("of the archive", e))?;
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
