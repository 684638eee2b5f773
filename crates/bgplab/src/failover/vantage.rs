//! The vantage points: the routers and standalone nodes whose events are recorded, with what each has to notice.

use std::net::IpAddr;

use frrconf::ask::Question;
use frrconf::vty::Daemon;
use ipnet::IpNet;

use super::predict::Timers;
use super::scenario::Scenario;
use super::target::{Target, prefixes};
use crate::router::{Routers, read};
use crate::scene::Scene;
use labfile::compose::{Expected, SessionState};
use labfile::{Family, Role};

/// A router or standalone node whose logs and routes are recorded.
#[derive(Debug, Clone)]
pub(crate) struct VantagePoint {
    /// The container, by name.
    pub place: String,
    /// The sessions with the target.
    pub sessions: Vec<Session>,
    /// The prefixes that it must have a route for, one per family; empty for a node, which announces them itself.
    pub prefixes: Vec<(Family, IpNet)>,
    /// The daemons whose logs are read.
    pub daemons: Vec<Daemon>,
}

/// A vantage point, and the timers of each session that it has with the target.
pub(crate) type Timed = (VantagePoint, Vec<(IpAddr, Timers)>);

/// A session with the target, as the vantage point sees it.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// The target's address.
    pub peer: IpAddr,
    /// The address families that are exchanged.
    pub families: Vec<Family>,
}

impl VantagePoint {
    /// Returns the address family of all its sessions with the target, if it is one.
    pub(crate) fn only_family(&self) -> Option<Family> {
        let mut families = self.sessions.iter().flat_map(|session| &session.families);
        let first = families.next()?;
        families.all(|family| family == first).then_some(*first)
    }
}

/// Returns all vantage points, routers first, in the lab's order. A target that is broken as a whole notices nothing,
/// and is no vantage point.
pub(crate) fn vantage_points(scene: &Scene, scenario: Scenario, target: &Target) -> Vec<VantagePoint> {
    let speaks = scene.lab.routers.iter().filter(|router| matches!(router.role, Role::Speaker(_)));
    let routers = speaks.map(|router| (router.name.to_string(), false));
    // On a cluster the nodes' ends are MetalLB's, in pods.
    let standalone = scene.nodes.iter().filter(|_| scene.cluster.is_none()).map(|node| (node.name.clone(), true));
    let all = routers.chain(standalone);
    let seeing = all.filter(|(place, _)| !target.is(place) || scenario == Scenario::Daemon);
    let of = |(place, is_node): (String, bool)| VantagePoint {
        sessions: sessions(scene, &place, target),
        prefixes: if is_node { Vec::new() } else { prefixes(scene, &place) },
        daemons: daemons(&scene.expected, &place),
        place,
    };
    seeing.map(of).filter(|one| !one.sessions.is_empty() || !one.prefixes.is_empty()).collect()
}

fn sessions(scene: &Scene, place: &str, target: &Target) -> Vec<Session> {
    let all = scene.expected.sessions.iter();
    let far = |session: &SessionState| {
        let ends = [(&session.opener, &session.answerer), (&session.answerer, &session.opener)];
        let far = ends.into_iter().find(|(near, far)| near.name == place && target.is(&far.name))?.1;
        Some(Session { peer: far.address, families: session.families.clone() })
    };
    all.filter_map(far).collect()
}

/// Returns the daemons of a place that keep sessions: bgpd, and bfdd if a session there uses BFD.
pub(super) fn daemons(expected: &Expected, place: &str) -> Vec<Daemon> {
    let uses = |session: &&SessionState| {
        session.bfd.is_some() && [&session.opener, &session.answerer].iter().any(|end| end.name == place)
    };
    let bfd = expected.sessions.iter().find(uses).map(|_| Daemon::Bfdd);
    std::iter::once(Daemon::Bgpd).chain(bfd).collect()
}

impl VantagePoint {
    /// Reads the timers that both ends of each session with the target have agreed on by now.
    pub(crate) async fn timers(&self, routers: &Routers<'_>) -> Vec<(IpAddr, Timers)> {
        let bfdd = self.daemons.contains(&Daemon::Bfdd).then_some(Question::BfdPeers);
        let questions: Vec<Question> = std::iter::once(Question::BgpNeighbors).chain(bfdd).collect();
        // Views that cannot be read predict nothing.
        let frr = read(&questions, routers.ask_each(&self.place, &questions).await);
        let of = |session: &Session| {
            let neighbor = frr.neighbor(session.peer);
            // A session that BFD does not watch now, whatever the lab file says, is not predicted by it.
            let watched = neighbor.is_some_and(|neighbor| neighbor.bfd.is_some());
            let bfd = frr.bfd.as_ref().filter(|_| watched).and_then(|all| all.to(session.peer).next());
            (session.peer, Timers::of(neighbor, bfd))
        };
        self.sessions.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use labfile::compose;
    use labfile::{Lab, Overrides, ProviderName};

    #[test]
    fn bfdd_runs_where_a_session_uses_it() {
        let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
        let lab = Lab::documented(&overrides).unwrap();
        let mut expected = compose::expected(&lab, compose::known_nodes(&lab));
        assert_eq!(daemons(&expected, "kind-worker"), [Daemon::Bgpd, Daemon::Bfdd]);
        expected.sessions.iter_mut().for_each(|session| session.bfd = None);
        assert_eq!(daemons(&expected, "kind-worker"), [Daemon::Bgpd]);
    }
}
