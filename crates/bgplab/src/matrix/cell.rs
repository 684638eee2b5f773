//! The cells: each a release of MetalLB, a backend, the routers' FRR and a mode of kube-proxy.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use labfile::{Backend, Image, KubeProxy, Method, Version};
use serde::{Deserialize, Serialize};

use crate::context::LabSource;

/// A cell of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cell {
    /// The release of MetalLB.
    pub metallb: Version,
    /// The BGP implementation on the nodes.
    pub backend: Backend,
    /// The routers' image.
    pub frr: Image,
    /// The mode of kube-proxy.
    pub kube_proxy: KubeProxy,
}

/// The values that are combined: every one with every other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axes {
    /// The releases of MetalLB.
    pub metallb: Vec<Version>,
    /// The backends.
    pub backends: Vec<Backend>,
    /// The routers' images.
    pub frr: Vec<Image>,
    /// The modes of kube-proxy.
    pub kube_proxy: Vec<KubeProxy>,
}

impl Axes {
    /// Returns the cells, the last axis first; a value that is given twice counts once.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for metallb in &self.metallb {
            for &backend in &self.backends {
                for frr in &self.frr {
                    for &kube_proxy in &self.kube_proxy {
                        let cell = Cell { metallb: metallb.clone(), backend, frr: frr.clone(), kube_proxy };
                        if !cells.contains(&cell) {
                            cells.push(cell);
                        }
                    }
                }
            }
        }
        cells
    }
}

impl Cell {
    /// Returns the source of the lab with the cell's parts; with a folder of manifests, MetalLB comes from there
    /// (`VERSION/metallb-BACKEND.yaml`).
    pub(super) fn source(&self, lab: &LabSource, manifests: Option<&Utf8Path>) -> LabSource {
        let mut source = lab.clone();
        let chosen = &mut source.overrides;
        chosen.version = Some(self.metallb.clone());
        chosen.backend = Some(self.backend);
        chosen.frr_image = Some(self.frr.clone());
        chosen.kube_proxy = Some(self.kube_proxy);
        if let Some(folder) = manifests {
            chosen.method = Some(Method::Direct);
            chosen.manifest = Some(self.manifest(folder));
        }
        source
    }

    /// Returns its manifest in a folder of them.
    pub(super) fn manifest(&self, folder: &Utf8Path) -> Utf8PathBuf {
        let name = format!("metallb-{}.yaml", metallb::spec::Backend::from(self.backend));
        folder.join(self.metallb.as_str()).join(name)
    }

    /// Returns its name as a file's.
    pub(super) fn file_name(&self) -> String {
        self.to_string().replace(|c: char| !c.is_ascii_alphanumeric() && c != '.', "-")
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let backend = metallb::spec::Backend::from(self.backend);
        write!(f, "{} {backend} {} {}", self.metallb, self.frr, self.kube_proxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes() -> Axes {
        Axes {
            metallb: vec!["v0.16.1".parse().unwrap(), "v0.15.2".parse().unwrap()],
            backends: vec![Backend::Frr, Backend::FrrK8s, Backend::Frr],
            frr: vec!["quay.io/frrouting/frr:9.1.0".parse().unwrap()],
            kube_proxy: vec![KubeProxy::Iptables, KubeProxy::Nftables],
        }
    }

    #[test]
    fn every_value_meets_every_other_once() {
        let cells = axes().cells();
        let names: Vec<String> = cells.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), 8);
        assert_eq!(names[0], "v0.16.1 frr quay.io/frrouting/frr:9.1.0 iptables");
        assert_eq!(names[1], "v0.16.1 frr quay.io/frrouting/frr:9.1.0 nftables");
        assert_eq!(names[7], "v0.15.2 frr-k8s quay.io/frrouting/frr:9.1.0 nftables");
        assert_eq!(cells[7].file_name(), "v0.15.2-frr-k8s-quay.io-frrouting-frr-9.1.0-nftables");
    }

    #[test]
    fn a_cell_decides_over_the_lab_file() {
        let cell = &axes().cells()[7];
        let lab = cell.source(&LabSource::default(), None).read().unwrap();
        assert_eq!((lab.metallb.version.as_str(), lab.metallb.backend), ("v0.15.2", Backend::FrrK8s));
        assert_eq!((lab.images.frr.as_str(), lab.cluster.kube_proxy), (cell.frr.as_str(), KubeProxy::Nftables));
        let source = cell.source(&LabSource::default(), Some(Utf8Path::new("manifests")));
        assert_eq!(source.overrides.manifest.unwrap(), "manifests/v0.15.2/metallb-frr-k8s.yaml");
    }
}
