//! The settings that a cluster was made with: its ranges, from the flags of its controller manager, and the mode of its
//! kube-proxy, from what kind gave to kubeadm.

use std::collections::BTreeMap;

use ipnet::IpNet;
use labfile::KubeProxy;

/// File on the control plane that kubeadm writes the ranges to.
const RANGES: &str = "/etc/kubernetes/manifests/kube-controller-manager.yaml";
/// File in every node that kind writes kubeadm's configuration to.
const KUBEADM: &str = "/kind/kubeadm.conf";

/// The files of the control plane that hold the settings.
pub(super) const FILES: [&str; 2] = [RANGES, KUBEADM];

/// The settings that a cluster was made with; empty where the files do not hold them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Made {
    /// Ranges of the pods, one a family.
    pub(super) pods: Vec<IpNet>,
    /// Ranges of the services, one a family.
    pub(super) services: Vec<IpNet>,
    /// Mode of kube-proxy.
    pub(super) kube_proxy: Option<KubeProxy>,
}

impl Made {
    /// Read from the [files](FILES) that are there.
    pub(super) fn of(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let text = |path| files.get(path).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let manifest = text(RANGES);
        Self {
            pods: ranges(&manifest, "--cluster-cidr="),
            services: ranges(&manifest, "--service-cluster-ip-range="),
            kube_proxy: mode(&text(KUBEADM)),
        }
    }
}

/// The mode in kube-proxy's configuration, which is one of several documents.
fn mode(kubeadm: &str) -> Option<KubeProxy> {
    let documents = kubeadm.split("\n---");
    let own = documents.filter(|document| document.lines().any(|line| line.trim() == "kind: KubeProxyConfiguration"));
    let mode = own.flat_map(str::lines).find_map(|line| line.strip_prefix("mode:"))?;
    let mode = mode.trim().trim_matches('"');
    KubeProxy::ALL.into_iter().find(|known| known.as_str() == mode)
}

/// The value of an argument, a list with commas. Nothing where any of it is not a range: half an answer is none.
fn ranges(manifest: &str, argument: &str) -> Vec<IpNet> {
    let value = manifest.lines().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix(argument));
    let ranges: Result<Vec<IpNet>, _> =
        value.unwrap_or_default().trim_matches('"').split(',').map(str::parse).collect();
    ranges.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(path: &str, text: &str) -> BTreeMap<String, Vec<u8>> {
        BTreeMap::from([(path.to_owned(), text.as_bytes().to_vec())])
    }

    #[test]
    fn the_ranges_are_in_the_controller_managers_arguments() {
        let manifest = "spec:\n  containers:\n  - command:\n    - kube-controller-manager\n    - --allocate-node-cidrs=true\n    \
                        - --cluster-cidr=10.128.0.0/14,fd00:10:128::/56\n    - --service-cluster-ip-range=172.30.0.0/16\n";
        let made = Made::of(&files(RANGES, manifest));
        assert_eq!(made.pods, ["10.128.0.0/14".parse().unwrap(), "fd00:10:128::/56".parse::<IpNet>().unwrap()]);
        assert_eq!(made.services, ["172.30.0.0/16".parse::<IpNet>().unwrap()]);
    }

    #[test]
    fn a_range_that_is_missing_is_not_guessed() {
        for manifest in ["", "- --cluster-cidr=", "- --cluster-cidr=10.0.0.0/8,x", "# kube"] {
            assert_eq!(Made::of(&files(RANGES, manifest)), Made::default(), "{manifest}");
        }
    }

    #[test]
    fn the_mode_is_kube_proxys_own() {
        let kubeadm = |mode: &str| {
            format!(
                "kind: ClusterConfiguration\nmode: ipvs\n---\napiVersion: kubeproxy.config.k8s.io/v1alpha1\nconntrack:\n  \
                 maxPerCore: 0\nkind: KubeProxyConfiguration\n{mode}\n"
            )
        };
        let seen = |mode: &str| Made::of(&files(KUBEADM, &kubeadm(mode))).kube_proxy;
        assert_eq!(seen("mode: \"nftables\""), Some(KubeProxy::Nftables));
        assert_eq!(seen("mode: iptables"), Some(KubeProxy::Iptables));
        assert_eq!(seen("mode: \"\""), None);
        assert_eq!(seen(""), None);
    }
}
