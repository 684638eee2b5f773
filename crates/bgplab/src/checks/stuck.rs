//! Sessions that hold themselves up.
//!
//! FRR 10.2 and later keep a BGP peer down for as long as their own BFD session to it is down (FRR #18761, #17452, #17751):
//! `Idle` where BFD noticed the loss, or `Active` and deaf to the peer where the connection ended before. The other side
//! makes its BFD session only once BGP is established: after a restart of the other side, each waits for the other for ever.
//! `clear bgp` does not help, and BFD taken off the neighbor and put back does not either. A BFD session of the other
//! side's own does, without a word from BGP; and so does the neighbor removed and added again.

use std::net::IpAddr;

use frrconf::ask::Question;
use frrconf::views::{BfdStatus, BgpState};
use frrconf::vty::Daemon;

use super::views::{Sources, Views};
use labfile::compose::{BfdHops, SessionState, Side};

/// A session that holds itself up, at the end that waits for BFD.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stuck {
    /// The router, or standalone node.
    pub at: String,
    /// The AS number.
    pub asn: u32,
    /// The far end.
    pub far: String,
    /// The far end's address, which is the neighbor's name.
    pub neighbor: IpAddr,
    /// The address of the end that waits.
    pub own: IpAddr,
    /// `true` if routers are between the ends.
    pub multihop: bool,
}

/// The ends that look so at this moment. While a session begins or ends, any may for a moment: only what stays so is stuck.
pub(super) fn stuck(sessions: &[SessionState], views: &Views) -> Vec<Stuck> {
    let mut stuck = Vec::new();
    let bgp = |side: &Side| views.get(&side.name)?.summary.as_ref();
    let bfd = |side: &Side| views.get(&side.name)?.bfd.as_ref();
    for session in sessions.iter().filter(|session| session.bfd.is_some()) {
        for (own, far) in [(&session.answerer, &session.opener), (&session.opener, &session.answerer)] {
            let (Some(neighbors), Some(sessions)) = (bgp(own), bfd(own)) else { continue };
            let waits = neighbors.state(far.address).is_some_and(|state| *state != BgpState::Established);
            let down = sessions.to(far.address).any(|session| session.status == BfdStatus::Down);
            // Where the other end has a session of its own, the two will hear each other.
            let alone = bfd(far).is_none_or(|other| other.to(own.address).next().is_none());
            if waits && down && alone {
                stuck.push(Stuck {
                    at: own.name.clone(),
                    asn: own.asn,
                    far: far.name.clone(),
                    neighbor: far.address,
                    own: own.address,
                    multihop: session.bfd == Some(BfdHops::Multi),
                });
            }
        }
    }
    stuck.sort();
    stuck.dedup();
    stuck
}

/// `true` if an end that looks stuck is: by what it says of the neighbor, and its release.
pub(super) async fn is_stuck(sources: &Sources<'_>, session: &Stuck) -> bool {
    let frr = sources.ask(&session.at, &[Question::BgpNeighbors, Question::Running(Daemon::Bgpd)]).await;
    let (Some(neighbor), Some(running)) = (frr.neighbor(session.neighbor), &frr.running) else { return false };
    neighbor.waits_for_bfd(running.version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagnosis::evidence::Frr;

    /// Returns the view of one end of the other one, and of its BFD session to it, if it has one.
    fn view(of: &str, state: &str, bfd: Option<&str>) -> Frr {
        let bgp = format!(
            r#"{{"ipv4Unicast": {{"routerId": "10.0.2.3", "as": 64500, "peers": {{"{of}": {{"remoteAs": 64500,
            "msgRcvd": 6, "msgSent": 4, "state": "{state}"}}}}}}}}"#
        );
        let bfd = bfd.map(|bfd| {
            format!(
                r#"{{"multihop": true, "peer": "{of}", "status": "{bfd}", "receive-interval": 300,
                "transmit-interval": 300, "detect-multiplier": 3}}"#
            )
        });
        let bfd = format!("[{}]", bfd.unwrap_or_default());
        Frr::read([(Question::BgpSummary, Ok(bgp)), (Question::BfdPeers, Ok(bfd))])
    }

    fn session(bfd: Option<BfdHops>) -> SessionState {
        let side = |name: &str, address: &str| Side {
            name: name.to_owned(),
            address: address.parse().unwrap(),
            asn: 64500,
            is_node: name != "frr1",
        };
        SessionState {
            peer: None,
            opener: side("kind-worker", "10.0.1.3"),
            answerer: side("frr1", "10.0.2.3"),
            families: Vec::new(),
            advertised: None,
            bfd,
        }
    }

    #[test]
    fn down_while_bfd_is_down_looks_stuck() {
        let router = |state, bfd| ("frr1".to_owned(), view("10.0.1.3", state, Some(bfd)));
        let node = |bfd| ("kind-worker".to_owned(), view("10.0.2.3", "Active", bfd));
        let multi = Some(BfdHops::Multi);
        let found = |views: &[_]| stuck(&[session(multi)], &views.iter().cloned().collect());
        let (at, far) = ("frr1".to_owned(), "kind-worker".to_owned());
        let [neighbor, own] = ["10.0.1.3", "10.0.2.3"].map(|address| address.parse().unwrap());
        let one = [Stuck { at, asn: 64500, far, neighbor, own, multihop: true }];
        assert_eq!(found(&[router("Idle", "down")]), one);
        assert_eq!(found(&[router("Active", "down"), node(None)]), one, "its peer closed the connection");
        assert_eq!(found(&[router("Active", "down"), node(Some("down"))]), [], "they will hear each other");
        assert_eq!(found(&[router("Established", "down")]), []);
        assert_eq!(found(&[router("Idle", "up")]), []);
        assert_eq!(found(&[]), [], "who does not answer is not judged");
        let without = stuck(&[session(None)], &[router("Idle", "down")].into());
        assert_eq!(without, [], "nobody asked for BFD");
    }
}
