//! The reasons why routers choose the routes to a prefix that they have: predicted, beside seen.

mod compare;
mod seen;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use frrconf::ask::Question;
use frrconf::views::Family;
use futures::future::join_all;
use labfile::compose::{self, Choice, Observed};
use labfile::ipnet::IpNet;
use labfile::{Lab, Provider, Role};
use serde::Serialize;

pub use seen::SeenPath;

use crate::bringup::running::Running;
use crate::context::Context;
use crate::failure::Failure;
use crate::scene::Scene;

/// The routers' choices between the routes to a prefix.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// The lab.
    pub lab: String,
    /// The prefix.
    pub prefix: IpNet,
    /// The nodes that announce it.
    pub announced_by: Vec<String>,
    /// `true` if every router has chosen as predicted.
    pub agrees: bool,
    /// The routers.
    pub routers: Vec<Explanation>,
    /// The names of the routers and nodes that have the next hops.
    pub places: BTreeMap<IpAddr, String>,
}

/// A router's choice, predicted and seen.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The choice that it has to come to.
    pub predicted: Choice,
    /// The routes in its table.
    pub seen: Table,
    /// The differences of the two, in words.
    pub differences: Vec<String>,
}

/// The routes in a router's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Table {
    /// All routes to the prefix.
    Paths(Vec<SeenPath>),
    /// The reason why the router could not be asked.
    Unread(String),
}

impl Explanation {
    /// Returns the next hops of all its routes, predicted and seen.
    fn next_hops(&self) -> impl Iterator<Item = IpAddr> {
        let seen = match &self.seen {
            Table::Paths(paths) => paths.as_slice(),
            Table::Unread(_) => &[],
        };
        let predicted = self.predicted.paths.iter().map(|path| path.next_hop);
        predicted.chain(seen.iter().filter_map(|path| path.next_hop))
    }
}

/// Explains the choice of each router between the routes to an address or prefix, or that of the router `at`.
///
/// # Errors
/// Wrong use where no node announces it, or the lab has no such router that speaks BGP; what the engine says.
pub async fn explain(ctx: &Context, to: IpNet, at: Option<&str>) -> Result<Explained, Failure> {
    let running = Running::find(ctx).await?;
    if let Some(at) = at {
        speaks(&running.lab, at)?;
    }
    let scene = Scene::set(ctx, running).await?;
    let (prefix, by, choices) = match &scene.cluster {
        Some((_, seen)) => seen.observing(&scene.lab, |observed| predicted(&scene, observed, to)),
        None => compose::unobserved(&scene.lab, |observed| predicted(&scene, observed, to)),
    }?;
    let wanted = |choice: &Choice| at.is_none_or(|at| choice.router.as_str() == at);
    let names = Names::of(&scene);
    let look = scene.look();
    let family = Family::of(prefix.addr());
    let routers = choices.into_iter().filter(wanted).map(async |predicted| {
        let frr = look.ask(predicted.router.as_str(), &[Question::BgpTable(family)]).await;
        let seen = seen::table(&frr, family, prefix, &names);
        let differences = compare::differences(&predicted, &seen);
        Explanation { predicted, seen, differences }
    });
    let routers: Vec<Explanation> = join_all(routers).await;
    let hops = routers.iter().flat_map(Explanation::next_hops);
    Ok(Explained {
        lab: scene.lab.name.to_string(),
        prefix,
        announced_by: by.into_iter().collect(),
        agrees: routers.iter().all(|router| router.differences.is_empty()),
        places: hops.filter_map(|hop| Some((hop, names.name(hop)?.to_owned()))).collect(),
        routers,
    })
}

/// Predicts the choices between the routes to the longest announced prefix that holds an address or prefix, as for a packet;
/// with the prefix, and the nodes that announce it.
fn predicted(
    scene: &Scene,
    observed: Observed<'_>,
    to: IpNet,
) -> Result<(IpNet, BTreeSet<String>, Vec<Choice>), Failure> {
    let announced = compose::announced_by(&scene.lab, &scene.nodes, observed);
    let holding = announced.iter().filter(|(prefix, _)| prefix.contains(&to));
    let Some((prefix, by)) = holding.max_by_key(|(prefix, _)| prefix.prefix_len()) else {
        return Err(unannounced(&scene.lab, to, announced.keys()));
    };
    let choices = compose::choices(&scene.lab, &scene.nodes, observed, *prefix)
        .ok_or_else(|| Failure::step(format!("the routers of this lab never settle on routes to {prefix}")))?;
    Ok((*prefix, by.clone(), choices))
}

/// Checks that a router of this name speaks BGP.
fn speaks(lab: &Lab, name: &str) -> Result<(), Failure> {
    let router = lab.routers.iter().find(|router| router.name.as_str() == name);
    let why = match router.map(|router| router.role) {
        Some(Role::Speaker(_)) => return Ok(()),
        Some(Role::Forwarder) => format!("router {name} forwards only, and has no BGP table"),
        None if lab.cluster.is_node(name) => {
            format!("node {name} announces, and accepts no routes: it has none to choose from")
        }
        None => format!("lab {} has no router {name}", lab.name),
    };
    let speakers = lab.routers.iter().filter(|router| matches!(router.role, Role::Speaker(_)));
    let known: Vec<&str> = speakers.map(|router| router.name.as_str()).collect();
    Err(Failure::wrong_use(why).next(format!("one of: {}", known.join(", "))))
}

fn unannounced<'a>(lab: &Lab, to: IpNet, announced: impl Iterator<Item = &'a IpNet>) -> Failure {
    let announced: Vec<String> = announced.map(ToString::to_string).collect();
    let failure = Failure::wrong_use(format!("no node of lab {} announces {to}", lab.name));
    match (announced.as_slice(), &lab.cluster.provider) {
        ([], Provider::Standalone { .. }) => {
            failure.because("nothing is announced").next("see the lab file's pools and advertisements")
        }
        ([], _) => failure.because("nothing is announced, or no node is there").next("⌘ diagnose"),
        ([first, ..], _) => {
            failure.because(format!("announced are {}", announced.join(", "))).next(format!("⌘ explain {first}"))
        }
    }
}

/// The names of what has an address in the lab.
struct Names(BTreeMap<IpAddr, String>);

impl Names {
    fn of(scene: &Scene) -> Self {
        let routers = scene.lab.routers.iter().flat_map(|router| {
            let own = router.attachments.iter().flat_map(|(_, addresses)| addresses.iter());
            own.map(|address| (address, router.name.to_string()))
        });
        let nodes =
            scene.nodes.iter().flat_map(|node| node.addresses.iter().map(|address| (address, node.name.clone())));
        Self(routers.chain(nodes).collect())
    }

    fn name(&self, address: IpAddr) -> Option<&str> {
        self.0.get(&address).map(String::as_str)
    }
}
