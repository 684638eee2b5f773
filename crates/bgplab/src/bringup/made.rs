//! The ranges that a cluster was made with, from the flags of its controller manager.

use ipnet::IpNet;

/// File on the control plane that kubeadm writes them to.
pub(super) const FILE: &str = "/etc/kubernetes/manifests/kube-controller-manager.yaml";

/// The ranges that a cluster was made with; empty where the file does not hold them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Made {
    /// Ranges of the pods, one a family.
    pub(super) pods: Vec<IpNet>,
    /// Ranges of the services, one a family.
    pub(super) services: Vec<IpNet>,
}

impl Made {
    /// Read from the controller manager's manifest.
    pub(super) fn of(manifest: &str) -> Self {
        Self { pods: ranges(manifest, "--cluster-cidr="), services: ranges(manifest, "--service-cluster-ip-range=") }
    }
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

    #[test]
    fn the_ranges_are_in_the_controller_managers_arguments() {
        let manifest = "spec:\n  containers:\n  - command:\n    - kube-controller-manager\n    - --allocate-node-cidrs=true\n    \
                        - --cluster-cidr=10.128.0.0/14,fd00:10:128::/56\n    - --service-cluster-ip-range=172.30.0.0/16\n";
        let made = Made::of(manifest);
        assert_eq!(made.pods, ["10.128.0.0/14".parse().unwrap(), "fd00:10:128::/56".parse::<IpNet>().unwrap()]);
        assert_eq!(made.services, ["172.30.0.0/16".parse::<IpNet>().unwrap()]);
    }

    #[test]
    fn a_range_that_is_missing_is_not_guessed() {
        for manifest in ["", "- --cluster-cidr=", "- --cluster-cidr=10.0.0.0/8,x", "# kube"] {
            assert_eq!(Made::of(manifest), Made::default(), "{manifest}");
        }
    }
}
