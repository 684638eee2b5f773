//! A lab: its specification, and the checks.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::{ContainerSpec, Defect, GuestSpec, InvalidLab, Name, NetworkSpec, OnChange, route};

/// The specification of a lab, unchecked. `Lab::try_from` checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabSpec {
    /// The lab's name: the value of the label by which its objects are found.
    pub name: Name,
    /// The networks.
    pub networks: Vec<NetworkSpec>,
    /// The containers.
    pub containers: Vec<ContainerSpec>,
    /// Containers that others make on its networks, and whose routes the lab sets.
    pub guests: Vec<GuestSpec>,
}

/// A lab that can be built: names and addresses are unique, addresses are inside their networks, ranges do not
/// overlap, next hops are on connected networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lab(LabSpec);

impl Lab {
    /// Returns the lab's name.
    pub const fn name(&self) -> &Name {
        &self.0.name
    }

    /// Returns its networks.
    pub fn networks(&self) -> &[NetworkSpec] {
        &self.0.networks
    }

    /// Returns its containers.
    pub fn containers(&self) -> &[ContainerSpec] {
        &self.0.containers
    }

    /// Returns the containers that others make on its networks.
    pub fn guests(&self) -> &[GuestSpec] {
        &self.0.guests
    }

    /// Returns the network of a name.
    pub fn network(&self, name: &str) -> Option<&NetworkSpec> {
        self.0.networks.iter().find(|n| n.name.as_str() == name)
    }

    /// Returns the container of a name.
    pub fn container(&self, name: &str) -> Option<&ContainerSpec> {
        self.0.containers.iter().find(|c| c.name.as_str() == name)
    }

    /// Returns the sysctls that a container is created with: its own, and those that let it forward the address
    /// families of the networks that it is on.
    pub fn sysctls(&self, container: &ContainerSpec) -> BTreeMap<String, String> {
        let ipv6 =
            container.endpoints.iter().any(|e| self.network(e.network.as_str()).is_some_and(|n| n.ipv6.is_some()));
        let mut sysctls = BTreeMap::new();
        let mut set = |key: &str, value: &str| sysctls.insert(key.to_owned(), value.to_owned());
        if ipv6 {
            set("net.ipv6.conf.all.disable_ipv6", "0");
        }
        if container.forwarding {
            set("net.ipv4.ip_forward", "1");
            if ipv6 {
                set("net.ipv6.conf.all.forwarding", "1");
            }
        }
        sysctls.extend(container.sysctls.clone());
        sysctls
    }
}

impl TryFrom<LabSpec> for Lab {
    type Error = InvalidLab;

    fn try_from(spec: LabSpec) -> Result<Self, InvalidLab> {
        let mut check = Check { spec: &spec, defects: Vec::new() };
        check.networks();
        check.names();
        check.containers();
        check.addresses();
        check.routes();
        let defects = check.defects;
        if defects.is_empty() { Ok(Self(spec)) } else { Err(InvalidLab { defects }) }
    }
}

/// The checks; each adds the defects that it finds.
struct Check<'a> {
    spec: &'a LabSpec,
    defects: Vec<Defect>,
}

