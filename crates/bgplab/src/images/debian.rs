//! FRR's image from Debian packages, for where no registry is reached.
//!
//! In the published image's layout, so that it can take its place: MetalLB writes into it as user 100:101, starts
//! `/usr/lib/frr/docker-start` under `/sbin/tini`, and its script expects a shell that knows `[[`.

use std::time::Duration;

use camino::Utf8Path;
use frrconf::vty::RUN_FOLDER;
use netlab::Docker;
use serde::Serialize;

use super::archive;
use crate::apt;
use crate::context::Context;
use crate::failure::Failure;
use crate::process::{Cmd, Stream};

/// The Debian release that FRR's image is usually made from. trixie's FRR 10.3 can hold a BGP session down for good after a
/// BFD failure.
const RELEASE: &str = "bookworm";

/// A request to make FRR's image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The Debian release.
    pub release: String,
    /// The Debian mirror; `None` means the one that apt knows for the release, else Debian's own.
    pub mirror: Option<String>,
    /// The image's name; `None` means the lab's FRR image.
    pub tag: Option<String>,
    /// `true` if it is made anew where it is there already.
    pub force: bool,
    /// `true` if mmdebstrap is installed by apt-get where it is missing.
    pub install: bool,
}

impl Default for Build {
    fn default() -> Self {
        Self { release: RELEASE.to_owned(), mirror: None, tag: None, force: false, install: false }
    }
}

/// An image that was made, or was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Built {
    /// The image's name.
    pub image: String,
    /// `true` if it was made.
    pub changed: bool,
    /// The Debian release that it was made from; `None` where it was there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

/// The program that makes root file systems of Debian, and the keys that it trusts.
const MMDEBSTRAP: [&str; 2] = ["mmdebstrap", "debian-archive-keyring"];

const PACKAGES: &str = "frr,frr-pythontools,iproute2,iputils-ping,procps,tini,curl";

/// Returns the script that starts what `/etc/frr/daemons` enables, in the foreground.
fn docker_start() -> String {
    format!(
        "#!/bin/bash\n. /usr/lib/frr/frrcommon.sh\ninstall -d -m 0750 -o frr -g frr {RUN_FOLDER}\n\
         exec /usr/lib/frr/watchfrr $(daemon_list)\n"
    )
}

/// Gives `frr` the ids 100:101, whoever has them, and puts tini and a shell where the published image has them.
const ARRANGE: &str = r#"set -e
user=$(getent passwd 100 | cut -d: -f1); [ -z "$user" ] || usermod -u 1100 "$user"
group=$(getent group 101 | cut -d: -f1); [ -z "$group" ] || groupmod -g 1101 "$group"
usermod -u 100 frr; groupmod -g 101 frr
chown -R frr:frr /etc/frr /var/log/frr
ln -s /usr/bin/tini /sbin/tini
ln -sf bash /bin/sh
chmod 0755 /usr/lib/frr/docker-start"#;

