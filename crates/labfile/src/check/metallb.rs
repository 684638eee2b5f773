//! MetalLB's installation, pools and advertisements.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use camino::Utf8Path;

use super::{
    super::{
        AddressRange, At, Name, NamePattern, Overrides,
        install::{Backend, Install, Metallb, Source},
        pools::{Advertisement, Allocation, Pool},
        problem::{Problem, ServiceProblem, What},
        raw::{RawAdvertisement, RawAllocation, RawInstall, RawMetallb, RawMethod, RawPeer, RawPool},
        session::Peer,
        text::parse,
    },
    Finds, names, nodes, refused,
};

/// MetalLB's installation.
pub(super) fn install(
    finds: &mut Finds,
    raw: &RawMetallb,
    folder: &Utf8Path,
    overrides: &Overrides,
) -> Option<Metallb> {
    let version = overrides
        .version
        .clone()
        .or_else(|| raw.version.clone())
        .or_else(|| parse(metallb::release::CURRENT.version).ok())?;
    let backend = overrides.backend.or(raw.backend).unwrap_or_else(|| Backend::of(&version));
    let place = raw.install.as_ref().map_or(0..0, At::place);
    let empty = RawInstall::default();
    let raw = raw.install.as_deref().unwrap_or(&empty);
    let checkout = overrides.operator_dir.clone().or_else(|| raw.checkout.as_ref().map(|path| folder.join(path)));
    let by_default = if checkout.is_some() { RawMethod::Make } else { RawMethod::Manifest };
    // An option for a method selects that method, whatever the file has; a manifest fits two of them.
    let in_file = raw.method.as_deref().copied();
    let method = match (overrides.method, &overrides.operator_dir, &overrides.manifest) {
        (Some(method), ..) => method,
        (None, Some(_), _) => RawMethod::Make,
        (None, None, Some(_)) => in_file.filter(|m| *m != RawMethod::Make).unwrap_or(RawMethod::Manifest),
        (None, None, None) => in_file.unwrap_or(by_default),
    };
    let source = match (&raw.file, &raw.url, &raw.sha256) {
        (None, None, None) => Ok(Source::Release),
        (Some(file), None, None) => Ok(Source::File(folder.join(&**file))),
        (None, Some(url), Some(sha256)) => Ok(Source::Url { url: (**url).clone(), sha256: (**sha256).clone() }),
        (None, Some(_), None) => Err(Problem::Install("a download without `sha256`")),
        (None, None, Some(_)) => Err(Problem::Install("a checksum without `url`")),
        (Some(_), ..) => Err(Problem::Install("a `file` beside a download")),
    };
    let source = match &overrides.manifest {
        Some(file) => Source::File(file.clone()),
        None => finds.ok(place.clone(), source)?,
    };
    let install = match method {
        RawMethod::Manifest => Install::Manifest(source),
        RawMethod::Direct => Install::Direct(source),
        RawMethod::Make => Install::Make {
            checkout: finds.ok(place, checkout.ok_or(Problem::Install("method make without a `checkout`")))?,
            kustomize_dir: raw.kustomize_dir.clone(),
        },
    };
    Some(Metallb { version, backend, install, images: overrides.metallb_images.clone(), left_out: Vec::new() })
}

/// Checks the pools, except for overlaps.
pub(super) fn pools(finds: &mut Finds, raw: &[At<RawPool>]) -> Vec<Pool> {
    names::unique(finds, What::Pool, raw.iter().map(|pool| &pool.name));
    let mut pools = Vec::new();
    for raw in raw {
        if raw.addresses.is_empty() {
            finds.add(raw.addresses.place(), Problem::Missing("at least one range"));
        }
        let ranges = raw.addresses.iter().map(|range| range.0).collect();
        let pool = Pool {
            name: (*raw.name).clone(),
            ranges,
            auto_assign: raw.auto_assign.unwrap_or(true),
            avoid_buggy_ips: raw.avoid_buggy_ips.unwrap_or_default(),
            allocation: raw.service_allocation.as_deref().map(|raw| allocation(finds, raw)),
        };
        for range in raw.addresses.iter().filter(|range| pool.of_range(&range.0).next().is_none()) {
            finds.add(range.place(), Problem::Missing("an address that `avoid-buggy-ips` does not leave out"));
        }
        pools.push(pool);
    }
    pools
}

