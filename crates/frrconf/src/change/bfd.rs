//! BFD taken off a router's neighbors and put back; a session that bfdd keeps of its own accord.

use std::net::IpAddr;

use super::Commands;
use crate::running::Running;
use crate::views::BgpState;

/// The commands that take BFD off every neighbor of a running BGP router, and those that put it back as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BfdSwitch {
    /// Takes BFD off.
    pub off: Commands,
    /// Puts it back.
    pub on: Commands,
}

impl BfdSwitch {
    /// Reads the switch from bgpd's running configuration ([`Question::Running`](crate::ask::Question::Running)).
    /// `None` if there is no BGP router, or no neighbor has BFD.
    pub fn of(configuration: &str) -> Option<Self> {
        let mut lines = configuration.lines().map(str::trim_end);
        let begin = lines.find(|line| line.starts_with("router bgp "))?;
        let inside = lines.take_while(|line| line.starts_with(' ') || *line == "!").map(str::trim);
        let bfd: Vec<&str> = inside.filter(|line| is_bfd(line)).collect();
        if bfd.is_empty() {
            return None;
        }
        let around = |lines: Vec<String>| Commands::configure(std::iter::once(begin.to_owned()).chain(lines));
        let mut neighbors: Vec<&str> = bfd.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        neighbors.dedup();
        // One line takes off all that belongs to a neighbor's BFD, its profile too.
        let off = neighbors.iter().map(|neighbor| format!("no neighbor {neighbor} bfd")).collect();
        Some(Self { off: around(off), on: around(bfd.into_iter().map(str::to_owned).collect()) })
    }
}

/// A session of bfdd's own to a BGP neighbor, which is there before BGP is up.
///
/// It ends the deadlock of [`BgpNeighbor::waits_for_bfd`](crate::views::BgpNeighbor::waits_for_bfd) from the other end:
/// the end that waits hears BFD, and lets BGP come up. From then on bgpd asks for the same session, which stays when
/// bfdd's own claim on it is taken back. No session goes down for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    neighbor: IpAddr,
    peer: String,
    profile: Option<String>,
}

impl OwnSession {
    /// The session to a neighbor, with the profile that the running configuration of bgpd has for it. `local` is the
    /// address of this end if the session is multihop (RFC 5883).
    pub fn to(neighbor: IpAddr, local: Option<IpAddr>, running: &Running) -> Self {
        let configured = running.bgp.as_ref().and_then(|bgp| bgp.neighbors.get(&neighbor));
        let profile = configured.and_then(|neighbor| neighbor.bfd_profile.clone());
        let peer = match local {
            Some(local) => format!("peer {neighbor} multihop local-address {local}"),
            None => format!("peer {neighbor}"),
        };
        Self { neighbor, peer, profile }
    }

    /// Adds it.
    pub fn add(&self) -> Commands {
        let profile = self.profile.iter().map(|profile| format!("profile {profile}"));
        Commands::configure(["bfd".to_owned(), self.peer.clone()].into_iter().chain(profile))
    }

    /// Takes it back: where BGP is up, its session stays.
    pub fn remove(&self) -> Commands {
        Commands::configure(["bfd".to_owned(), format!("no {}", self.peer)])
    }

    /// A shell script that adds it, waits up to 20 s until BGP is up, and takes it back. Its exit code is 0 if BGP came
    /// up.
    pub fn script(&self) -> String {
        let (add, remove, neighbor) = (self.add(), self.remove(), self.neighbor);
        let established = BgpState::Established;
        format!(
            "{add} >&2 || exit\nend=1\nfor _ in $(seq 40); do\n  vtysh -c 'show bgp neighbors {neighbor} json' | grep -q \
             '\"bgpState\": *\"{established}\"' && end=0 && break\n  sleep 0.5\ndone\n{remove} >&2\nexit $end\n"
        )
    }
}

/// Returns `true` for `neighbor A bfd …`.
fn is_bfd(line: &str) -> bool {
    let mut words = line.split(' ');
    words.next() == Some("neighbor") && words.nth(1) == Some("bfd")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str = "Current configuration:\n!\nfrr version 8.4.4\n!\nrouter bgp 64500\n bgp router-id 10.0.2.3\n \
        neighbor 10.0.1.3 remote-as 64500\n neighbor 10.0.1.3 bfd\n neighbor 10.0.1.3 bfd profile full\n \
        neighbor 10.0.2.2 remote-as 64500\n !\n address-family ipv4 unicast\n  neighbor 10.0.1.3 activate\n \
        exit-address-family\nexit\n!\nbfd\n profile full\n exit\nexit\n";

    #[test]
    fn bfd_comes_back_as_it_was() {
        let BfdSwitch { off, on } = BfdSwitch::of(SHOWN).unwrap();
        assert_eq!(off.lines(), ["configure terminal", "router bgp 64500", "no neighbor 10.0.1.3 bfd", "end"]);
        assert_eq!(
            on.lines()[2..],
            ["neighbor 10.0.1.3 bfd".to_owned(), "neighbor 10.0.1.3 bfd profile full".to_owned(), "end".to_owned()]
        );
    }

    /// A neighbor whose only line about BFD names a profile has BFD, too.
    #[test]
    fn a_profile_alone_turns_bfd_on() {
        let shown = "router bgp 64500\n neighbor 10.0.1.3 bfd profile full\nexit\n";
        assert_eq!(BfdSwitch::of(shown).unwrap().off.lines()[2], "no neighbor 10.0.1.3 bfd");
    }

    #[test]
    fn a_session_of_bfdds_own_has_the_neighbors_profile() {
        let (running, neighbor) = (Running::parse(SHOWN), "10.0.1.3".parse().unwrap());
        let session = OwnSession::to(neighbor, Some("10.0.2.3".parse().unwrap()), &running);
        let peer = "peer 10.0.1.3 multihop local-address 10.0.2.3";
        assert_eq!(session.add().lines()[1..], ["bfd", peer, "profile full", "end"]);
        assert_eq!(session.remove().lines()[1..], ["bfd".to_owned(), format!("no {peer}"), "end".to_owned()]);
        let script = session.script();
        let [added, waited, removed] =
            [peer, r#"'"bgpState": *"Established"'"#, &format!("no {peer}")].map(|part| script.find(part).unwrap());
        assert!(added < waited && waited < removed, "{script}");

        let direct = OwnSession::to("10.0.1.4".parse().unwrap(), None, &running);
        assert_eq!(direct.add().lines()[1..], ["bfd", "peer 10.0.1.4", "end"]);
    }

    #[test]
    fn a_router_without_bfd_needs_no_switch() {
        assert_eq!(BfdSwitch::of("router bgp 64500\n neighbor 10.0.2.2 remote-as 64500\nexit\n"), None);
        assert_eq!(BfdSwitch::of("frr version 8.4.4\n"), None);
    }
}
