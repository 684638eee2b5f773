//! The releases of MetalLB that are known, and the parts of each: the one place for facts of a version.

mod feature;

use std::collections::BTreeSet;

use crate::spec::Backend;
pub use feature::Feature;

/// A release of MetalLB, as it was published (`config/manifests` of MetalLB's repository, under the release's tag).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Release {
    /// The tag, such as `v0.16.1`.
    pub version: &'static str,
    /// FRR in the speakers' pods, backend frr.
    pub frr: &'static str,
    /// The image of frr-k8s.
    pub frr_k8s: &'static str,
    /// FRR in the pods of frr-k8s.
    pub frr_k8s_frr: &'static str,
    /// The proxy before the metrics of frr-k8s, where it has one: 0.16 serves them itself.
    pub rbac_proxy: Option<&'static str>,
    /// SHA-256 of MetalLB's own manifests, one a backend.
    manifests: [(Backend, &'static str); 3],
    /// The commit of the operator that deploys this release, and the SHA-256 of its manifest there. The manifest names
    /// no release of MetalLB: it is the last one before the operator took up the next MetalLB (its
    /// `hack/metallb_ref.txt`).
    operator: (&'static str, &'static str),
}

/// A published manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// The address, which always answers with the same text.
    pub url: String,
    /// The SHA-256 of that text, in hexadecimal digits.
    pub sha256: &'static str,
}

/// The releases, the newest first.
pub const RELEASES: [Release; 2] = [
    Release {
        version: "v0.16.1",
        frr: "quay.io/frrouting/frr:10.5.3",
        frr_k8s: "quay.io/metallb/frr-k8s:v0.0.25",
        frr_k8s_frr: "quay.io/frrouting/frr:10.4.3",
        rbac_proxy: None,
        operator: (
            "49a35e17d81c50005437af971d36ce8565047b84",
            "f960f0814b9a10421f7453dc93520083ca71e6bac702a7206e242604764bd32f",
        ),
        manifests: [
            (Backend::Native, "bf25feebb7582ca7df845efd52ffbc2960d6cbf4cfc972f47fded9f788b67f0b"),
            (Backend::Frr, "2b3574f8a257270117f1ab58c4268c99c56cf3e92f2525e6b88aff0b2208f131"),
            (Backend::FrrK8s, "19313e5031714cc1489b3b0ed0ae6e58be0e92538b4a5ed9c529c847ef2bac62"),
        ],
    },
    Release {
        version: "v0.15.2",
        frr: "quay.io/frrouting/frr:9.1.0",
        frr_k8s: "quay.io/metallb/frr-k8s:v0.0.20",
        frr_k8s_frr: "quay.io/frrouting/frr:9.1.0",
        rbac_proxy: Some("gcr.io/kubebuilder/kube-rbac-proxy:v0.13.1"),
        operator: (
            "2697681279639814d28007ab00b8df1356fdb477",
            "70d46f51bb78270b0223ba9a3880473f84d72fd9769b3f85e00a54126b06150b",
        ),
        manifests: [
            (Backend::Native, "a1b04c376fb39c93265f551fe23716a3ae6e09b790edb3bf257d3fc784c35a18"),
            (Backend::Frr, "64cae8e2bb5a7e7cb3d8d27894c6ae6db3d677e7b8504f88b2f0dea67d0b89d5"),
            (Backend::FrrK8s, "267dd45df04499a477840308988b551cd8435b01f55f92443f931b56095ea171"),
        ],
    },
];

/// The release that is installed where none is named.
pub const CURRENT: Release = RELEASES[0];

impl Release {
    /// Returns the release of a tag, if it is known here.
    pub fn of(version: &str) -> Option<&'static Self> {
        RELEASES.iter().find(|release| release.version == version)
    }

    /// Returns the manifest that installs MetalLB itself with a backend; `None` where none was published for it.
    pub fn manifest(&self, backend: Backend) -> Option<Published> {
        let (_, sha256) = self.manifests.iter().find(|(of, _)| *of == backend)?;
        let version = self.version;
        let url = format!(
            "https://raw.githubusercontent.com/metallb/metallb/{version}/config/manifests/metallb-{backend}.yaml"
        );
        Some(Published { url, sha256 })
    }

    /// Returns the manifest that installs the operator.
    pub fn operator(&self) -> Published {
        let (commit, sha256) = self.operator;
        let url =
            format!("https://raw.githubusercontent.com/metallb/metallb-operator/{commit}/bin/metallb-operator.yaml");
        Published { url, sha256 }
    }

    /// Returns the images of MetalLB with a backend.
    pub fn images(&self, backend: Backend) -> BTreeSet<String> {
        let (controller, on_nodes) = variables(backend);
        let all = [controller].into_iter().chain(on_nodes.iter().copied());
        all.filter_map(|variable| self.image(variable, backend)).collect()
    }

    /// Returns the image that the operator takes for one of its variables (`FRR_IMAGE`, …) and a backend, as the
    /// release was published with it.
    pub fn image(&self, variable: &str, backend: Backend) -> Option<String> {
        let image = match (variable, backend) {
            ("FRR_IMAGE", Backend::FrrK8s | Backend::FrrK8sExternal) => self.frr_k8s_frr,
            ("FRR_IMAGE", _) => self.frr,
            ("FRRK8S_IMAGE", _) => self.frr_k8s,
            ("KUBE_RBAC_PROXY_IMAGE", _) => self.rbac_proxy?,
            _ => return own_image(variable, self.version),
        };
        Some(image.to_owned())
    }
}