/// Makes FRR's image from Debian packages, unless it is there.
///
/// # Errors
/// A machine failure where mmdebstrap is not installed, or cannot be; what it or the engine says.
pub async fn build(ctx: &Context, asked: &Build) -> Result<Built, Failure> {
    let lab = ctx.lab()?;
    let docker = Docker::connect().await?;
    let tag = asked.tag.as_deref().unwrap_or(lab.images.frr.as_str());
    let there = docker.image_states(&[tag]).await?.iter().any(|state| state.id.is_some());
    if there && !asked.force {
        return Ok(Built { image: tag.to_owned(), changed: false, release: None });
    }
    if asked.install && which::which("mmdebstrap").is_err() {
        let step = ctx.progress.step("install mmdebstrap");
        // Ubuntu has Debian's keys in a package of their own, which mmdebstrap only recommends.
        apt::install(&MMDEBSTRAP).await?;
        step.done("installed");
    }
    let folder = tempfile::tempdir().map_err(|error| Failure::step("cannot make a temporary folder").cause(&error))?;
    let Some(folder_path) = Utf8Path::from_path(folder.path()) else {
        return Err(Failure::machine("the temporary folder's name is not UTF-8").next("set TMPDIR to another one"));
    };
    let rootfs = folder_path.join("rootfs.tar");
    let start = folder_path.join("docker-start");
    fs_err::write(&start, docker_start()).map_err(|error| Failure::step("cannot write a file").cause(&error))?;

    let mirror = match &asked.mirror {
        Some(mirror) => Some(mirror.clone()),
        None => known_mirror(&asked.release).await,
    };
    let step = ctx.progress.step(format!("root file system of Debian {}", asked.release));
    let progress = ctx.progress.clone();
    Stream::new(bootstrap(&asked.release, mirror.as_deref(), &start, &rootfs))
        .on_line(move |line| progress.say(line))
        .run()
        .await?;
    step.done("made");

    let step = ctx.progress.step(format!("image {tag}"));
    let label = format!("LABEL io.metallb-lab.built=\"locally, FRR of Debian {}\"", asked.release);
    let changes = [
        "ENV TINI_SUBREAPER=true",
        // Older engines run no command by its name in an image that has none.
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "ENTRYPOINT [\"/sbin/tini\", \"--\"]",
        "CMD [\"/usr/lib/frr/docker-start\"]",
        &label,
    ];
    docker.import_rootfs(tag, archive::chunks(&rootfs).await?, &changes).await?;
    step.done("imported");
    Ok(Built { image: tag.to_owned(), changed: true, release: Some(asked.release.clone()) })
}

/// Returns the command that makes the root file system. The same packages give the same archive, byte by byte.
fn bootstrap(release: &str, mirror: Option<&str>, start: &Utf8Path, rootfs: &Utf8Path) -> Cmd {
    let options = [
        "--variant=minbase",
        "--aptopt=Acquire::Languages \"none\"",
        // An old release's index is past its date, and still the right one.
        "--aptopt=Acquire::Check-Valid-Until \"false\"",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
    ];
    Cmd::new("mmdebstrap")
        .args(options)
        .arg(format!("--include={PACKAGES}"))
        .arg(format!("--customize-hook=copy-in {start} /usr/lib/frr"))
        .arg(format!("--customize-hook=chroot \"$1\" sh -c '{ARRANGE}'"))
        .args([release, rootfs.as_str()])
        .args(mirror)
        .env("SOURCE_DATE_EPOCH", "0")
        .within(Duration::from_secs(10 * 60))
        .remedy("`⌘ images build --fix` installs it, or `apt-get install mmdebstrap debian-archive-keyring`")
}

/// Returns the mirror from which this machine's apt takes the release, or where it takes another one from.
async fn known_mirror(release: &str) -> Option<String> {
    let ask = |filter: Option<String>| {
        let cmd =
            Cmd::new("apt-get").args(["indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"]);
        async move { cmd.args(filter).read().await.unwrap_or_default() }
    };
    let of_release = ask(Some(format!("Codename: {release}"))).await;
    let all = if of_release.is_empty() { ask(None).await } else { of_release };
    first_debian(&all)
}

/// Returns the first URL that is Debian's main archive, not a security or foreign one.
fn first_debian(lines: &str) -> Option<String> {
    let of_line = |line: &str| {
        let (url, origin) = line.split_once(' ')?;
        (origin == "Debian" && !url.contains("security")).then(|| url.to_owned())
    };
    lines.lines().find_map(of_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_debians_own_archive() {
        let lines = "http://download.example/linux/debian Docker\n\
                     http://mirror.example/debian-security Debian\n\
                     http://mirror.example/debian Debian\n";
        assert_eq!(first_debian(lines).as_deref(), Some("http://mirror.example/debian"));
        assert_eq!(first_debian(""), None);
    }

    #[test]
    fn the_script_goes_through_the_hooks_quoting() {
        assert!(!ARRANGE.contains('\''));
    }
}
