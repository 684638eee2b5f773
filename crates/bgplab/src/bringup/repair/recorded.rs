//! The addresses that a node was made with, from the flags of its kubelet.

use std::net::IpAddr;

use labfile::Addresses;

/// File that kubeadm writes the kubelet's flags to when the node joins. A node image of kind that copes with a new
/// address by itself changes it here, too.
pub(super) const FILE: &str = "/var/lib/kubelet/kubeadm-flags.env";

/// The node's addresses in the kubelet's flags: `--node-ip=10.0.1.2,fd00:10:0:1::2`, in whichever order.
pub(super) fn addresses(flags: &str) -> Option<Addresses> {
    let (_, rest) = flags.split_once("--node-ip=")?;
    let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
    let all: Vec<IpAddr> = rest.get(..end)?.split(',').filter_map(|address| address.parse().ok()).collect();
    let v4 = all.iter().find_map(|address| if let IpAddr::V4(v4) = address { Some(*v4) } else { None });
    let v6 = all.iter().find_map(|address| if let IpAddr::V6(v6) = address { Some(*v6) } else { None });
    Addresses::new(v4, v6.filter(|v6| !v6.is_unspecified()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_are_in_the_kubelets_flags() {
        let read = |flags: &str| addresses(flags).map(|own| own.iter().map(|a| a.to_string()).collect::<Vec<_>>());
        let flags =
            "KUBELET_KUBEADM_ARGS=\"--node-ip=10.0.1.2,fd00:10:0:1::2 --node-labels= --provider-id=kind://x\"\n";
        assert_eq!(read(flags).unwrap(), ["10.0.1.2", "fd00:10:0:1::2"]);
        assert_eq!(read("A=\"--node-ip=fd00::2,10.0.1.2\"").unwrap(), ["10.0.1.2", "fd00::2"]);
        assert_eq!(read("A=\"--x --node-ip=10.0.1.2\"").unwrap(), ["10.0.1.2"]);
        assert_eq!(read("A=\"--node-ip=fd00::2\"").unwrap(), ["fd00::2"]);
        for none in ["", "A=\"--node-labels=\"", "A=\"--node-ip=::\""] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
