//! The checks that types cannot make.

mod bfd;
mod bgp;
mod policy;
mod problem;
mod routes;

pub use problem::{Invalid, Owner, Problem};

use crate::model::Instance;

/// A validated instance: references resolve, nothing is defined twice, lists whose order means nothing are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config(Instance);

impl Config {
    /// The instance behind it, sorted.
    pub const fn instance(&self) -> &Instance {
        &self.0
    }

    /// Returns the instance, to be changed and validated again.
    pub fn into_instance(self) -> Instance {
        self.0
    }
}

impl Instance {
    /// Checks the whole instance and sorts the lists whose order means nothing.
    ///
    /// # Errors
    /// [`Invalid`] with every problem found, each naming its place and the remedy.
    ///
    /// ```
    /// use frrconf::model::{Bfd, Bgp, Instance, Neighbor, Peering, Reach};
    /// use frrconf::values::{Asn, Hostname, Name};
    ///
    /// let (own, peer) = (Asn::new(64500)?, Asn::new(64501)?);
    /// let neighbor = Neighbor {
    ///     bfd: Some(Bfd::Profile(Name::new("fast")?)),
    ///     ..Neighbor::new("10.0.2.2".parse()?, Peering::between(own, peer, Reach::Connected))
    /// };
    /// let mut instance = Instance::new(Hostname::new("frr1")?);
    /// instance.bgp = Some(Bgp { neighbors: vec![neighbor], ..Bgp::new(own) });
    ///
    /// let invalid = instance.validate().unwrap_err();
    /// assert_eq!(
    ///     invalid.problems[0].to_string(),
    ///     "neighbor 10.0.2.2 refers to BFD profile fast, which is not defined: define it, or drop the reference"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn validate(mut self) -> Result<Config, Invalid> {
        let mut problems = Vec::new();
        bfd::check(&self, &mut problems);
        policy::check(&self, &mut problems);
        bgp::check(&self, &mut problems);
        routes::check(&self, &mut problems);
        if !problems.is_empty() {
            return Err(Invalid { hostname: self.hostname, problems });
        }
        self.sort();
        Ok(Config(self))
    }

    fn sort(&mut self) {
        self.bfd_profiles.sort_by(|a, b| a.name.cmp(&b.name));
        self.bfd_peers.sort_by(|a, b| a.key().cmp(&b.key()));
        self.prefix_lists.sort_by(|a, b| a.name.cmp(&b.name));
        self.route_maps.sort_by(|a, b| a.name.cmp(&b.name));
        for map in &mut self.route_maps {
            map.entries.sort_by_key(|entry| entry.sequence);
        }
        self.static_routes.sort_by_key(|route| (route.to(), route.to_string()));
        if let Some(bgp) = &mut self.bgp {
            bgp.neighbors.sort_by_key(|neighbor| neighbor.address);
            bgp.networks.sort();
        }
    }
}

/// The values that are in a list more than once, each named once.
fn repeated<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort();
    let mut twice = Vec::new();
    let mut values = values.into_iter().peekable();
    while let Some(value) = values.next() {
        if values.peek() == Some(&value) && twice.last() != Some(&value) {
            twice.push(value);
        }
    }
    twice
}