impl<'a> Check<'a> {
    fn network(&self, name: &Name) -> Option<&'a NetworkSpec> {
        self.spec.networks.iter().find(|n| n.name == *name)
    }

    fn networks(&mut self) {
        let networks = &self.spec.networks;
        for (i, a) in networks.iter().enumerate() {
            self.ranges(a);
            for b in &networks[i + 1..] {
                if a.name == b.name {
                    self.defects.push(Defect::DuplicateNetwork(a.name.clone()));
                }
                for (a_range, b_range) in a.ranges().flat_map(|x| b.ranges().map(move |y| (x, y))) {
                    if overlap(a_range, b_range) {
                        self.defects.push(Defect::Overlap { a: a.name.clone(), a_range, b: b.name.clone(), b_range });
                    }
                }
            }
        }
    }

    fn ranges(&mut self, network: &NetworkSpec) {
        let name = &network.name;
        if network.ranges().next().is_none() {
            self.defects.push(Defect::NoRange(name.clone()));
        }
        for range in network.ranges() {
            // Two addresses are the network's and the broadcast's, one the bridge's; IPv6 has no broadcast.
            let longest = if matches!(range, IpNet::V4(_)) { 29 } else { 126 };
            if range.prefix_len() > longest {
                self.defects.push(Defect::TooSmall { network: name.clone(), range, longest });
            }
            if range != range.trunc() {
                self.defects.push(Defect::HostBits { network: name.clone(), range });
            }
        }
        let outside_v4 = network.dynamic_ipv4.filter(|d| !network.ipv4.is_some_and(|n| n.contains(d))).map(IpNet::V4);
        let outside_v6 = network.dynamic_ipv6.filter(|d| !network.ipv6.is_some_and(|n| n.contains(d))).map(IpNet::V6);
        for dynamic in [outside_v4, outside_v6].into_iter().flatten() {
            self.defects.push(Defect::DynamicOutside { network: name.clone(), dynamic });
        }
    }

    fn names(&mut self) {
        let spec = self.spec;
        // Docker takes one character for networks only (moby `daemon/names`).
        let short = spec.containers.iter().filter(|c| c.name.as_str().len() < 2);
        self.defects.extend(short.map(|c| Defect::ShortName(c.name.clone())));
        let mut seen = BTreeSet::new();
        for name in spec.containers.iter().map(|c| &c.name).chain(spec.guests.iter().map(|g| &g.name)) {
            if !seen.insert(name) {
                self.defects.push(Defect::DuplicateContainer(name.clone()));
            }
        }
    }

    fn containers(&mut self) {
        for c in &self.spec.containers {
            let container = c.name.clone();
            if c.endpoints.is_empty() {
                self.defects.push(Defect::NoEndpoint(container.clone()));
            }
            if c.image.is_empty() || c.image.contains(char::is_whitespace) {
                self.defects.push(Defect::BadImage { container: container.clone(), image: c.image.clone() });
            }
            for key in c.sysctls.keys().filter(|key| !key.starts_with("net.")) {
                self.defects.push(Defect::BadSysctl { container: container.clone(), key: key.clone() });
            }
            let mut paths = BTreeSet::new();
            for file in &c.files {
                let path = file.path.clone();
                if !plain_absolute(&path) || !paths.insert(&file.path) {
                    self.defects.push(Defect::BadPath { container: container.clone(), path: path.clone() });
                }
                if matches!(&file.on_change, OnChange::Reload(argv) if argv.is_empty()) {
                    self.defects.push(Defect::EmptyReload { container: container.clone(), path });
                }
            }
        }
    }

    fn addresses(&mut self) {
        let mut pinned: BTreeMap<IpAddr, &Name> = BTreeMap::new();
        for c in &self.spec.containers {
            let mut networks = BTreeSet::new();
            for endpoint in &c.endpoints {
                let (container, network) = (c.name.clone(), endpoint.network.clone());
                if !networks.insert(&endpoint.network) {
                    self.defects.push(Defect::DuplicateEndpoint { container: container.clone(), network });
                    continue;
                }
                let Some(spec) = self.network(&endpoint.network) else {
                    self.defects.push(Defect::UnknownNetwork { container, network });
                    continue;
                };
                for address in endpoint.pinned() {
                    if !spec.holds(address) {
                        let ranges = spec.ranges().map(|r| r.to_string()).collect::<Vec<_>>().join(", ");
                        let (container, network) = (container.clone(), network.clone());
                        self.defects.push(Defect::AddressOutside { container, address, network, ranges });
                    }
                    if let Some(other) = pinned.insert(address, &c.name) {
                        self.defects.push(Defect::DuplicateAddress { a: other.clone(), b: container.clone(), address });
                    }
                }
            }
        }
    }

    fn routes(&mut self) {
        let spec = self.spec;
        for c in &spec.containers {
            let networks: Vec<_> = c.endpoints.iter().filter_map(|e| self.network(&e.network)).collect();
            self.defects.extend(route::defects(&c.name, &c.routes, &networks));
        }
        for g in &spec.guests {
            match self.network(&g.network) {
                Some(network) => self.defects.extend(route::defects(&g.name, &g.routes, &[network])),
                None => {
                    self.defects.push(Defect::UnknownNetwork { container: g.name.clone(), network: g.network.clone() })
                }
            }
        }
    }
}

/// `true` if two ranges share an address.
pub(crate) fn overlap(a: IpNet, b: IpNet) -> bool {
    a.contains(&b.network()) || b.contains(&a.network())
}

fn plain_absolute(path: &str) -> bool {
    path.strip_prefix('/')
        .is_some_and(|rest| rest.split('/').all(|part| !part.is_empty() && part != "." && part != ".."))
        && !path.contains(|c: char| c.is_control() || c == '\\')
}
