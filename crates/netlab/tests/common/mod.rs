//! Labs that the tests share.
#![allow(dead_code, reason = "every test target uses a part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use netlab::{Capability, ContainerSpec, Endpoint, FileSpec, GuestSpec, LabSpec, Name, NetworkSpec, OnChange, Route};

/// An image that the engine tier has, with `sh`, `ip`, `ping`, `sleep` and `sha256sum`.
pub(crate) const IMAGE: &str = "quay.io/frrouting/frr:9.1.0";

pub(crate) fn name(name: &str) -> Name {
    Name::new(name).unwrap()
}

pub(crate) fn network(text: &str, ipv4: &str, ipv6: &str) -> NetworkSpec {
    NetworkSpec { ipv6: Some(ipv6.parse().unwrap()), ..NetworkSpec::new(name(text), ipv4.parse().unwrap()) }
}

pub(crate) fn endpoint(network: &str, ipv4: &str, ipv6: &str) -> Endpoint {
    Endpoint { network: name(network), ipv4: Some(ipv4.parse().unwrap()), ipv6: Some(ipv6.parse().unwrap()) }
}

pub(crate) fn route(dst: &str, via: &str) -> Route {
    match via.parse().unwrap() {
        std::net::IpAddr::V4(via) => Route::v4(dst.parse().unwrap(), [via]),
        std::net::IpAddr::V6(via) => Route::v6(dst.parse().unwrap(), [via]),
    }
}

pub(crate) fn container(text: &str, endpoints: Vec<Endpoint>, routes: Vec<Route>) -> ContainerSpec {
    ContainerSpec {
        role: "node".to_owned(),
        entrypoint: Some(vec!["sleep".to_owned()]),
        command: Some(vec!["infinity".to_owned()]),
        capabilities: [Capability::NetAdmin, Capability::NetRaw].into(),
        routes,
        ..ContainerSpec::new(name(text), IMAGE, endpoints)
    }
}

pub(crate) fn file(path: &str, contents: &str, on_change: OnChange) -> FileSpec {
    FileSpec {
        path: path.to_owned(),
        contents: contents.as_bytes().to_vec(),
        mode: 0o640,
        uid: 100,
        gid: 101,
        on_change,
    }
}

pub(crate) fn guest(text: &str, network: &str, routes: Vec<Route>) -> GuestSpec {
    GuestSpec { name: name(text), network: name(network), routes }
}

pub(crate) fn reload() -> OnChange {
    OnChange::Reload(["sh", "-c", "cp /etc/lab/conf /run/taken"].map(str::to_owned).into())
}

/// Two networks, a router on both, a node on each side. Objects are named after the lab; its ranges are
/// `10.77.{at}.0/24` and `fd77:{at}::/64`, and those of `at + 1`.
pub(crate) fn two_networks(lab: &str, at: u8) -> LabSpec {
    let next = at + 1;
    let (near, far) = (format!("{lab}-near"), format!("{lab}-far"));
    let pin = |network: &str, at: u8, host: u8| {
        endpoint(network, &format!("10.77.{at}.{host}"), &format!("fd77:{at}::{host}"))
    };
    let routes = |to: u8, through: u8| {
        vec![
            route(&format!("10.77.{to}.0/24"), &format!("10.77.{through}.2")),
            route(&format!("fd77:{to}::/64"), &format!("fd77:{through}::2")),
        ]
    };
    let router = ContainerSpec {
        forwarding: true,
        role: "router".to_owned(),
        ..container(&format!("{lab}-router"), vec![pin(&near, at, 2), pin(&far, next, 2)], Vec::new())
    };
    let left = ContainerSpec {
        files: vec![file("/etc/lab/conf", "hello 1\n", reload()), file("/etc/lab/boot", "once\n", OnChange::Restart)],
        ..container(&format!("{lab}-left"), vec![pin(&near, at, 3)], routes(next, at))
    };
    let right = container(&format!("{lab}-right"), vec![pin(&far, next, 3)], routes(at, next));
    LabSpec {
        name: name(lab),
        networks: vec![
            network(&near, &format!("10.77.{at}.0/24"), &format!("fd77:{at}::/64")),
            network(&far, &format!("10.77.{next}.0/24"), &format!("fd77:{next}::/64")),
        ],
        containers: vec![router, left, right],
        guests: Vec::new(),
    }
}
