//! Changes of a running BGP router.

use std::net::IpAddr;

use super::Commands;
use crate::values::Asn;

/// Sets lines of a BGP router, such as `no bgp network import-check`.
pub fn set(asn: Asn, lines: impl IntoIterator<Item = impl Into<String>>) -> Commands {
    let begin = std::iter::once(format!("router bgp {asn}"));
    Commands::configure(begin.chain(lines.into_iter().map(Into::into)))
}

/// Shuts neighbors down: FRR sends a NOTIFICATION (Cease, administrative shutdown) and stays in Idle.
pub fn shut_down(asn: Asn, neighbors: &[IpAddr]) -> Commands {
    set(asn, neighbors.iter().map(|neighbor| format!("neighbor {neighbor} shutdown")))
}

/// Brings neighbors up that [`shut_down`] shut down.
pub fn bring_up(asn: Asn, neighbors: &[IpAddr]) -> Commands {
    set(asn, neighbors.iter().map(|neighbor| format!("no neighbor {neighbor} shutdown")))
}

/// Removes a neighbor with all its lines. Loading the configuration file afterwards adds it again, which ends the
/// deadlock of [`BgpNeighbor::waits_for_bfd`](crate::views::BgpNeighbor::waits_for_bfd).
pub fn remove_neighbor(asn: Asn, neighbor: IpAddr) -> Commands {
    set(asn, [format!("no neighbor {neighbor}")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_go_down_and_come_up_one_by_one() {
        let (asn, neighbors) = (Asn::new(64500).unwrap(), ["10.0.1.3", "fd00::3"].map(|text| text.parse().unwrap()));
        let down = shut_down(asn, &neighbors);
        assert_eq!(
            down.lines(),
            [
                "configure terminal",
                "router bgp 64500",
                "neighbor 10.0.1.3 shutdown",
                "neighbor fd00::3 shutdown",
                "end"
            ]
        );
        assert_eq!(bring_up(asn, &neighbors).lines()[3], "no neighbor fd00::3 shutdown");
    }
}
