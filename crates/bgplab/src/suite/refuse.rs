//! Everything that would keep the suite from running, or make it fail for no reason of MetalLB's: found beforehand, named all
//! at once.

use diagnosis::Advice;
use labfile::{Lab, Provider};

use super::leftovers::{CONTAINERS, NETWORKS};
use super::ranges::{Overlap, overlaps};
use crate::failure::Failure;

/// The name of the nodes' network in the suite's source.
const NETWORK: &str = "kind";

/// A reason not to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The cluster is not of the kind that the suite knows.
    Provider,
    /// The checkout is of another release than the lab's MetalLB.
    Release {
        /// The checkout's commit, by the nearest tag.
        checkout: String,
        /// The lab's release.
        lab: String,
    },
    /// The nodes are on a network of another name.
    Network(String),
    /// A range of the lab is one of the suite's.
    Range(Overlap),
    /// A container has the name of one of the suite's.
    Container(String),
    /// A network has the name of one of the suite's.
    Leftover(String),
    /// The image of the routers lacks programs that cannot be added to it.
    Image {
        /// The image.
        image: String,
        /// The programs.
        lacks: Vec<String>,
    },
    /// A program is not installed.
    Program(&'static str),
    /// MetalLB is not there, or not as the lab file says.
    NotDeployed(String),
    /// Resources of MetalLB that are not the lab's.
    Foreign(Vec<String>),
}

/// Everything that the refusals depend on, beside the lab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The checkout's commit, by the nearest tag.
    pub checkout: String,
    /// The names of all containers.
    pub containers: Vec<String>,
    /// The names of all networks.
    pub networks: Vec<String>,
    /// The programs that are missing.
    pub missing_programs: Vec<&'static str>,
    /// The image of the suite's routers, and the programs that it lacks and that cannot be added.
    pub image: (String, Vec<String>),
    /// MetalLB's resources that are not the lab's.
    pub foreign: Vec<String>,
    /// `true` if VRFs are tested.
    pub vrf: bool,
}

/// Returns every reason not to begin.
#[must_use]
pub fn refusals(lab: &Lab, seen: &Seen) -> Vec<Refusal> {
    if lab.cluster.provider != Provider::Kind {
        return vec![Refusal::Provider];
    }
    let mut refusals = Vec::new();
    let release = lab.metallb.version.as_str();
    if seen.checkout != release {
        refusals.push(Refusal::Release { checkout: seen.checkout.clone(), lab: release.to_owned() });
    }
    if lab.cluster.network.as_str() != NETWORK {
        refusals.push(Refusal::Network(lab.cluster.network.to_string()));
    }
    refusals.extend(overlaps(lab, seen.vrf).into_iter().map(Refusal::Range));
    let there = |names: &[String], name: &&&str| names.iter().any(|there| there == **name);
    refusals.extend(
        CONTAINERS
            .iter()
            .filter(|name| there(&seen.containers, name))
            .map(|name| Refusal::Container((*name).to_owned())),
    );
    refusals.extend(
        NETWORKS.iter().filter(|name| there(&seen.networks, name)).map(|name| Refusal::Leftover((*name).to_owned())),
    );
    let (image, lacks) = &seen.image;
    if !lacks.is_empty() {
        refusals.push(Refusal::Image { image: image.clone(), lacks: lacks.clone() });
    }
    refusals.extend(seen.missing_programs.iter().map(|program| Refusal::Program(program)));
    if !seen.foreign.is_empty() {
        refusals.push(Refusal::Foreign(seen.foreign.clone()));
    }
    refusals
}

impl Refusal {
    /// Returns the reason in words.
    #[must_use]
    pub fn why(&self) -> String {
        match self {
            Self::Provider => "the suite reaches into the nodes of a kind cluster: it needs provider kind".to_owned(),
            Self::Release { checkout, lab } => format!("the checkout is at {checkout}, and the lab has MetalLB {lab}"),
            Self::Network(name) => {
                format!("the nodes are on network {name}, and the suite puts its routers on {NETWORK}")
            }
            Self::Range(Overlap { place, range, taken, used_for }) => {
                format!("{place} ({range}) overlaps {taken}, which the suite takes for {used_for}")
            }
            Self::Container(name) => format!("a container {name} is there: the suite makes one of that name"),
            Self::Leftover(name) => format!("a network {name} is there: the suite makes one of that name"),
            Self::Image { image, lacks } => format!("image {image} of the suite's routers lacks {}", lacks.join(", ")),
            Self::Program(name) => format!("{name} is not installed"),
            Self::NotDeployed(why) => why.clone(),
            Self::Foreign(objects) => {
                format!(
                    "MetalLB has resources that are not the lab's, and the suite deletes all: {}",
                    objects.join(", ")
                )
            }
        }
    }

