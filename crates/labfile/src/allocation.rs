//! The addresses that MetalLB gives to services (its `internal/allocator`), as far as they are known beforehand.

use std::{cmp::Reverse, net::IpAddr};

use super::{
    Lab, Pool, Provider,
    family::Family,
    service::{Asks, Service, Stack},
};

/// The addresses of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// For each of its families the addresses of which it gets one: if there is one, it is known.
    possible: Vec<Vec<IpAddr>>,
}

impl Assigned {
    /// Returns the addresses that are known.
    pub fn known(&self) -> impl Iterator<Item = IpAddr> + '_ {
        self.possible.iter().filter_map(|all| if let [one] = all.as_slice() { Some(*one) } else { None })
    }

    /// Returns, for each family in which it is not known, the addresses of which the service gets one.
    pub fn open(&self) -> impl Iterator<Item = &[IpAddr]> + '_ {
        self.each().filter(|all| all.len() > 1)
    }

    /// Returns, for each family, the addresses of which the service gets one.
    pub fn each(&self) -> impl Iterator<Item = &[IpAddr]> + '_ {
        self.possible.iter().map(Vec::as_slice)
    }

    /// Returns all addresses that the service may get.
    pub fn possible(&self) -> impl Iterator<Item = IpAddr> + '_ {
        self.possible.iter().flatten().copied()
    }

    /// Returns the families in which the service gets an address.
    pub fn families(&self) -> Vec<Family> {
        self.possible.iter().filter_map(|all| all.first()).map(|address| Family::of(*address)).collect()
    }

    /// Returns the addresses that are known once the service has been seen with these.
    pub fn seen(&self, has: &[IpAddr]) -> Vec<IpAddr> {
        let seen = self.open().filter_map(|all| has.iter().find(|address| all.contains(address)).copied());
        self.known().chain(seen).collect()
    }
}

impl Service {
    /// Returns the pools among which MetalLB chooses freely for the service; in a checked lab that is at most one. They are
    /// those that contain the addresses, or have the name, that it asks for; else the best ones of those that are made for
    /// services like it; else the best ones of all others that are assigned automatically.
    pub fn candidates<'a>(&self, pools: &'a [Pool]) -> Vec<&'a Pool> {
        match &self.asks {
            Asks::Addresses(all) => {
                pools.iter().filter(|pool| all.iter().all(|address| pool.contains(*address))).collect()
            }
            Asks::Pool(name) => pools.iter().filter(|pool| pool.name == *name).collect(),
            Asks::Nothing => {
                let mine = |pool: &&Pool| pool.allocation.as_ref().is_some_and(|own| own.takes(self));
                let own = self.best(pools.iter().filter(mine));
                if own.is_empty() { self.best(pools.iter().filter(|pool| pool.allocation.is_none())) } else { own }
            }
        }
    }

    /// Returns those of pools that MetalLB prefers: more families first, then the lowest priority.
    fn best<'a>(&self, pools: impl Iterator<Item = &'a Pool>) -> Vec<&'a Pool> {
        let priority = |pool: &Pool| pool.allocation.as_ref().and_then(|own| own.priority).map_or(u32::MAX, u32::from);
        let rank = |pool: &Pool| Some((self.suits(pool)?, Reverse(priority(pool))));
        let ranked: Vec<_> =
            pools.filter(|pool| pool.auto_assign).filter_map(|pool| Some((rank(pool)?, pool))).collect();
        let best = ranked.iter().map(|(rank, _)| *rank).max();
        ranked.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, pool)| pool).collect()
    }

    /// Returns how well a pool suits the service by its families, if it does.
    pub(crate) fn suits(&self, pool: &Pool) -> Option<u8> {
        let has = |family| pool.ranges.iter().any(|range| Family::of(range.ends().0) == family);
        let both = has(Family::Ipv4) && has(Family::Ipv6);
        let prefer = |first| match (both, has(first)) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        match self.stack {
            Stack::Single(family) => has(family).then_some(0),
            Stack::Require(_) => both.then_some(0),
            Stack::Prefer(first) => Some(prefer(first)),
            Stack::OfItsPool => Some(prefer(Family::Ipv4)),
        }
    }

    /// Returns the families in which the service gets addresses of a pool.
    pub(crate) fn families_in(&self, pool: &Pool) -> Vec<Family> {
        let wanted: &[Family] = match &self.stack {
            Stack::Single(family) => std::slice::from_ref(family),
            Stack::Require(_) | Stack::Prefer(_) | Stack::OfItsPool => &Family::ALL,
        };
        wanted.iter().copied().filter(|family| pool.addresses(*family).next().is_some()).collect()
    }
}

