//! Services, each by itself.

use std::net::IpAddr;

use super::{
    super::{
        Asks, At, Cluster, Family, Name, Place, Pool, Port, Provider, Service, Stack,
        problem::{Problem, ServiceProblem, What, word},
        raw::{RawFamily, RawFamilyPolicy, RawLab, RawService, RawWorkload},
        selector::Labels,
        text::parse,
    },
    Finds, families, names, refused,
};

/// A service, and the entry that it comes from: `None` for `[workload]`.
pub(super) struct Entry<'a> {
    pub(super) service: Service,
    pub(super) raw: Option<&'a At<RawService>>,
}

impl Entry<'_> {
    /// Returns the place at which a problem of the whole service is shown: one of `[workload]` at its pool, if it has one.
    pub(super) fn place(&self, lab: &RawLab) -> Place {
        let workload = || lab.workload.as_ref().and_then(|raw| raw.pool.as_ref().or(raw.name.as_ref()));
        let name = self.raw.map(|raw| &raw.name).or_else(workload).or_else(|| lab.pools.first().map(|pool| &pool.name));
        name.map_or(0..0, At::place)
    }

    /// Returns the place of an address that the service asks for.
    pub(super) fn place_of(&self, address: IpAddr, lab: &RawLab) -> Place {
        let all = self.raw.and_then(|raw| raw.addresses.as_ref()).into_iter().flat_map(|all| all.iter());
        all.filter(|own| own.0 == address).map(At::place).next().unwrap_or_else(|| self.place(lab))
    }
}

/// Checks all services: that of `[workload]`, or the documented one where there is no other, and those of `[[service]]`.
pub(super) fn check<'a>(finds: &mut Finds, raw: &'a RawLab, pools: &[Pool]) -> Option<Vec<Entry<'a>>> {
    let documented = RawWorkload::default();
    let short = raw.workload.as_ref().or(raw.services.is_empty().then_some(&documented));
    let short = short.map(|short| workload(finds, short, pools));
    let mut all: Vec<Entry<'a>> = Vec::new();
    if let Some(service) = short {
        all.push(Entry { service: service?, raw: None });
    }
    for raw in &raw.services {
        let service = one(finds, raw, pools)?;
        if all
            .iter()
            .any(|other| (&other.service.name, &other.service.namespace) == (&service.name, &service.namespace))
        {
            let (name, namespace) = (service.name.clone(), service.namespace.clone());
            finds.add(raw.name.place(), ServiceProblem::SameName { name, namespace }.into());
        }
        all.push(Entry { service, raw: Some(raw) });
    }
    Some(all)
}

/// Checks `[workload]`.
fn workload(finds: &mut Finds, raw: &RawWorkload, pools: &[Pool]) -> Option<Service> {
    if let Some(pool) = &raw.pool {
        names::find(finds, What::Pool, pool, pools, |pool| &pool.name);
    }
    let name = raw.name.as_deref().cloned().or_else(|| parse("test-agnhost").ok())?;
    raw.name.as_ref().into_iter().for_each(|name| begins(finds, name));
    let number = finds.number(raw.port.as_ref(), 80, 1..=u16::MAX, "1 to 65535");
    Some(Service {
        labels: Service::labelled(Labels::new(), &name),
        name,
        namespace: raw.namespace.clone().or_else(|| parse("default").ok())?,
        ports: vec![Port::http(number)],
        stack: Stack::OfItsPool,
        asks: raw.pool.as_deref().cloned().map_or(Asks::Nothing, Asks::Pool),
        sharing_key: None,
        external_traffic_policy: raw.external_traffic_policy,
        internal_traffic_policy: Default::default(),
        replicas: finds.number(raw.replicas.as_ref(), 1, 1..=100, "1 to 100 pods"),
        node_selector: Labels::new(),
    })
}

