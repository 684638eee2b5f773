//! A checkout of MetalLB: its tag, and what its suite wants.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use crate::failure::Failure;
use crate::process::Cmd;

/// The folder of the suite, a Go module of its own.
const SUITE: &str = "e2etest";
/// The file with the suite's flags.
const FLAGS: &str = "e2etest/e2etest_suite_test.go";
/// The file with the image of the suite's applications.
const JIG: &str = "e2etest/pkg/jigservice/jig.go";

/// A checkout of MetalLB, as far as its suite is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The folder, absolute.
    pub folder: Utf8PathBuf,
    /// The commit, by the nearest tag: `v0.15.2`, `v0.15.2-3-g0123abc`.
    pub at: String,
    /// The image of the suite's applications.
    pub agnhost: String,
    /// The image of the suite's routers, unless another one is named.
    pub frr: String,
}

impl Checkout {
    /// Reads a checkout.
    ///
    /// # Errors
    /// Wrong use, where the folder is none.
    pub async fn read(folder: &Utf8Path) -> Result<Self, Failure> {
        let none = |why: &(dyn std::error::Error + 'static)| {
            Failure::wrong_use(format!("{folder} is no checkout of MetalLB with its suite"))
                .cause(why)
                .next("git clone https://github.com/metallb/metallb, and check out the tag of the lab's release")
        };
        let folder = folder.canonicalize_utf8().map_err(|error| none(&error))?;
        let read = |file: &str| fs_err::read_to_string(folder.join(file)).map_err(|error| none(&error));
        let (flags, jig) = (read(FLAGS)?, read(JIG)?);
        let named = |what: &str, found: Option<String>| {
            found.ok_or_else(|| {
                Failure::wrong_use(format!("{folder} names no {what} where it is looked for"))
                    .next("check out a release from v0.14 on")
            })
        };
        let agnhost = named("image of the applications", image_after(&jig, "agnostImage ="))?;
        let frr = named("image of the routers", image_after(&flags, "\"frr-image\","))?;
        let describe = Cmd::new("git")
            .args(["-C", folder.as_str(), "describe", "--tags", "--always"])
            .within(Duration::from_secs(20))
            .remedy("install git");
        let at = describe.read().await?;
        Ok(Self { folder, at: at.trim().to_owned(), agnhost, frr })
    }

    /// Returns the folder of the suite.
    #[must_use]
    pub fn suite(&self) -> Utf8PathBuf {
        self.folder.join(SUITE)
    }
}

/// Returns the first text in quotes after a mark.
fn image_after(source: &str, mark: &str) -> Option<String> {
    let (_, rest) = source.split_once(mark)?;
    let (_, rest) = rest.split_once('"')?;
    Some(rest.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_read_from_the_suites_source() {
        let jig = "const agnostImage = \"registry.k8s.io/e2e-test-images/agnhost:2.45\"\n";
        assert_eq!(image_after(jig, "agnostImage =").as_deref(), Some("registry.k8s.io/e2e-test-images/agnhost:2.45"));
        let flags = "flag.StringVar(&frrImage, \"frr-image\", \"quay.io/frrouting/frr:9.1.0\", \"the image\")";
        assert_eq!(image_after(flags, "\"frr-image\",").as_deref(), Some("quay.io/frrouting/frr:9.1.0"));
        assert_eq!(image_after("", "x"), None);
    }

    #[tokio::test]
    async fn another_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let failure = Checkout::read(Utf8Path::from_path(folder.path()).unwrap()).await.unwrap_err();
        assert_eq!(failure.kind(), crate::Kind::WrongUse);
        assert!(failure.message().ends_with("is no checkout of MetalLB with its suite"), "{failure:?}");
    }
}
