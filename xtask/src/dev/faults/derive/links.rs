//! Faults of a container's connections: endpoints, links, addresses.

use std::net::IpAddr;

use bgplab::labfile::ipnet::IpNet;
use bgplab::netlab::{ContainerSpec, Endpoint, Lab, NetworkSpec};

use crate::dev::faults::fault::{Act, Fault};

/// The link that has an address, in a shell whose `$0` it is.
const LINK: &str = "dev \"$(ip -o address show to \"$0\" | awk '{print $2; exit}')\"";

/// Faults of a container's connections.
pub(super) fn of(lab: &Lab, spec: &ContainerSpec) -> Vec<Fault> {
    let connected = spec.endpoints.iter().filter_map(|at| Some((at, lab.network(at.network.as_str())?)));
    connected
        .flat_map(|(at, network)| {
            let connection = Connection { lab, spec, at, network };
            [connection.endpoint(), connection.link(), connection.addresses()].concat()
        })
        .collect()
}

/// A container on a network.
#[derive(Clone, Copy)]
struct Connection<'a> {
    lab: &'a Lab,
    spec: &'a ContainerSpec,
    at: &'a Endpoint,
    network: &'a NetworkSpec,
}

impl Connection<'_> {
    fn name(&self) -> &str {
        self.spec.name.as_str()
    }

    /// Words that name the connection: the network, and the addresses on it.
    fn words(&self) -> Vec<String> {
        std::iter::once(self.network.name.to_string()).chain(self.at.pinned().map(|own| own.to_string())).collect()
    }

    fn fault(&self, kind: &str, change: &str, acts: Vec<Act>) -> Fault {
        let id = format!("{kind}/{}/{}/{change}", self.name(), self.network.name);
        Fault::of(id, self.name(), acts).named(self.words())
    }

    /// The connection as Docker has it.
    fn endpoint(&self) -> Vec<Fault> {
        let network = self.network.name.as_str();
        let off = || Act::docker(["network", "disconnect", "-f", network, self.name()]);
        let mut all = vec![self.fault("endpoint", "disconnected", vec![off()])];
        if let Some(free) = self.free() {
            let on = Act::docker(["network", "connect", "--ip", &free, network, self.name()]);
            all.push(self.fault("endpoint", "readdressed", vec![off(), on]));
        }
        all
    }

    /// An address of the network that nobody has: from its end.
    fn free(&self) -> Option<String> {
        let pinned = |address: &IpAddr| {
            let endpoints = self.lab.containers().iter().flat_map(|spec| &spec.endpoints);
            endpoints.flat_map(Endpoint::pinned).any(|own| own == *address)
        };
        let from_the_end = |range: IpNet| -> Option<IpAddr> {
            let last = range.broadcast();
            let back = |steps: u32| match last {
                IpAddr::V4(last) => Some(IpAddr::V4(last.to_bits().checked_sub(steps)?.into())),
                IpAddr::V6(last) => Some(IpAddr::V6(last.to_bits().checked_sub(steps.into())?.into())),
            };
            (1..=u16::MAX.into()).map_while(back).take_while(|at| range.contains(at)).find(|at| !pinned(at))
        };
        from_the_end(self.network.ranges().next()?).map(|address| address.to_string())
    }

    /// The link in the container.
    fn link(&self) -> Vec<Fault> {
        let Some(own) = self.at.pinned().next() else { return Vec::new() };
        let set = |change: &str, words: &str| {
            let act = Act::shell_in(self.name(), &format!("ip link set {LINK} {words}"), [own]);
            self.fault("link", change, vec![act])
        };
        vec![set("down", "down"), set("mtu", "mtu 1300"), set("arp", "arp off")]
    }

    /// The addresses on the link.
    fn addresses(&self) -> Vec<Fault> {
        let all = self.at.pinned().flat_map(|own| {
            let host = if own.is_ipv4() { 32 } else { 128 };
            let range = self.network.ranges().find(|range| range.contains(&own));
            let length = range.map_or(host, |range| range.prefix_len());
            let delete = format!("ip address delete \"$0\"/{length} {LINK}");
            let narrow = format!("link=$(echo {LINK}); {delete}; ip address add \"$0\"/{host} $link");
            let fault = |change: &str, acts| {
                let id = format!("address/{}/{own}/{change}", self.name());
                Fault::of(id, self.name(), acts).named([own])
            };
            let in_place = |script: &str| vec![Act::shell_in(self.name(), script, [own])];
            let mut all = vec![fault("deleted", in_place(&delete)), fault("narrowed", in_place(&narrow))];
            if let Some((other, theirs)) = self.neighbor(own.is_ipv4()) {
                let script = format!("ip address add \"$1\"/{length} {LINK}");
                let act = Act::shell_in(other, &script, [theirs, own]);
                all.push(fault("shared", vec![act]).named([other]).touching([other]));
            }
            all
        });
        all.collect()
    }

    /// Another container on the network, with its address.
    fn neighbor(&self, ipv4: bool) -> Option<(&str, IpAddr)> {
        let others = self.lab.containers().iter().filter(|spec| spec.name != self.spec.name);
        let mut on = others.flat_map(|spec| spec.endpoints.iter().map(move |at| (spec.name.as_str(), at)));
        let (name, at) = on.find(|(_, at)| at.network == self.network.name)?;
        at.pinned().find(|address| address.is_ipv4() == ipv4).map(|address| (name, address))
    }
}