    /// Returns the next step.
    #[must_use]
    pub fn next(&self) -> Advice {
        match self {
            Self::Release { lab, .. } => {
                format!("git checkout {lab} in the checkout, or --metallb-version with the checkout's release").into()
            }
            Self::Provider | Self::Network(_) | Self::Range(_) => {
                "use a lab file that fits: `⌘ init --from e2e`".into()
            }
            Self::Container(name) => format!("docker rm -f {name}, if nobody needs it").into(),
            Self::Leftover(name) => format!("docker network rm {name}, if nobody needs it").into(),
            Self::Image { .. } => "name another image of FRR with --suite-frr-image".into(),
            Self::Program("go") => "install Go 1.24 or later: https://go.dev/dl".into(),
            Self::Program("kubectl") => "install kubectl: https://kubernetes.io/docs/tasks/tools".into(),
            Self::Program(name) => format!("install {name}, and see that it is on PATH").into(),
            Self::NotDeployed(_) => "⌘ up with the same options".into(),
            Self::Foreign(_) => "delete them, or use a lab of its own".into(),
        }
    }
}

/// Returns the refusals as one failure; `None` if there are none.
#[must_use]
pub fn failure(refusals: &[Refusal]) -> Option<Failure> {
    let first = refusals.first()?;
    let base = match first {
        Refusal::Provider | Refusal::Release { .. } | Refusal::Network(_) | Refusal::Range(_) => {
            Failure::wrong_use("MetalLB's suite does not fit this lab")
        }
        _ => Failure::machine("MetalLB's suite cannot run here"),
    };
    let with_causes = refusals.iter().fold(base, |failure, refusal| failure.because(refusal.why()));
    Some(with_causes.next(first.next()))
}

#[cfg(test)]
mod tests {
    use labfile::{Overrides, ProviderName};

    use super::*;

    fn good() -> (Lab, Seen) {
        let lab = crate::labs::lab("../../labs/e2e.toml".into(), ProviderName::Kind);
        let seen = Seen { checkout: lab.metallb.version.to_string(), ..Seen::default() };
        (lab, seen)
    }

    #[test]
    fn nothing_is_refused_where_everything_fits() {
        let (lab, seen) = good();
        assert_eq!(refusals(&lab, &seen), []);
        assert!(failure(&[]).is_none());
    }

    #[test]
    fn each_reason_is_named_with_a_way_out() {
        let (lab, seen) = good();
        let bad = Seen {
            checkout: "v0.14.9-2-gabc".into(),
            containers: vec!["ibgp-multi-hop".into(), "frr1".into()],
            networks: vec!["kind".into(), "kind-multihop".into()],
            missing_programs: vec!["go"],
            image: ("frr:1".into(), vec!["python3".into()]),
            foreign: vec!["BGPPeer mine".into()],
            ..seen
        };
        let mut found = refusals(&lab, &bad);
        found.push(Refusal::NotDeployed("MetalLB is not deployed".into()));
        assert_eq!(found.len(), 7, "{found:?}");
        let failure = failure(&found).unwrap();
        assert_eq!(failure.causes().len(), 7);
        assert!(failure.causes()[0].starts_with("the checkout is at v0.14.9-2-gabc, and the lab has MetalLB v"));
        assert!(found.iter().all(|refusal| !refusal.next().typed_as("x").is_empty()));
    }

    #[test]
    fn the_documented_lab_does_not_fit() {
        let lab = Lab::documented(&Overrides::default()).unwrap();
        let seen = Seen { checkout: lab.metallb.version.to_string(), ..Seen::default() };
        assert!(matches!(refusals(&lab, &seen).as_slice(), [Refusal::Range(_)]));
        let standalone = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
        assert_eq!(refusals(&Lab::documented(&standalone).unwrap(), &seen), [Refusal::Provider]);
    }
}
