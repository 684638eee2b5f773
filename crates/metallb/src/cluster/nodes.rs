//! Nodes: listed, and waited for.

use std::time::Duration;

use k8s_openapi::api::core::v1::Node;
use kube::api::{Api, ListParams, Patch};
use kube::runtime::watcher;
use serde_json::json;
use settle::{Verdict, Wait};

use super::Cluster;
use crate::Error;
use crate::NodeView;
use crate::error::Answered;
use crate::object::by_us;
use crate::watching::looks;

/// The nodes that a wait looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpectedNodes {
    /// All nodes that the API lists, and at least this many.
    AtLeast(usize),
    /// These nodes, by name.
    Named(Vec<String>),
}

impl ExpectedNodes {
    /// Ready if these nodes satisfy the expectation, or else what is missing.
    fn look(&self, nodes: &[NodeView]) -> Verdict<Vec<NodeView>, Error> {
        let mut missing: Vec<String> = Vec::new();
        match self {
            Self::AtLeast(count) if nodes.len() < *count => {
                missing.push(format!("{} of {count} nodes registered", nodes.len()));
            }
            Self::AtLeast(_) => {}
            Self::Named(names) => missing.extend(
                names
                    .iter()
                    .filter(|name| !nodes.iter().any(|node| node.name == **name))
                    .map(|name| format!("{name} is not registered")),
            ),
        }
        let wanted = |node: &&NodeView| match self {
            Self::AtLeast(_) => true,
            Self::Named(names) => names.contains(&node.name),
        };
        missing.extend(nodes.iter().filter(wanted).filter(|node| !node.ready).map(|node| {
            format!("{} is not ready: {}", node.name, node.not_ready_because.as_deref().unwrap_or("no reason given"))
        }));
        Verdict::all_of(&missing).map(|()| nodes.to_vec())
    }
}

impl Cluster {
    fn nodes_api(&self) -> Api<Node> {
        Api::all(self.client())
    }

    /// Lists all nodes, ordered by name.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Forbidden`].
    pub async fn nodes(&self) -> Result<Vec<NodeView>, Error> {
        let list = self.nodes_api().list(&ListParams::default()).await.doing("list nodes")?;
        let mut nodes: Vec<NodeView> = list.iter().map(NodeView::from).collect();
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(nodes)
    }

    /// Sets a label of a node, or takes it away.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn set_node_label(&self, node: &str, label: &str, value: Option<&str>) -> Result<(), Error> {
        let patch = Patch::Merge(json!({"metadata": {"labels": {label: value}}}));
        let done = self.nodes_api().patch(node, &by_us(), &patch).await;
        done.map(drop).doing(format!("label node {node}"))
    }

    /// Watches until every expected node is registered and ready, and returns all nodes.
    ///
    /// # Errors
    /// [`Error::TimedOut`] names each node that is missing or not ready, with the kubelet's reason; others as
    /// [`Cluster::nodes`].
    pub async fn wait_nodes_ready(&self, expected: &ExpectedNodes, bound: Duration) -> Result<Vec<NodeView>, Error> {
        let look = |nodes: &[Node]| expected.look(&nodes.iter().map(NodeView::from).collect::<Vec<_>>());
        let looks = looks(self.nodes_api(), watcher::Config::default(), "watch nodes", look);
        Ok(Wait::new("nodes ready", bound).watch(looks).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, ready: bool) -> NodeView {
        let mut view = NodeView::from(&Node::default());
        view.name = name.to_owned();
        view.ready = ready;
        view
    }

    #[test]
    fn missing_nodes_are_named() {
        let expected = ExpectedNodes::Named(vec!["kind-worker".into(), "kind-worker2".into()]);
        let Verdict::NotYet(missing) = expected.look(&[node("kind-worker", false), node("other", false)]) else {
            panic!("not ready")
        };
        assert_eq!(missing, "kind-worker2 is not registered; kind-worker is not ready: no condition Ready yet");
        assert!(expected.look(&[node("kind-worker", true), node("kind-worker2", true)]).is_ready());
    }

    #[test]
    fn a_count_looks_at_every_node() {
        assert!(!ExpectedNodes::AtLeast(2).look(&[node("a", true)]).is_ready());
        assert!(!ExpectedNodes::AtLeast(1).look(&[node("a", true), node("b", false)]).is_ready());
    }
}
