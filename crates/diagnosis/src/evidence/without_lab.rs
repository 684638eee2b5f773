//! A cluster that no lab file describes.

use labfile::Absent;

/// The rest of the evidence of a cluster that no lab file describes: it has no place in a lab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WithoutLab {
    /// The addresses of peers that no container has.
    pub absent: Vec<Absent>,
    /// The services of type LoadBalancer that have no address.
    pub pending: Vec<Pending>,
    /// The Secrets that peers name and that hold no password: peer, Secret, and what is wrong with it.
    pub secrets: Vec<(String, String, String)>,
}

/// A service of type LoadBalancer that has no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The events about it, newest last, as `reason: message`.
    pub words: Vec<String>,
}
