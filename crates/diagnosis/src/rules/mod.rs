//! The rules, a file a layer; the order within a file is that in which they are asked.

mod address;
mod announce;
mod bfd;
mod bgp;
mod cluster;
mod container;
mod daemon;
mod drops;
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
    let inside = [daemon::RULES, drops::RULES, transport::RULES];
    let routing = [bgp::RULES, exchange::RULES, bfd::RULES, announce::RULES];
    [around.concat(), inside.concat(), routing.concat(), cluster::RULES.concat()].concat()
}
