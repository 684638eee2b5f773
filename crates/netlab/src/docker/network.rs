//! The request for a network.

use std::collections::HashMap;

use bollard::models::{Ipam, IpamConfig, NetworkCreateRequest};

use super::engine::hash_map;
use crate::engine::{ApiVersion, Labels};
use crate::model::NetworkSpec;

/// The first API whose networks can do without IPv4: that of Docker 28.0.
const WITHOUT_IPV4: ApiVersion = ApiVersion { major: 1, minor: 48 };

/// Returns the request for a network. It always gives the bridge's address: with a range for dynamic addresses, Docker
/// would take it from that range.
///
/// A network without an IPv4 range has none where the engine can do without. An older one gives it a range of its own
/// choice, which no network and no route of the machine has, and each container an address of it.
pub(super) fn request(spec: &NetworkSpec, mtu: u16, labels: &Labels, api: ApiVersion) -> NetworkCreateRequest {
    let config = |subnet: String, ip_range: Option<String>, gateway: String| IpamConfig {
        subnet: Some(subnet),
        ip_range,
        gateway: Some(gateway),
        auxiliary_addresses: None,
    };
    let ipv4 = spec.ipv4.zip(spec.gateway_ipv4()).map(|(range, gateway)| {
        config(range.to_string(), spec.dynamic_ipv4.map(|range| range.to_string()), gateway.to_string())
    });
    let ipv6 = spec.ipv6.zip(spec.gateway_ipv6()).map(|(range, gateway)| {
        config(range.to_string(), spec.dynamic_ipv6.map(|range| range.to_string()), gateway.to_string())
    });
    let options = [
        ("com.docker.network.driver.mtu", mtu.to_string()),
        ("com.docker.network.bridge.enable_ip_masquerade", spec.masquerade.to_string()),
    ];
    NetworkCreateRequest {
        name: spec.name.to_string(),
        driver: Some("bridge".to_owned()),
        enable_ipv4: (api >= WITHOUT_IPV4).then_some(spec.ipv4.is_some()),
        enable_ipv6: Some(spec.ipv6.is_some()),
        ipam: Some(Ipam { config: Some([ipv4, ipv6].into_iter().flatten().collect()), ..Ipam::default() }),
        options: Some(options.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<HashMap<_, _>>()),
        labels: Some(hash_map(&labels.to_map())),
        ..NetworkCreateRequest::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::model::Name;

    /// Docker before 28.0 knows no network without IPv4, and takes no request for one.
    #[test]
    fn a_network_without_ipv4_is_asked_for_where_there_can_be_one() {
        let name = Name::new("far").unwrap();
        let spec = NetworkSpec::new(name.clone(), "fd00:1::/64".parse().unwrap());
        let labels =
            Labels { lab: name.clone(), spec: Fingerprint::of_network(&spec), role: "network".to_owned(), name };
        let asked = |minor| request(&spec, 1500, &labels, ApiVersion { major: 1, minor });
        assert_eq!([asked(45).enable_ipv4, asked(47).enable_ipv4], [None, None]);
        assert_eq!((asked(48).enable_ipv4, asked(48).enable_ipv6), (Some(false), Some(true)));
        for api in [45, 48] {
            let ranges = asked(api).ipam.unwrap().config.unwrap();
            let [only] = ranges.as_slice() else { panic!("{ranges:?}") };
            assert_eq!((only.subnet.as_deref(), only.gateway.as_deref()), (Some("fd00:1::/64"), Some("fd00:1::1")));
        }
    }
}
