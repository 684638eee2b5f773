//! The needs of the tiers, and which of them this machine meets.

use std::collections::BTreeSet;

use netlab::{Docker, EngineError};

use super::Tier;
use bgplab::Failure;
use metallb::release::RELEASES;
use metallb::spec::Backend;
use metallb_lab::Ctx;

/// The second FRR that the routing is tested with: of the series in which BFD and BGP deal differently with each other.
const NEWER_FRR: &str = "quay.io/frrouting/frr:10.5.3";

/// FRR of the series that keeps a BGP peer idle while BFD is down, and the variable that names another image of it.
const STUCK_FRR: (&str, &str) = ("METALLB_LAB_TEST_STUCK_FRR", "quay.io/frrouting/frr:10.3.0");

/// Variables for what no test of a cluster can bring itself: checkouts of the operator, one that deploys MetalLB 0.15.2
/// from `config/frr-on-ci` and one of the current release, the folder of MetalLB's published manifests (with a folder a
/// release in it), the command that restarts the engine.
const GIVEN: [&str; 4] = [
    "METALLB_LAB_TEST_OPERATOR_DIR",
    "METALLB_LAB_TEST_CURRENT_OPERATOR_DIR",
    "METALLB_LAB_TEST_MANIFESTS",
    "METALLB_LAB_TEST_RESTART_ENGINE",
];

/// The state of this machine.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// A problem with the engine.
    engine: Option<String>,
    /// Missing needs of the cluster tier alone, in words: programs that are not there, variables that are not set.
    for_clusters: Vec<String>,
    /// Images that the engine does not have.
    images: BTreeSet<String>,
    /// Images that the engine tier needs.
    engine_images: BTreeSet<String>,
}

impl Seen {
    /// Looks; a missing engine is something seen, not an error.
    pub(super) async fn look(ctx: &Ctx) -> Result<Self, Failure> {
        let lab = ctx.lab()?;
        let stuck = std::env::var(STUCK_FRR.0).unwrap_or_else(|_| STUCK_FRR.1.to_owned());
        let engine_images: BTreeSet<String> = [lab.images.frr.to_string(), NEWER_FRR.to_owned(), stuck].into();
        let backends = [Backend::Frr, Backend::FrrK8s];
        let metallb = RELEASES.iter().flat_map(|release| backends.map(|backend| release.images(backend)));
        let metallb: BTreeSet<String> = metallb.flatten().collect();
        let all = engine_images
            .iter()
            .map(String::as_str)
            .chain([lab.images.node.as_str(), lab.images.workload.as_str()])
            .chain(metallb.iter().map(String::as_str))
            .collect::<Vec<_>>();
        let (engine, images) = match absent(&all).await {
            Ok(images) => (None, images),
            Err(error) => (Some(error.to_string()), BTreeSet::new()),
        };
        let programs = ["kind", "kubectl", "make"].into_iter().filter(|name| which::which(name).is_err());
        let given = GIVEN.into_iter().filter(|name| std::env::var_os(name).is_none());
        let for_clusters = programs.map(|program| format!("{program} is not installed"));
        let for_clusters = for_clusters.chain(given.map(|name| format!("{name} is not set"))).collect();
        Ok(Self { engine, for_clusters, images, engine_images })
    }

    /// Returns the needs of a tier that are not met, in words.
    pub(super) fn missing_for(&self, tier: Tier) -> Vec<String> {
        let images: Vec<&String> = match tier {
            Tier::Fast => return Vec::new(),
            Tier::Engine => self.images.intersection(&self.engine_images).collect(),
            Tier::Cluster => self.images.iter().collect(),
        };
        let mut missing: Vec<String> = self.engine.iter().cloned().collect();
        missing.extend(self.for_clusters.iter().filter(|_| tier == Tier::Cluster).cloned());
        missing.extend(images.iter().map(|image| format!("image {image} is not there")));
        missing
    }
}

/// Returns those of these images that the engine does not have.
async fn absent(images: &[&str]) -> Result<BTreeSet<String>, EngineError> {
    let states = Docker::connect().await?.image_states(images).await?;
    Ok(states.into_iter().filter(|state| state.id.is_none()).map(|state| state.reference).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tier_misses_what_it_needs() {
        let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let seen = Seen {
            engine: None,
            for_clusters: vec!["kind is not installed".into()],
            images: set(&["frr", "node"]),
            engine_images: set(&["frr", "newer"]),
        };
        assert_eq!(seen.missing_for(Tier::Fast), [""; 0]);
        assert_eq!(seen.missing_for(Tier::Engine), ["image frr is not there"]);
        assert_eq!(
            seen.missing_for(Tier::Cluster),
            ["kind is not installed", "image frr is not there", "image node is not there"]
        );
        let no_engine = Seen { engine: Some("no Docker engine".into()), ..Seen::default() };
        assert_eq!(no_engine.missing_for(Tier::Engine), ["no Docker engine"]);
    }
}
