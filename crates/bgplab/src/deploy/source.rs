//! The source of MetalLB: read, downloaded and looked at before anything is changed.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use metallb::Manifest;
use metallb::manifest::{Installs, Pins};
use metallb::release::{Published, Release};
use sha2::{Digest, Sha256};

use super::make::Checkout;
use crate::failure::Failure;
use labfile::{Backend, Install, Lab, Source};

/// Ways to bring MetalLB into the cluster, with all that is needed for them at hand.
#[derive(Debug)]
pub enum How {
    /// `make deploy` in a checkout of the operator.
    Make(Checkout),
    /// The operator's manifest.
    Manifest(Manifest),
    /// MetalLB's own manifest.
    Direct(Manifest),
}

impl How {
    /// The source as crates/metallb takes it.
    pub fn source(&self) -> metallb::Source {
        match self {
            Self::Make(_) => metallb::Source::OperatorInstalled,
            Self::Manifest(manifest) | Self::Direct(manifest) => metallb::Source::Manifest(manifest.clone()),
        }
    }

    /// The objects that it would apply, where they can be known.
    pub(super) const fn manifest(&self) -> Option<&Manifest> {
        match self {
            Self::Make(checkout) => checkout.manifest.as_ref(),
            Self::Manifest(manifest) | Self::Direct(manifest) => Some(manifest),
        }
    }

    /// The same with other images in place of some, by their names.
    pub(super) fn with_images(self, instead: &BTreeMap<String, String>) -> Self {
        match self {
            Self::Make(mut checkout) => {
                checkout.manifest = checkout.manifest.map(|manifest| manifest.with_images(instead));
                Self::Make(checkout)
            }
            Self::Manifest(manifest) => Self::Manifest(manifest.with_images(instead)),
            Self::Direct(manifest) => Self::Direct(manifest.with_images(instead)),
        }
    }

    /// Warns of images whose tags float. A checkout's own are deployed as it names them.
    pub(super) fn floating(&self) -> Option<String> {
        let images = Vec::from_iter(self.manifest()?.floating()).join(", ");
        (!images.is_empty()).then(|| {
            format!(
                "{images}: these tags float, so that tomorrow's lab may be another one. A checkout of a release's tag has \
                 fixed ones, and so does `method = \"direct\"` in [metallb.install] of the lab file"
            )
        })
    }
}

/// The most that a manifest may have, in bytes; the operator's has 250 thousand.
const MOST: u64 = 16 << 20;

/// Reads what the lab names.
///
/// # Errors
/// Wrong use where there is no such file, folder or release, or it holds something else; a machine failure where a
/// download is not reached; a step failure where its checksum is another.
pub(crate) async fn prepare(lab: &Lab) -> Result<How, Failure> {
    match &lab.metallb.install {
        Install::Make { checkout, kustomize_dir } => {
            Ok(How::Make(Checkout::look(checkout, kustomize_dir.as_deref()).await?))
        }
        Install::Manifest(source) => {
            let manifest = manifest(lab, source, None).await?;
            if manifest.installs() != Installs::Operator {
                return Err(Failure::wrong_use("this manifest brings MetalLB itself, not its operator")
                    .next("method = \"direct\" in the lab file, or --method direct"));
            }
            Ok(How::Manifest(pinned(lab, manifest)))
        }
        Install::Direct(source) => {
            let manifest = manifest(lab, source, Some(lab.metallb.backend)).await?;
            if manifest.installs() == Installs::Operator {
                return Err(Failure::wrong_use("this manifest brings the operator, not MetalLB itself")
                    .next("method = \"manifest\" in the lab file, or --method manifest"));
            }
            Ok(How::Direct(pinned(lab, manifest)))
        }
    }
}

/// Floating tags are pinned to the version asked for: the same lab is to be the same tomorrow.
fn pinned(lab: &Lab, manifest: Manifest) -> Manifest {
    let version = Some(lab.metallb.version.to_string());
    manifest.pinned(&Pins { operator: version.clone(), metallb: version })
}

async fn manifest(lab: &Lab, source: &Source, backend: Option<Backend>) -> Result<Manifest, Failure> {
    let (place, text) = match source {
        Source::File(path) => (path.to_string(), read(path)?),
        Source::Url { url, sha256 } => (url.clone(), download(url.clone(), sha256.to_string()).await?),
        Source::Release => {
            let version = lab.metallb.version.as_str();
            let known = Release::of(version).and_then(|release| match backend {
                Some(backend) => release.manifest(backend.into()),
                None => Some(release.operator()),
            });
            let Some(Published { url, sha256, .. }) = known else {
                return Err(Failure::wrong_use(format!("no checksum of MetalLB {version}'s manifest is known here"))
                    .next("name a `file`, or a `url` with its `sha256`, in [metallb.install] of the lab file"));
            };
            (url.clone(), download(url, sha256.to_owned()).await?)
        }
    };
    Manifest::parse(&text).map_err(|error| Failure::wrong_use(error.to_string()).place(place))
}

fn read(path: &Utf8Path) -> Result<String, Failure> {
    fs_err::read_to_string(path).map_err(|error| {
        Failure::wrong_use("the manifest cannot be read").cause(&error).next("see [metallb.install] of the lab file")
    })
}

/// A download, kept beside the user's other caches: the checksum says whether what is there is it.
async fn download(url: String, sha256: String) -> Result<String, Failure> {
    let kept = cache().map(|folder| folder.join(format!("{sha256}.yaml")));
    if let Some(text) = kept.as_ref().and_then(|path| fs_err::read_to_string(path).ok())
        && digest(&text) == sha256
    {
        return Ok(text);
    }
    let text = tokio::task::spawn_blocking(move || fetch(&url, &sha256)).await;
    let text = text.map_err(|error| Failure::step("the download broke off").cause(&error))??;
    // Without a cache it is fetched again the next time.
    if let Some(path) = kept {
        let _ = path.parent().map(fs_err::create_dir_all);
        let _ = fs_err::write(path, &text);
    }
    Ok(text)
}

fn fetch(url: &str, sha256: &str) -> Result<String, Failure> {
    let cannot = |error: &(dyn std::error::Error + 'static)| {
        Failure::machine("cannot fetch the manifest").cause(error).place(url).next(
            "fetch it where that is reached and name it as `file` in [metallb.install], or give a checkout of the \
             operator: --operator-dir DIR",
        )
    };
    let agent =
        ureq::Agent::config_builder().timeout_global(Some(std::time::Duration::from_secs(60))).build().new_agent();
    let mut answer = agent.get(url).call().map_err(|error| cannot(&error))?;
    let text = answer.body_mut().with_config().limit(MOST).read_to_string().map_err(|error| cannot(&error))?;
    let actual = digest(&text);
    if actual == sha256 {
        return Ok(text);
    }
    Err(Failure::step("the manifest is not what it should be; nothing was changed")
        .because(format!("its SHA-256 is {actual}, expected {sha256}"))
        .place(url))
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder of downloads.
pub(crate) fn cache() -> Option<Utf8PathBuf> {
    let named = std::env::var("XDG_CACHE_HOME").ok().filter(|path| !path.is_empty()).map(Utf8PathBuf::from);
    let home = || Some(Utf8PathBuf::from(std::env::var("HOME").ok()?).join(".cache"));
    Some(named.or_else(home)?.join("metallb-lab"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let failure = read(Utf8Path::new("no/such.yaml")).unwrap_err().to_json();
        assert_eq!(failure["code"], 2);
        assert!(failure["causes"][0].as_str().unwrap().contains("no/such.yaml"));
    }
}