/// The services that draw addresses of one family from one pool, while others have addresses of their own there.
pub(crate) struct Draw<'a> {
    pool: &'a Pool,
    family: Family,
    /// The services, by their places in the lab.
    pub(crate) by: Vec<(usize, &'a Service)>,
    /// The services with addresses of their own.
    pub(crate) fixed: Vec<(usize, &'a Service, IpAddr)>,
}

impl<'a> Draw<'a> {
    /// Returns all of a lab.
    pub(crate) fn all(services: &'a [Service], pools: &'a [Pool]) -> impl Iterator<Item = Self> {
        let pairs = pools.iter().flat_map(|pool| Family::ALL.into_iter().map(move |family| (pool, family)));
        pairs.map(move |(pool, family)| {
            let mut draw = Self { pool, family, by: Vec::new(), fixed: Vec::new() };
            for (place, service) in services.iter().enumerate() {
                if let Asks::Addresses(all) = &service.asks {
                    let here = all.iter().filter(|own| Family::of(**own) == family && pool.contains(**own));
                    draw.fixed.extend(here.map(|own| (place, service, *own)));
                } else if service.candidates(pools).first().is_some_and(|first| first.name == pool.name)
                    && service.families_in(pool).contains(&family)
                {
                    draw.by.push((place, service));
                }
            }
            draw
        })
    }

    /// Returns the addresses that the services may take, in whatever order MetalLB comes to them: as many as there are
    /// services, or one where all of them share it.
    pub(crate) fn reach(&self) -> Vec<IpAddr> {
        let pairs =
            self.by.iter().enumerate().flat_map(|(at, one)| self.by.iter().skip(at + 1).map(move |two| (one, two)));
        let all_share = pairs.into_iter().all(|((_, one), (_, two))| one.shares_with(two));
        let count = if all_share { self.by.len().min(1) } else { self.by.len() };
        self.pool.addresses(self.family).take(count).collect()
    }

    /// Gives each service, in the file's order, the first address that is free or may be shared; none where there is no
    /// such address.
    pub(crate) fn in_order(&self) -> Vec<(usize, Option<IpAddr>)> {
        let mut taken: Vec<(&Service, IpAddr)> = self.fixed.iter().map(|(_, service, own)| (*service, *own)).collect();
        let mut given = Vec::new();
        for (place, service) in &self.by {
            // A taken address is left by one step, so that the search ends.
            let room = self.pool.addresses(self.family).take(taken.len() + 1).find(|address| {
                taken.iter().filter(|(_, held)| held == address).all(|(other, _)| service.shares_with(other))
            });
            taken.extend(room.map(|address| (*service, address)));
            given.push((*place, room));
        }
        given
    }

    /// Returns the pool.
    pub(crate) const fn pool(&self) -> &'a Pool {
        self.pool
    }

    /// Returns the family.
    pub(crate) const fn family(&self) -> Family {
        self.family
    }
}

impl Lab {
    /// Returns the addresses of each service, in their order. MetalLB gives those of one pool to services in any order;
    /// standalone, it is the file's.
    pub fn assigned(&self) -> Vec<Assigned> {
        let mut all = vec![Assigned::default(); self.services.len()];
        let mut add = |place: usize, possible: Vec<IpAddr>| {
            if let Some(own) = all.get_mut(place).filter(|_| !possible.is_empty()) {
                own.possible.push(possible);
            }
        };
        let is_ordered = matches!(self.cluster.provider, Provider::Standalone { .. });
        for draw in Draw::all(&self.services, &self.pools) {
            draw.fixed.iter().for_each(|(place, _, own)| add(*place, vec![*own]));
            if is_ordered {
                draw.in_order().into_iter().for_each(|(place, given)| add(place, given.into_iter().collect()));
            } else {
                let reach = draw.reach();
                draw.by.iter().for_each(|(place, _)| add(*place, reach.clone()));
            }
        }
        all
    }
}
