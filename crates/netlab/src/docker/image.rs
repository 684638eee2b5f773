//! Images: inspected, pulled, removed.

use bollard::models::CreateImageInfo;
use bollard::query_parameters::{CreateImageOptionsBuilder, RemoveImageOptions};
use futures::TryStreamExt;
use futures::future::join_all;

use super::Docker;
use crate::engine::{EngineError, ImageError, ImageState, PullCause, PullProgress};

impl Docker {
    /// Reads which of these images the engine has, in the order of the references.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn image_states(&self, references: &[&str]) -> Result<Vec<ImageState>, EngineError> {
        let look = |reference: String| async move {
            let inspected = self.client.inspect_image(&reference).await;
            match inspected.map_err(|e| self.error(format!("inspecting image {reference}"), e)) {
                Ok(image) => Ok(ImageState { reference, id: image.id }),
                Err(error) if error.is_not_found() => Ok(ImageState { reference, id: None }),
                Err(error) => Err(error),
            }
        };
        join_all(references.iter().map(|reference| look((*reference).to_owned()))).await.into_iter().collect()
    }

    /// Pulls an image without credentials, and reports the progress.
    ///
    /// # Errors
    /// [`ImageError::Pull`] with the cause; [`ImageError::Engine`] where the engine does not answer.
    pub async fn pull(&self, image: &str, mut progress: impl FnMut(PullProgress) + Send) -> Result<(), ImageError> {
        let (name, tag) = split_reference(image);
        let options = CreateImageOptionsBuilder::new().from_image(name).tag(tag.unwrap_or("latest")).build();
        let mut events = std::pin::pin!(self.client.create_image(Some(options), None, None));
        loop {
            match events.try_next().await {
                Ok(None) => return Ok(()),
                Ok(Some(CreateImageInfo { error_detail: Some(error), .. })) => {
                    return Err(pull_error(image, error.message.unwrap_or_default()));
                }
                Ok(Some(event)) => progress(pull_progress(event)),
                Err(error) => match self.error(format!("pulling image {image}"), error) {
                    EngineError::NotFound { message, .. }
                    | EngineError::Refused { message, .. }
                    | EngineError::Conflict { message, .. } => return Err(pull_error(image, message)),
                    other => return Err(other.into()),
                },
            }
        }
    }

    /// Removes an image's tag, and the image with its last tag.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn remove_image(&self, tag: &str) -> Result<(), EngineError> {
        let removed = self.client.remove_image(tag, None::<RemoveImageOptions>, None).await;
        removed.map(drop).map_err(|e| self.error(format!("removing image {tag}"), e))
    }
}

fn pull_error(image: &str, message: String) -> ImageError {
    ImageError::Pull { image: image.to_owned(), cause: PullCause::of(image, &message), message }
}

fn pull_progress(event: CreateImageInfo) -> PullProgress {
    let bytes = event
        .progress_detail
        .and_then(|detail| Some((u64::try_from(detail.current?).ok()?, u64::try_from(detail.total?).ok()?)));
    PullProgress { layer: event.id, status: event.status.unwrap_or_default(), bytes }
}

impl PullCause {
    /// Reads the cause from Docker's message: the API does not distinguish any.
    fn of(image: &str, message: &str) -> Self {
        // Names and addresses may hold any of the words below.
        let is_name = |word: &&str| {
            let repository = split_reference(word.trim_matches(|c: char| !c.is_ascii_alphanumeric())).0;
            let name = split_reference(image).0;
            repository.strip_suffix(name).is_some_and(|registry| registry.is_empty() || registry.ends_with('/'))
        };
        let words: Vec<_> = message.split_whitespace().filter(|word| !word.contains("://") && !is_name(word)).collect();
        let message = words.join(" ").to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if says(&["denied", "unauthorized", "authentication required", "forbidden"]) {
            Self::Denied
        } else if says(&[
            "dial tcp",
            "no such host",
            "i/o timeout",
            "connection refused",
            "network is unreachable",
            "timeout",
            "deadline exceeded",
            "eof",
            "tls",
            "x509",
            "proxyconnect",
            "server misbehaving",
            "no route to host",
        ]) {
            Self::Unreachable
        } else if says(&["manifest unknown", "not found", "no such image", "does not exist"]) {
            Self::Missing
        } else {
            Self::Other
        }
    }
}

/// Splits a reference into the repository and the tag or digest: a colon after the last slash begins the tag.
pub(super) fn split_reference(reference: &str) -> (&str, Option<&str>) {
    if let Some((repository, digest)) = reference.split_once('@') {
        return (repository, Some(digest));
    }
    let name = reference.rfind('/').map_or(0, |slash| slash + 1);
    match reference[name..].find(':') {
        Some(colon) => (&reference[..name + colon], Some(&reference[name + colon + 1..])),
        None => (reference, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_no_tag() {
        assert_eq!(split_reference("host:5000/a/b"), ("host:5000/a/b", None));
        assert_eq!(split_reference("host:5000/a/b:1"), ("host:5000/a/b", Some("1")));
        assert_eq!(split_reference("frr"), ("frr", None));
        assert_eq!(split_reference("a/b:1@sha256:00"), ("a/b:1", Some("sha256:00")));
    }

    #[test]
    fn the_cause_of_a_failed_pull_is_read_from_its_message() {
        let causes = [
            ("manifest for frr:x not found: manifest unknown", PullCause::Missing),
            ("pull access denied for x, repository does not exist or may require 'docker login'", PullCause::Denied),
            ("Get \"https://quay.io/v2/\": dial tcp: lookup quay.io: no such host", PullCause::Unreachable),
            ("no space left on device", PullCause::Other),
        ];
        for (message, cause) in causes {
            for image in ["frr:x", "x", "a"] {
                assert_eq!(PullCause::of(image, message), cause, "{image}: {message}");
            }
        }
    }

    #[test]
    fn the_name_of_an_image_is_no_cause() {
        let images = ["geoffrey/tls-frr:x", "quay.io/geoffrey/tls-frr:x", "timeout/denied@sha256:00"];
        for image in images {
            let old = format!("manifest for {image} not found: manifest unknown: manifest unknown");
            let containerd = format!("failed to resolve reference \"docker.io/{image}\": docker.io/{image}: not found");
            let head =
                format!("unexpected status from HEAD request to https://r/v2/{image}/manifests/x: 404 Not Found");
            for message in [old, containerd, head] {
                assert_eq!(PullCause::of(image, &message), PullCause::Missing, "{message}");
            }
        }
    }
}
