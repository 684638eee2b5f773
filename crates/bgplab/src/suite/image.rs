//! The image of the suite's routers: FRR with the programs that the suite runs in it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use netlab::Docker;
use sha2::{Digest, Sha256};

use crate::bringup::Mode;
use crate::bringup::images::ensure;
use crate::failure::Failure;
use crate::process::Cmd;
use crate::progress::Progress;

/// Starting a container of an image takes a second.
const LOOK_BOUND: Duration = Duration::from_secs(60);
/// A layer of one file takes a second.
const BUILD_BOUND: Duration = Duration::from_secs(300);
/// The name of images with an added wget.
const NAME: &str = "metallb-lab/e2e-frr";

/// Prints the programs that are missing.
const LOOK: &str = "command -v python3 >/dev/null || echo python3
[ -e /usr/lib/frr/frr-reload.py ] || echo frr-reload.py
command -v wget >/dev/null || echo wget";

/// wget in Python, which FRR's own reload needs as well.
const WGET: &str = include_str!("wget.py");

/// The programs that an image lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lacking {
    /// Those that cannot be added.
    pub(super) lost: Vec<String>,
    /// `true` if it lacks wget, which can.
    pub(super) wget: bool,
}

/// Looks into an image; pulls it where the engine does not have it.
///
/// # Errors
/// An image that is nowhere, or in which nothing runs.
pub(super) async fn lacking(docker: &Docker, progress: &Progress, image: &str) -> Result<Lacking, Failure> {
    ensure(docker, progress, &[image], Mode::Apply).await?;
    let run = ["run", "--rm", "--network", "none", "--entrypoint", "sh", image, "-c", LOOK];
    let printed = cli(docker).args(run).within(LOOK_BOUND).read().await?;
    Ok(read(&printed))
}

fn read(printed: &str) -> Lacking {
    let (wget, lost): (Vec<&str>, Vec<&str>) = printed.split_whitespace().partition(|program| *program == "wget");
    Lacking { lost: lost.into_iter().map(str::to_owned).collect(), wget: !wget.is_empty() }
}

/// Makes an image of another one with wget on top, unless it is there, and returns its name.
///
/// # Errors
/// The engine's own.
pub(super) async fn with_wget(docker: &Docker, progress: &Progress, image: &str) -> Result<String, Failure> {
    let states = docker.image_states(&[image]).await?;
    let id = states.into_iter().find_map(|state| state.id).unwrap_or_default();
    let key: String =
        Sha256::digest(format!("{id}\n{WGET}")).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("{NAME}:{key}");
    let step = progress.step(format!("add wget to {image}"));
    if docker.image_states(&[&tag]).await?.iter().any(|state| state.id.is_some()) {
        step.done("added before");
        return Ok(tag);
    }
    let cannot = |error: std::io::Error| Failure::machine("cannot write a temporary file").cause(&error);
    let folder = tempfile::tempdir().map_err(cannot)?;
    let wget = folder.path().join("wget");
    fs_err::write(&wget, WGET).map_err(cannot)?;
    fs_err::set_permissions(&wget, Permissions::from_mode(0o755)).map_err(cannot)?;
    let dockerfile = format!("FROM {image}\nCOPY wget /usr/bin/wget\n");
    fs_err::write(folder.path().join("Dockerfile"), dockerfile).map_err(cannot)?;
    let build = cli(docker).args(["build", "--quiet", "--network", "none", "--tag", &tag]);
    build.arg(folder.path().to_string_lossy()).within(BUILD_BOUND).read().await?;
    step.done(&tag);
    Ok(tag)
}

fn cli(docker: &Docker) -> Cmd {
    Cmd::new("docker").env("DOCKER_HOST", docker.host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wget_can_be_added() {
        let lost = vec!["python3".to_owned(), "frr-reload.py".to_owned()];
        assert_eq!(read("python3\nfrr-reload.py\nwget\n"), Lacking { lost, wget: true });
        assert_eq!(read(""), Lacking::default());
    }
}
