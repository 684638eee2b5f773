//! Prerequisites that can be brought about from here.

use super::{engine, kind, seen};
use crate::apt::{self, needs_root};
use crate::failure::Failure;
use crate::progress::Progress;

/// A change to the machine that brings a prerequisite about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fix {
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
    /// Makes the change.
    ///
    /// # Errors
    /// A machine failure without root, or where nothing can be downloaded. Other fixes are worth it all the same: the next
    /// look judges.
    pub async fn apply(&self, progress: &Progress) -> Result<(), Failure> {
        let step = progress.step(self.name());
        let end = self.run(progress).await;
        match &end {
            Ok(()) => step.done("done"),
            Err(failure) => step.failed(failure.message()),
        }
        end
    }

    async fn run(&self, progress: &Progress) -> Result<(), Failure> {
        match self {
            Self::InstallEngine => {
                apt::install(&engine::PACKAGES).await?;
                engine::start().await
            }
            Self::StartEngine => engine::start().await,
            Self::Kind => kind::install(progress).await,
            Self::Packages(packages) => apt::install(packages).await,
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

fn set(name: &str, value: u64) -> Result<(), Failure> {
    let typed = format!("sysctl -w {name}={value}");
    needs_root(&typed)?;
    fs_err::write(seen::path(name), format!("{value}\n"))
        .map_err(|error| Failure::machine(format!("cannot set {name}")).cause(&error).next(typed))
}
