//! The rules, a file a layer; the order within a file is that in which they are asked.

mod address;
mod announce;
mod bfd;
mod bgp;
mod cluster;
mod container;
mod daemon;
mod exchange;
mod forwarding;
mod link;
mod network;
mod pair;
mod route;
#[cfg(test)]
mod tests;
mod transport;

use super::rule::Rule;

/// Every rule, from outside in.
pub(super) fn all() -> Vec<Rule> {
    let around = [container::RULES, network::RULES, address::RULES, link::RULES, route::RULES, forwarding::RULES];
    let routing = [daemon::RULES, transport::RULES, bgp::RULES, exchange::RULES, bfd::RULES, announce::RULES];
    [around.concat(), routing.concat(), cluster::RULES.concat()].concat()
}
