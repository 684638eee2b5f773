//! The part of MetalLB's suite that fits a cluster: the flags and the skips of MetalLB's own CI (`.github/workflows/ci.yaml`,
//! job `e2e`), by backend and address families.

use std::fmt;

use ipnet::IpNet;
use labfile::{Backend, Family, Lab};
use serde::Serialize;

/// The address families of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Families {
    /// IPv4 alone.
    Ipv4,
    /// IPv6 alone.
    Ipv6,
    /// Both.
    Dual,
}

impl Families {
    /// Returns the families of a lab's services.
    #[must_use]
    pub fn of(lab: &Lab) -> Self {
        match lab.cluster.services.families() {
            [Family::Ipv4] => Self::Ipv4,
            [Family::Ipv6] => Self::Ipv6,
            _ => Self::Dual,
        }
    }
}

impl fmt::Display for Families {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
            Self::Dual => "dual-stack",
        })
    }
}

/// A thing that some specs need and that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lack {
    /// VRFs of the kernel.
    Vrf,
    /// Prometheus in the cluster.
    Prometheus,
}

impl Lack {
    /// Returns the word in the names of the specs that need it.
    const fn skip(self) -> &'static str {
        match self {
            Self::Vrf => "VRF",
            Self::Prometheus => "metrics",
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vrf => "the kernel has no VRFs: specs with VRF are left out",
            Self::Prometheus => "the cluster has no Prometheus (namespace monitoring): specs of metrics are left out",
        })
    }
}

/// Returns the value of `-bgp-mode`.
#[must_use]
pub const fn bgp_mode(backend: Backend) -> &'static str {
    match backend {
        Backend::Native => "native",
        Backend::Frr => "frr",
        Backend::FrrK8s => "frr-k8s",
    }
}

/// Returns the words whose specs are left out: those of upstream's CI, then those for which something is lacking.
#[must_use]
pub fn skips(backend: Backend, families: Families, lacks: &[Lack]) -> Vec<&'static str> {
    let mut skips: Vec<&str> = Vec::new();
    if backend == Backend::Native {
        skips.extend(["FRR", "FRR-MODE", "FRRK8S-MODE", "BFD", "VRF", "DUALSTACK"]);
    }
    skips.extend::<&[&str]>(match families {
        Families::Ipv4 => &["IPV6", "DUALSTACK"],
        Families::Dual => &["IPV6"],
        Families::Ipv6 => &["IPV4", "DUALSTACK"],
    });
    match (backend, families) {
        (Backend::Native, Families::Ipv6) => skips.push("BGP"),
        (Backend::Native, _) => {}
        (Backend::Frr, _) => skips.push("FRRK8S-MODE"),
        (Backend::FrrK8s, _) => skips.push("FRR-MODE"),
    }
    for skip in lacks.iter().map(|lack| lack.skip()) {
        if !skips.contains(&skip) {
            skips.push(skip);
        }
    }
    skips
}

/// Arguments of the suite's program.
#[derive(Debug, Clone)]
pub struct Arguments<'a> {
    /// The kubeconfig.
    pub kubeconfig: &'a str,
    /// The folder of the suite's own reports.
    pub reports: &'a str,
    /// Addresses of the nodes' network for layer 2, IPv4 and IPv6.
    pub ranges: [Option<(IpNet, IpNet)>; 2],
    /// The program kubectl.
    pub kubectl: &'a str,
    /// The image of the suite's containers.
    pub frr_image: &'a str,
    /// The nodes' interface on their network, and that network's bridge on this machine.
    pub interfaces: (&'a str, &'a str),
    /// The backend.
    pub backend: Backend,
    /// `true` to test VRFs, too.
    pub vrf: bool,
}

impl Arguments<'_> {
    /// Returns the arguments, without ginkgo's.
    #[must_use]
    pub fn to_vec(&self) -> Vec<String> {
        // Without a range the suite wants one all the same.
        let range = |range: &Option<(IpNet, IpNet)>| match range {
            Some((first, last)) => format!("{}-{}", first.addr(), last.addr()),
            None => "0.0.0.0/32".to_owned(),
        };
        let (node, local) = self.interfaces;
        vec![
            format!("-kubeconfig={}", self.kubeconfig),
            "-service-pod-port=80".to_owned(),
            format!("-ipv4-service-range={}", range(&self.ranges[0])),
            format!("-ipv6-service-range={}", range(&self.ranges[1])),
            format!("-report-path={}", self.reports),
            format!("-node-nics={node}"),
            format!("-local-nics={local}"),
            format!("-bgp-mode={}", bgp_mode(self.backend)),
            format!("-with-vrf={}", self.vrf),
            format!("-frr-image={}", self.frr_image),
            "-host-bgp-mode=ibgp".to_owned(),
            format!("-kubectl={}", self.kubectl),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words that the CI of MetalLB v0.15.2 passes, by backend and families.
    #[test]
    fn the_skips_are_upstreams() {
        let skips = |backend, families| skips(backend, families, &[]).join("|");
        assert_eq!(skips(Backend::Native, Families::Ipv4), "FRR|FRR-MODE|FRRK8S-MODE|BFD|VRF|DUALSTACK|IPV6|DUALSTACK");
        assert_eq!(skips(Backend::Frr, Families::Dual), "IPV6|FRRK8S-MODE");
        assert_eq!(skips(Backend::FrrK8s, Families::Ipv6), "IPV4|DUALSTACK|FRR-MODE");
        assert!(skips(Backend::Native, Families::Ipv6).ends_with("IPV4|DUALSTACK|BGP"));
    }

    #[test]
    fn what_is_lacking_is_left_out_once() {
        let skips = |backend| skips(backend, Families::Dual, &[Lack::Vrf, Lack::Prometheus]);
        assert_eq!(skips(Backend::Frr), ["IPV6", "FRRK8S-MODE", "VRF", "metrics"]);
        assert_eq!(skips(Backend::Native).iter().filter(|skip| **skip == "VRF").count(), 1);
    }
}
