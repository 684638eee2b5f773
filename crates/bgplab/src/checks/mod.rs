//! Named checks: what a lab has to be, looked at once.
//!
//! `verify` looks once and reports; `lab-up` looks until every check passes, and reports the last look when it has to
//! give up. Both say the same things by the same names.

pub(crate) mod cluster;
mod docker;
pub(crate) mod frr;
mod look;
mod own;
mod ping;
mod shells;
mod stuck;
mod views;
mod web;

use metallb::NodeView;
use settle::Verdict;

pub use diagnosis::{Check, Component, Report, Subject, Topic};

pub use cluster::{Seen, of_metallb};
pub(crate) use docker::{checks as of_docker, place};
pub(crate) use frr::{bare_bfd as of_bare_bfd, sessions as of_sessions, tables as of_tables};
pub use look::Look;
pub use stuck::Stuck;
pub use views::Views;
pub use web::Get;

/// Returns the verdict of a wait for every check: ready with the report if all passed, else the first that is missing.
pub fn verdict<E>(report: Report) -> Verdict<Report, E> {
    if report.passed() { Verdict::Ready(report) } else { Verdict::NotYet(report.missing()) }
}

/// A check for each node of a cluster, Ready by now.
pub fn nodes(nodes: &[NodeView]) -> Vec<Check> {
    let addresses = |node: &NodeView| node.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let seen = |node: &NodeView| {
        if node.ready { Ok(format!("Ready, {}", addresses(node))) } else { Err("not Ready".to_owned()) }
    };
    let check =
        |node: &NodeView| Check::of(Topic::Nodes, Subject::Node(node.name.clone()), seen(node)).expecting("Ready");
    nodes.iter().map(check).collect()
}
