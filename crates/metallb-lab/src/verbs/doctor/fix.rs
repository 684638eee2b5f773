//! What can be mended from here.

use std::time::Duration;

use super::{engine, kind, seen};
use crate::ctx::Ctx;
use crate::exit;
use bgplab::Failure;
use bgplab::process::{Cmd, Stream};

/// Something that can be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fix {
    /// Install Docker's engine from Debian's packages, and start it.
    InstallEngine,
    /// Start the engine that is installed.
    StartEngine,
    /// Install kind.
    Kind,
    /// Install Debian packages.
    Packages(&'static [&'static str]),
    /// Set a kernel setting, until the next boot.
    Sysctl(&'static str, u64),
}

impl Fix {
    /// Mends it, or says why not: what else can be mended is worth it all the same, and the next look judges.
    pub(super) async fn apply(&self, ctx: &Ctx) {
        let step = ctx.progress.step(self.name());
        match self.mend(ctx).await {
            Ok(()) => step.done("done"),
            Err(failure) => {
                step.failed(failure.message());
                ctx.progress.pass(&exit::render(&failure, ctx.command, false));
            }
        }
    }

    async fn mend(&self, ctx: &Ctx) -> Result<(), Failure> {
        match self {
            Self::InstallEngine => {
                install(&engine::PACKAGES).await?;
                engine::start().await
            }
            Self::StartEngine => engine::start().await,
            Self::Kind => kind::install(&ctx.progress).await,
            Self::Packages(packages) => install(packages).await,
            Self::Sysctl(name, value) => set(name, *value),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::InstallEngine => "install and start Docker".to_owned(),
            Self::StartEngine => "start Docker".to_owned(),
            Self::Kind => format!("install kind {}", kind::VERSION),
            Self::Packages(packages) => format!("install {}", packages.join(", ")),
            Self::Sysctl(name, value) => format!("set {name} = {value}"),
        }
    }
}

/// Installs Debian packages.
pub(crate) async fn install(packages: &[&str]) -> Result<(), Failure> {
    let typed = format!("apt-get update && apt-get install -y {}", packages.join(" "));
    root(&typed)?;
    let apt = || {
        let cmd = Cmd::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").within(Duration::from_secs(10 * 60));
        cmd.remedy(format!("this machine is no Debian or Ubuntu: install {} by its own means", packages.join(", ")))
    };
    Stream::new(apt().args(["update", "--quiet"])).run().await?;
    let install = apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]);
    Stream::new(install.args(packages.iter().copied())).run().await?;
    Ok(())
}

fn set(name: &str, value: u64) -> Result<(), Failure> {
    let typed = format!("sysctl -w {name}={value}");
    root(&typed)?;
    fs_err::write(seen::path(name), format!("{value}\n"))
        .map_err(|error| Failure::machine(format!("cannot set {name}")).cause(&error).next(typed))
}

/// A failure with what to type where we are not root.
pub(super) fn root(typed: &str) -> Result<(), Failure> {
    if rustix::process::geteuid().is_root() {
        return Ok(());
    }
    Err(Failure::machine("this takes root").next(format!("sudo sh -c '{typed}'")))
}