/// Checks an entry of `[[service]]`.
fn one(finds: &mut Finds, raw: &RawService, pools: &[Pool]) -> Option<Service> {
    begins(finds, &raw.name);
    let pool = raw.pool.as_ref();
    let known = pool.is_none_or(|pool| names::find(finds, What::Pool, pool, pools, |pool| &pool.name).is_some());
    let asked = raw.addresses.as_ref().map(|all| addresses(finds, all));
    let fixed = asked.as_deref().unwrap_or_default();
    for address in fixed.iter().filter(|_| known) {
        let of = pool.and_then(|pool| pools.iter().find(|one| one.name == **pool));
        let among = of.map_or(pools, std::slice::from_ref);
        if !among.iter().any(|pool| pool.contains(*address)) {
            let example = among.iter().find_map(|pool| pool.addresses(Family::of(*address)).next());
            let problem =
                ServiceProblem::Outside { address: *address, pool: of.map(|pool| pool.name.clone()), example };
            let place = raw.addresses.iter().flat_map(|all| all.iter()).find(|own| own.0 == *address);
            finds.add(place.map_or(0..0, At::place), problem.into());
        }
    }
    if let Some(key) = raw.sharing_key.as_ref().filter(|key| key.trim().is_empty()) {
        finds.add(key.place(), Problem::Missing("a key"));
    }
    let mut labels: Labels = raw.labels.iter().map(|(key, value)| ((**key).clone(), value.clone())).collect();
    if let Some((key, _)) = raw.labels.iter().find(|(key, _)| key.as_str() == Service::APP) {
        let expected = "other labels: this one is the service's name";
        finds.add(key.place(), Problem::Unfit { value: "label `app`".to_owned(), expected });
    }
    labels = Service::labelled(labels, &raw.name);
    Some(Service {
        name: (*raw.name).clone(),
        namespace: raw.namespace.as_deref().cloned().or_else(|| parse("default").ok())?,
        labels,
        ports: raw.ports.as_ref().map_or_else(|| vec![Port::http(80)], |all| ports(finds, all)),
        stack: stack(finds, raw, fixed),
        asks: match (asked, pool) {
            (Some(all), _) => Asks::Addresses(all),
            (None, Some(pool)) => Asks::Pool((**pool).clone()),
            (None, None) => Asks::Nothing,
        },
        sharing_key: raw.sharing_key.as_deref().cloned(),
        external_traffic_policy: raw.external_traffic_policy,
        internal_traffic_policy: raw.internal_traffic_policy,
        replicas: finds.number(raw.replicas.as_ref(), 1, 1..=100, "1 to 100 pods"),
        node_selector: raw.node_selector.as_deref().cloned().unwrap_or_default(),
    })
}

/// Kubernetes takes no service whose name begins with a digit (RFC 1035).
fn begins(finds: &mut Finds, name: &At<Name>) {
    if name.as_str().starts_with(|c: char| c.is_ascii_digit()) {
        let expected = "a name that begins with a letter, such as \"web1\"";
        finds.add(name.place(), Problem::Unfit { value: format!("service `{}`", **name), expected });
    }
}

fn addresses(finds: &mut Finds, raw: &At<Vec<At<super::super::Ip>>>) -> Vec<IpAddr> {
    if raw.is_empty() {
        finds.add(raw.place(), Problem::Missing("at least one address"));
    }
    let (v4, v6) = families::pair_of(finds, raw);
    v4.map(IpAddr::V4).into_iter().chain(v6.map(IpAddr::V6)).collect()
}

fn ports(finds: &mut Finds, raw: &At<Vec<At<Port>>>) -> Vec<Port> {
    if raw.is_empty() {
        finds.add(raw.place(), Problem::Missing("at least one port"));
    }
    refused::each_once(finds, What::Port, raw);
    raw.iter().map(|port| **port).collect()
}

