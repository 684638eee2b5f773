//! A lab's services: their names for people, and the nodes that announce them.

use super::{Lab, Node, Provider, Service, TrafficPolicy};

impl Lab {
    /// Returns the name by which people know a service: with its namespace where another service has the name, too.
    pub fn title(&self, service: &Service) -> String {
        let alike = self.services.iter().filter(|other| other.name == service.name).count();
        if alike > 1 { format!("{}/{}", service.namespace, service.name) } else { service.name.to_string() }
    }

    /// `true` if a node announces a service's addresses, as far as the lab file says: with the policy Local, on which of
    /// several nodes Kubernetes runs the pods is not known. Standalone, the first ones have them.
    pub fn announces(&self, node: &Node, service: &Service) -> bool {
        let has_pod = || match self.cluster.provider {
            Provider::Standalone { .. } => {
                let may = self.cluster.placement.iter().filter(|node| service.may_run_on(node));
                may.take(service.replicas.into()).any(|first| first.name == node.name)
            }
            Provider::Kind | Provider::Existing { .. } => service.may_run_on(node),
        };
        node.announces() && (service.external_traffic_policy == TrafficPolicy::Cluster || has_pod())
    }
}
