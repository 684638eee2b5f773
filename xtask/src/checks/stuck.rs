//! Sessions that hold themselves up.
//!
//! FRR 10.2 and later keep a BGP peer `Idle` for as long as their own BFD session to it is down (FRR #18761, #17452,
//! #17751). The other side makes its BFD session only once BGP is established: after a restart of the other side, each waits
//! for the other for ever. `clear bgp` does not help, and BFD taken off the neighbor and put back does not either; the
//! neighbor removed and added again does.

use std::net::IpAddr;

use frrconf::views::{BfdStatus, BgpState};

use super::views::Views;
use crate::compose::SessionState;

/// A session that holds itself up, at the end that waits for BFD.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stuck {
    /// The router, or standalone node.
    pub(crate) at: String,
    /// Its AS number.
    pub(crate) asn: u32,
    /// The far end.
    pub(crate) far: String,
    /// The far end's address, which is the neighbor's name.
    pub(crate) neighbor: IpAddr,
}

/// The ends that look so at this moment. While a session ends, any may for a moment: only what stays so is stuck.
pub(super) fn stuck(sessions: &[SessionState], views: &Views) -> Vec<Stuck> {
    let mut stuck = Vec::new();
    for session in sessions.iter().filter(|session| session.bfd.is_some()) {
        for (own, far) in [(&session.answerer, &session.opener), (&session.opener, &session.answerer)] {
            let Some(Ok(view)) = views.get(&own.name) else { continue };
            let idle = view.bgp.state(far.address) == Some(&BgpState::Idle);
            let down = view.bfd.to(far.address).any(|bfd| bfd.status == BfdStatus::Down);
            if idle && down {
                let (at, far_name) = (own.name.clone(), far.name.clone());
                stuck.push(Stuck { at, asn: own.asn, far: far_name, neighbor: far.address });
            }
        }
    }
    stuck.sort();
    stuck.dedup();
    stuck
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::View;
    use crate::compose::{BfdHops, Side};
    use frrconf::views::{BfdPeers, BgpSummary};

    /// What a router of FRR 10.3 says of a node that was restarted.
    fn view(state: &str, bfd: &str) -> Views {
        let bgp = format!(
            r#"{{"ipv4Unicast": {{"routerId": "10.0.2.3", "as": 64500, "peers": {{"10.0.1.3": {{"remoteAs": 64500,
            "msgRcvd": 6, "msgSent": 4, "state": "{state}"}}}}}}}}"#
        );
        let peers = format!(
            r#"[{{"multihop": true, "peer": "10.0.1.3", "local": "10.0.2.3", "status": "{bfd}", "receive-interval": 300,
            "transmit-interval": 300, "detect-multiplier": 3}}]"#
        );
        let (bgp, bfd) = (BgpSummary::parse(&bgp).unwrap(), BfdPeers::parse(&peers).unwrap());
        [("frr1".to_owned(), Ok(View { bgp, bfd, ..View::default() }))].into()
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
    fn idle_while_bfd_is_down_is_stuck() {
        let found = |state, bfd| stuck(&[session(Some(BfdHops::Multi))], &view(state, bfd));
        let (at, far) = ("frr1".to_owned(), "kind-worker".to_owned());
        let neighbor = "10.0.1.3".parse().unwrap();
        assert_eq!(found("Idle", "down"), [Stuck { at, asn: 64500, far, neighbor }]);
        assert_eq!(found("Active", "down"), [], "it calls, and will be heard");
        assert_eq!(found("Idle", "up"), []);
        assert_eq!(stuck(&[session(None)], &view("Idle", "down")), [], "nobody asked for BFD");
        assert_eq!(stuck(&[session(Some(BfdHops::Multi))], &Views::default()), [], "who does not answer is not judged");
    }
}
