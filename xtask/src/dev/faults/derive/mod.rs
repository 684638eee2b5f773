//! The faults of a lab, derived from what it is made of. Pure: nothing is looked at, the same lab has the same faults.

mod around;
mod change;
mod inside;
mod lines;
mod links;
mod resources;
#[cfg(test)]
mod tests;

use bgplab::labfile::compose;
use bgplab::labfile::{Lab, Node, Provider};

use super::fault::Fault;
pub(super) use resources::NoFaults;

/// Derives every fault of a lab with these nodes.
pub(super) fn derive(lab: &Lab, nodes: &[Node]) -> Result<Vec<Fault>, NoFaults> {
    let topology = compose::docker_lab(lab, nodes)?;
    let standalone = matches!(lab.cluster.provider, Provider::Standalone { .. });
    let mut all = Vec::new();
    all.extend(around::networks(&topology));
    for spec in topology.containers() {
        all.extend(around::container(spec));
        all.extend(links::of(&topology, spec));
        all.extend(inside::of(&topology, spec));
        all.extend(lines::of(lab, nodes, spec));
    }
    if standalone {
        all.extend(inside::service_addresses(lab, nodes));
    } else {
        all.extend(resources::of(lab)?);
        all.extend(resources::programs());
        all.extend(resources::nodes(lab));
        for node in topology.guests() {
            // All of kind's cluster would have to be made anew to have a node's container anew.
            let kept = |fault| Fault { touched: Vec::new(), ..fault };
            all.extend(around::node(node.name.as_str()).into_iter().map(kept));
            all.extend(inside::routes(&topology, node.name.as_str(), &node.routes).into_iter().map(kept));
        }
    }
    Ok(all)
}
