//! The rules, a file a layer; the order within a file is that in which they are asked.

mod absent;
mod address;
mod announce;
mod bfd;
mod bgp;
mod cluster;
mod container;
mod daemon;
mod drops;
mod duplicate;
mod exchange;
mod extra;
mod files;
mod flap;
mod forwarding;
mod limits;
pub(super) mod lines;
mod link;
mod network;
mod next_hop;
mod pair;
mod route;
mod setting;
mod staticd;
#[cfg(test)]
pub(crate) mod tests;
mod transport;

use super::rule::Rule;

/// Every rule, from outside in.
pub(super) fn all() -> Vec<Rule> {
    let there = [absent::RULES, container::RULES, limits::RULES, network::RULES];
    let around = [extra::RULES, address::RULES, duplicate::RULES, link::RULES];
    let inside =
        [route::RULES, next_hop::RULES, forwarding::RULES, setting::RULES, files::RULES, daemon::RULES, staticd::RULES];
    let between = [drops::RULES, flap::RULES, transport::RULES];
    let routing = [bgp::RULES, exchange::RULES, bfd::RULES, announce::RULES];
    [there.concat(), around.concat(), inside.concat(), between.concat(), routing.concat(), cluster::RULES.concat()]
        .concat()
}