/// Returns the operator's variables for the images that MetalLB needs with a backend: that of the controller, and those
/// of the pods on every node.
pub const fn variables(backend: Backend) -> (&'static str, &'static [&'static str]) {
    let on_nodes: &[&str] = match backend {
        Backend::Native | Backend::FrrK8sExternal => &["SPEAKER_IMAGE"],
        Backend::Frr => &["SPEAKER_IMAGE", "FRR_IMAGE"],
        Backend::FrrK8s => &["SPEAKER_IMAGE", "FRR_IMAGE", "FRRK8S_IMAGE", "KUBE_RBAC_PROXY_IMAGE"],
    };
    ("CONTROLLER_IMAGE", on_nodes)
}

/// Returns the backend that a release's operator takes where none is named, off OpenShift: the release as its three
/// numbers. MetalLB 0.16 made frr-k8s the default, and deprecated frr (its release notes).
pub const fn default_backend(version: (u64, u64, u64)) -> Backend {
    if version.0 == 0 && version.1 < 16 { Backend::Frr } else { Backend::FrrK8s }
}

/// Returns the image of MetalLB's own parts, which carries the release as its tag, for one of the operator's variables.
pub fn own_image(variable: &str, version: &str) -> Option<String> {
    let part = match variable {
        "CONTROLLER_IMAGE" => "controller",
        "SPEAKER_IMAGE" => "speaker",
        _ => return None,
    };
    Some(format!("quay.io/metallb/{part}:{version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_pinned_to_a_text_that_does_not_change() {
        for release in RELEASES {
            let backends = [Backend::Native, Backend::Frr, Backend::FrrK8s];
            let own = backends.map(|backend| release.manifest(backend).unwrap());
            for published in own.into_iter().chain([release.operator()]) {
                assert!(!published.url.contains("/main/") && !published.url.contains("/master/"), "{published:?}");
                assert_eq!(published.sha256.len(), 64, "{published:?}");
                assert!(published.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()), "{published:?}");
            }
            assert_eq!(release.manifest(Backend::FrrK8sExternal), None, "{}", release.version);
        }
    }

    #[test]
    fn the_current_release_is_the_newest() {
        assert_eq!(Release::of(CURRENT.version), Some(&RELEASES[0]));
        assert_eq!(Release::of("v0.0.1"), None);
    }

    #[test]
    fn frr_k8s_is_the_default_since_0_16() {
        assert_eq!(default_backend((0, 15, 9)), Backend::Frr);
        assert_eq!(default_backend((0, 16, 0)), Backend::FrrK8s);
        assert_eq!(default_backend((1, 0, 0)), Backend::FrrK8s);
    }

    #[test]
    fn images_are_those_of_the_release_and_the_backend() {
        let [newest, older] = RELEASES;
        let image = |release: &Release, variable| release.image(variable, Backend::FrrK8s);
        assert_eq!(image(&newest, "SPEAKER_IMAGE").unwrap(), "quay.io/metallb/speaker:v0.16.1");
        assert_eq!(image(&newest, "FRR_IMAGE").unwrap(), "quay.io/frrouting/frr:10.4.3");
        assert_eq!(newest.image("FRR_IMAGE", Backend::Frr).unwrap(), "quay.io/frrouting/frr:10.5.3");
        assert_eq!(image(&newest, "KUBE_RBAC_PROXY_IMAGE"), None);
        assert_eq!((newest.images(Backend::FrrK8s).len(), older.images(Backend::FrrK8s).len()), (4, 5));
        assert_eq!(older.images(Backend::Native).len(), 2);
        assert!(image(&older, "KUBE_RBAC_PROXY_IMAGE").is_some());
    }
}