/// Checks the services that get addresses of a pool.
fn allocation(finds: &mut Finds, raw: &RawAllocation) -> Allocation {
    refused::each_once(finds, What::Namespace, &raw.namespaces);
    if let Some(zero) = raw.priority.as_ref().filter(|priority| ***priority == 0) {
        let expected = "1 or more, or none: a pool without a priority comes last";
        finds.add(zero.place(), Problem::Range { value: "0".to_owned(), expected });
    }
    Allocation {
        priority: raw.priority.as_deref().copied().and_then(NonZeroU32::new),
        namespaces: raw.namespaces.iter().map(|name| (**name).clone()).collect(),
        namespace_selectors: nodes::selectors(finds, &raw.namespace_selectors),
        service_selectors: nodes::selectors(finds, &raw.service_selectors),
    }
}

/// Checks the advertisements; their peers are still patterns.
pub(super) fn advertisements(
    finds: &mut Finds,
    raw: &[At<RawAdvertisement>],
    pools: &[Pool],
    peers: &[At<RawPeer>],
) -> Vec<(Advertisement, Vec<NamePattern>)> {
    names::unique(finds, What::Advertisement, raw.iter().map(|advertisement| &advertisement.name));
    let mut advertisements = Vec::new();
    for raw in raw {
        for pool in &raw.pools {
            names::find(finds, What::Pool, pool, pools, |pool| &pool.name);
        }
        for name in raw.peers.iter().filter(|name| !peers.iter().any(|peer| *peer.name == ***name)) {
            let known = peers.iter().map(|peer| peer.name.to_string());
            finds.add(name.place(), names::unknown(What::Peer, &name.to_string(), known));
        }
        let (aggregation_length, aggregation_length_v6) = aggregation(finds, raw, pools);
        if let Some(selector) =
            raw.service_selectors.first().filter(|_| (aggregation_length, aggregation_length_v6) != (32, 128))
        {
            finds.add(selector.place(), ServiceProblem::SelectedAggregate((*raw.name).clone()).into());
        }
        let advertisement = Advertisement {
            name: (*raw.name).clone(),
            pools: raw.pools.iter().map(|pool| (**pool).clone()).collect(),
            peers: Vec::new(),
            nodes: nodes::selectors(finds, &raw.node_selectors),
            services: nodes::selectors(finds, &raw.service_selectors),
            aggregation_length,
            aggregation_length_v6,
            local_preference: raw.local_preference.as_deref().copied(),
            communities: raw.communities.iter().map(|community| **community).collect(),
        };
        advertisements.push((advertisement, raw.peers.iter().map(|peer| (**peer).clone()).collect()));
    }
    advertisements
}

/// Resolves the peers of advertisements: a pattern stands for all peers of its entry.
pub(super) fn named_peers(all: Vec<(Advertisement, Vec<NamePattern>)>, peers: &[Peer]) -> Vec<Advertisement> {
    let count = u16::try_from(peers.len()).unwrap_or(u16::MAX);
    let numbers = |name: &NamePattern| 1..=if name.is_pattern() { count } else { 1 };
    let named = |(advertisement, patterns): (Advertisement, Vec<NamePattern>)| {
        let wanted: BTreeSet<Name> =
            patterns.iter().flat_map(|name| numbers(name).map(|number| name.name(number))).collect();
        let peers = peers.iter().map(|peer| &peer.name).filter(|peer| wanted.contains(*peer)).cloned().collect();
        Advertisement { peers, ..advertisement }
    };
    all.into_iter().map(named).collect()
}

/// Checks the aggregation lengths: MetalLB refuses a prefix that is larger than the largest subnet of any range.
fn aggregation(finds: &mut Finds, raw: &RawAdvertisement, pools: &[Pool]) -> (u8, u8) {
    let covers = |pool: &&Pool| raw.pools.is_empty() || raw.pools.iter().any(|name| **name == pool.name);
    let of_pool = |pool: &Pool| pool.ranges.iter().map(|range| (*range, pool.name.clone())).collect::<Vec<_>>();
    let ranges: Vec<(AddressRange, Name)> = pools.iter().filter(covers).flat_map(of_pool).collect();
    let mut length = |given: &Option<At<u8>>, most: u8| {
        let Some(given) = given else { return most };
        let of_family = ranges.iter().filter(|(range, _)| range.is_ipv4() == (most == 32));
        let tightest = of_family.max_by_key(|(range, _)| range.shortest_length());
        let least = tightest.map_or(1, |(range, _)| range.shortest_length().max(1));
        if !(least..=most).contains(&**given) {
            let problem = Problem::Aggregation { length: **given, of: tightest.cloned(), least, most };
            finds.add(given.place(), problem);
        }
        **given
    };
    (length(&raw.aggregation_length, 32), length(&raw.aggregation_length_v6, 128))
}
