//! Debian packages, for what the lab needs of the machine.

use std::time::Duration;

use crate::failure::Failure;
use crate::process::{Cmd, Stream};

/// Bound on a run of `apt-get`, which downloads.
const BOUND: Duration = Duration::from_secs(10 * 60);

/// Installs Debian packages, without those that they only recommend.
///
/// # Errors
/// A machine failure without root, and where there is no `apt-get`; a step failure with the end of its output.
pub async fn install(packages: &[&str]) -> Result<(), Failure> {
    needs_root(&format!("apt-get update && apt-get install -y {}", packages.join(" ")))?;
    let apt = || {
        let cmd = Cmd::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").within(BOUND);
        cmd.remedy(format!("this machine is no Debian or Ubuntu: install {} by its own means", packages.join(", ")))
    };
    Stream::new(apt().args(["update", "--quiet"])).run().await?;
    let install = apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]);
    Stream::new(install.args(packages.iter().copied())).run().await?;
    Ok(())
}

/// Fails where this process is not root, with the command for a user to type.
pub(crate) fn needs_root(typed: &str) -> Result<(), Failure> {
    if rustix::process::geteuid().is_root() {
        return Ok(());
    }
    Err(Failure::machine("this takes root").next(format!("sudo sh -c '{typed}'")))
}
