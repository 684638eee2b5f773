//! The request for a network.

use std::collections::HashMap;

use bollard::models::{Ipam, IpamConfig, NetworkCreateRequest};

use super::engine::hash_map;
use crate::engine::Labels;
use crate::model::NetworkSpec;

/// Returns the request for a network. It always gives the bridge's address: with a range for dynamic addresses, Docker
/// would take it from that range.
pub(super) fn request(spec: &NetworkSpec, mtu: u16, labels: &Labels) -> NetworkCreateRequest {
    let config = |subnet: String, ip_range: Option<String>, gateway: String| IpamConfig {
        subnet: Some(subnet),
        ip_range,
        gateway: Some(gateway),
        auxiliary_addresses: None,
    };
    let ipv4 = config(
        spec.ipv4.to_string(),
        spec.dynamic_ipv4.map(|range| range.to_string()),
        spec.gateway_ipv4().to_string(),
    );
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
        enable_ipv6: Some(spec.ipv6.is_some()),
        ipam: Some(Ipam { config: Some([Some(ipv4), ipv6].into_iter().flatten().collect()), ..Ipam::default() }),
        options: Some(options.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<HashMap<_, _>>()),
        labels: Some(hash_map(&labels.to_map())),
        ..NetworkCreateRequest::default()
    }
}
