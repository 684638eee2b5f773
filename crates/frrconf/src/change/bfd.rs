//! BFD taken off a router's neighbors and put back.

use super::Commands;

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
    fn a_router_without_bfd_needs_no_switch() {
        assert_eq!(BfdSwitch::of("router bgp 64500\n neighbor 10.0.2.2 remote-as 64500\nexit\n"), None);
        assert_eq!(BfdSwitch::of("frr version 8.4.4\n"), None);
    }
}
