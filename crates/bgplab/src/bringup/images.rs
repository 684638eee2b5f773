//! Images: used where they are, pulled where they are not.

use futures::future::try_join_all;
use netlab::Docker;

use super::Mode;
use crate::failure::Failure;
use crate::progress::Progress;

/// Sees to it that the engine has these images; a dry run only looks.
///
/// # Errors
/// A machine failure that names the image, the cause and the ways out.
pub async fn ensure(docker: &Docker, progress: &Progress, references: &[&str], mode: Mode) -> Result<(), Failure> {
    if mode == Mode::DryRun {
        return Ok(());
    }
    let states = docker.image_states(references).await?;
    let missing = states.into_iter().filter(|state| state.id.is_none());
    try_join_all(missing.map(|state| pull(docker, progress, state.reference))).await?;
    Ok(())
}

async fn pull(docker: &Docker, progress: &Progress, image: String) -> Result<(), Failure> {
    let mut step = progress.step(format!("pull {image}"));
    let pulled = docker
        .pull(&image, |at| {
            let of = at.bytes.map(|(done, all)| format!(" {} of {} MB", done >> 20, all >> 20)).unwrap_or_default();
            step.note(format!("{}{of}", at.status));
        })
        .await;
    match pulled {
        Ok(()) => step.done("pulled"),
        Err(ref error) => step.failed(error.to_string()),
    }
    pulled.map_err(Failure::from)
}