/// Checks the families of a service beside its policy and its addresses.
fn stack(finds: &mut Finds, raw: &RawService, fixed: &[IpAddr]) -> Stack {
    let given = raw.families.as_ref();
    let own: Vec<Family> = given.iter().flat_map(|all| all.iter()).map(|family| of_raw(**family)).collect();
    if let Some(given) = given {
        if given.is_empty() {
            finds.add(given.place(), Problem::Missing("at least one family"));
        }
        for (at, family) in
            given.iter().enumerate().filter(|(at, _)| own.iter().take(*at).any(|one| own.get(*at) == Some(one)))
        {
            let name = own.get(at).map_or("", |family| word(*family)).to_owned();
            finds.add(family.place(), Problem::Repeated { what: What::Family, name });
        }
    }
    let policy = raw.ip_family_policy.as_deref().copied();
    let of_addresses: Vec<Family> = fixed.iter().map(|address| Family::of(*address)).collect();
    let first = own.first().copied();
    let stack = match (policy, own.as_slice()) {
        (None, []) => match of_addresses.as_slice() {
            [] => Stack::OfItsPool,
            [one] => Stack::Single(*one),
            [..] => Stack::Prefer(Family::Ipv4),
        },
        (None, [one]) => Stack::Single(*one),
        (None, [first, ..]) => Stack::Require(*first),
        (Some(RawFamilyPolicy::SingleStack), _) => {
            Stack::Single(first.or(of_addresses.first().copied()).unwrap_or(Family::Ipv4))
        }
        (Some(RawFamilyPolicy::PreferDualStack), _) => Stack::Prefer(first.unwrap_or(Family::Ipv4)),
        (Some(RawFamilyPolicy::RequireDualStack), _) => Stack::Require(first.unwrap_or(Family::Ipv4)),
    };
    let mut contradicts = |place, found: String, other: String, expected: &str| {
        finds.add(place, ServiceProblem::Policy { found, other, expected: expected.to_owned() }.into());
    };
    match (&stack, given) {
        (Stack::Single(_), Some(given)) if own.len() > 1 => {
            let found = "more than one family".to_owned();
            contradicts(given.place(), found, "SingleStack".to_owned(), "one family, or PreferDualStack");
        }
        _ => {}
    }
    let wrong = match stack {
        Stack::OfItsPool => None,
        Stack::Single(family) => of_addresses.iter().any(|own| *own != family).then(|| format!("{family} alone")),
        Stack::Prefer(_) | Stack::Require(_) => (of_addresses.len() == 1).then(|| "both families".to_owned()),
    };
    if let (Some(wanted), Some(addresses)) = (wrong, &raw.addresses) {
        let expected = format!("addresses of {wanted}, or another ip-family-policy");
        contradicts(
            addresses.place(),
            "this list of addresses".to_owned(),
            format!("a service of {wanted}"),
            &expected,
        );
    }
    stack
}

fn of_raw(family: RawFamily) -> Family {
    match family {
        RawFamily::Ipv4 => Family::Ipv4,
        RawFamily::Ipv6 => Family::Ipv6,
    }
}

/// Finds services with a family that the cluster does not have, and services whose pods run nowhere.
pub(super) fn in_cluster(finds: &mut Finds, lab: &RawLab, entries: &[Entry<'_>], cluster: &Cluster) {
    for entry in entries {
        let service = &entry.service;
        let needs = match service.stack {
            Stack::OfItsPool | Stack::Prefer(Family::Ipv4) => Vec::new(),
            Stack::Single(family) | Stack::Prefer(family) => vec![family],
            Stack::Require(_) => Family::ALL.to_vec(),
        };
        if let Some(family) = needs.into_iter().find(|family| !cluster.services.has(*family)) {
            finds.add(entry.place(lab), ServiceProblem::NoFamily { service: service.name.clone(), family }.into());
        }
        // The labels of other machines are not known here.
        let known = !matches!(cluster.provider, Provider::Existing { .. });
        if known && !cluster.placement.iter().any(|node| service.may_run_on(node)) {
            let labels: Vec<String> =
                service.node_selector.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let place =
                entry.raw.and_then(|raw| raw.node_selector.as_ref()).map_or_else(|| entry.place(lab), At::place);
            let problem = ServiceProblem::NoNode { service: service.name.clone(), labels: labels.join(", ") };
            finds.add(place, problem.into());
        }
    }
}
