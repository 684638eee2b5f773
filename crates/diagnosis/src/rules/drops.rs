//! Dropped packets in a place: packet filters, policy rules, and the leftovers of a failover that was cut off.

use std::net::IpAddr;

use super::pair::{End, ends, enter};
use crate::check::Check;
use crate::evidence::nft::NftDrop;
use crate::evidence::ports::ports;
use crate::evidence::procfs::Filter;
use crate::evidence::{Evidence, FAILOVER_CHAIN as CHAIN, Inside};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use labfile::{BGP_PORT as BGP, Family};

pub(super) const RULES: &[Rule] = &[
    Rule::proof("failover-unfinished", Layer::Transport, unfinished),
    Rule::proof("port-filtered", Layer::Transport, filtered),
    Rule::proof("packets-filtered", Layer::Transport, dropped),
    Rule::inference("invalid-dropped", Layer::Transport, invalid),
];

const BFD: [u16; 2] = [3784, 4784];

/// A rule that drops, with the command that takes it away.
struct Drop<'a> {
    place: &'a str,
    /// Whose packets it sees; `None` for both families.
    family: Option<Family>,
    /// The rule itself.
    rule: &'a str,
    words: String,
    remedy: String,
    /// `true` if it is one of policy routing.
    is_policy: bool,
}

impl Drop<'_> {
    fn names(&self, port: u16) -> bool {
        ports(self.rule).iter().any(|range| range.contains(&port))
    }

    fn names_bfd(&self) -> bool {
        BFD.iter().any(|port| self.names(*port))
    }

    fn sees(&self, address: IpAddr) -> bool {
        self.family.is_none_or(|family| family == Family::of(address))
    }

    /// `a share of the ` where it drops some of what it matches, by chance.
    fn share(&self) -> &'static str {
        let by_chance = ["numgen random", "meta random", "--mode random"].iter().any(|words| self.rule.contains(words));
        if by_chance { "a share of the " } else { "" }
    }

    /// Returns `true` if it drops what belongs to no connection that the kernel knows.
    fn is_of_invalid(&self) -> bool {
        let mut words = self.rule.split_whitespace().skip_while(|word| !["--ctstate", "state"].contains(word)).skip(1);
        let states = words.next().unwrap_or_default();
        states.split(',').any(|state| state.eq_ignore_ascii_case("invalid"))
    }
}

/// The rules that drop; not kube-proxy's own, for services without endpoints and for what is invalid.
fn drops(e: &Evidence) -> Vec<Drop<'_>> {
    let mut all = Vec::new();
    for (place, inside) in e.places().filter_map(|place| Some((place, e.inside.get(place)?))) {
        for rule in inside.rules.iter().filter(|rule| rule.drops()) {
            let (family, program, rule) = (Some(rule.family), rule.program(), &rule.rule);
            let remedy = format!("docker exec {place} {program} delete {rule}");
            all.push(Drop { place, family, rule, words: format!("{program}: {rule}"), remedy, is_policy: true });
        }
        let enter = enter(place);
        let of_kube = |filter: &Filter| filter.rule.split_whitespace().any(|word| word.starts_with("KUBE-"));
        let own = inside.filters.iter().filter(|filter| filter.drops() && !filter.names(CHAIN) && !of_kube(filter));
        for filter in own {
            let (family, rule) = (Some(filter.family), &filter.rule);
            let count = filter.packets.map(|packets| format!(" ({packets} packets so far)")).unwrap_or_default();
            let (words, remedy) = (filter.words() + &count, format!("{enter} {}", filter.delete()));
            all.push(Drop { place, family, rule, words, remedy, is_policy: false });
        }
        let native = inside.nft.iter().filter(|drop| !drop.table.starts_with("kube-") && !is_of_iptables(drop, inside));
        for drop in native {
            let family = match drop.family.as_str() {
                "ip" => Some(Family::Ipv4),
                "ip6" => Some(Family::Ipv6),
                _ => None,
            };
            let remedy = format!("{enter} {}", drop.delete());
            all.push(Drop { place, family, rule: &drop.rule, words: drop.words(), remedy, is_policy: false });
        }
    }
    all
}

/// Returns `true` if `iptables-save` shows the rule, too.
fn is_of_iptables(drop: &NftDrop, inside: &Inside) -> bool {
    let family =
        |filter: &Filter| matches!((&*drop.family, filter.family), ("ip", Family::Ipv4) | ("ip6", Family::Ipv6));
    drop.chain == CHAIN || inside.filters.iter().any(|filter| family(filter) && filter.table == drop.table)
}

/// Sessions whose packets pass a place, or end there.
fn passing<'a>(e: &'a Evidence, place: &'a str) -> impl Iterator<Item = End<'a>> {
    ends(e).filter(move |end| {
        let routers = || e.between(&end.near.name, end.far.address);
        end.near.name == place || end.far.name == place || routers().iter().any(|router| router == place)
    })
}

fn unfinished(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let left = |place: &str| {
        let filters = e.inside.get(place)?.filters.iter();
        let chain: Vec<&str> = filters.filter(|filter| filter.names(CHAIN)).map(|f| f.rule.as_str()).collect();
        let first = chain.first()?;
        let all = chain.contains(&format!("-A {CHAIN} -j DROP").as_str());
        let what = if all { "every packet" } else { "the packets of BGP and BFD" };
        let sessions = passing(e, place).flat_map(|end| [end.broken(), end.without_bfd()]);
        let ranges = e.lab.networks.iter().flat_map(|network| network.subnets.iter()).filter(|_| all);
        let ways = ranges.map(|range| Break::Way(place.to_owned(), range));
        Some(
            Found::new(format!("{place} drops {what}: a failover that was cut off left it so"), sessions.chain(ways))
                .seen(format!("iptables-save in {place}: {first}"))
                .remedy("⌘ lab-up"),
        )
    };
    e.places().filter_map(left).collect()
}

fn filtered(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for drop in drops(e).into_iter().filter(|drop| !drop.is_of_invalid()) {
        let place = drop.place;
        let what = match (drop.names(BGP), drop.names_bfd()) {
            (false, false) => continue,
            (true, true) => "BGP and BFD packets (TCP 179, UDP 3784 and 4784)",
            (true, false) => "BGP packets (TCP port 179)",
            (false, true) => "BFD packets (UDP ports 3784 and 4784)",
        };
        let sessions: Vec<End<'_>> = passing(e, place).collect();
        let hit: Vec<Break> = sessions
            .iter()
            .filter(|end| drop.sees(end.far.address))
            .map(|end| if drop.names(BGP) { end.broken() } else { end.without_bfd() })
            .collect();
        // Where all sessions are of the other family, there are none of these packets.
        if hit.is_empty() && !sessions.is_empty() {
            continue;
        }
        let of = if drop.family == Some(Family::Ipv6) { " over IPv6" } else { "" };
        all.push(
            Found::new(format!("{place} drops {}{what}{of}", drop.share()), hit)
                .seen(format!("{place}: {}", drop.words))
                .remedy(drop.remedy),
        );
    }
    all
}

/// Packet filter rules that drop other packets of the lab.
fn dropped(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let all =
        drops(e).into_iter().filter(|drop| !drop.is_policy && !drop.is_of_invalid() && ports(drop.rule).is_empty());
    let cause = |drop: &Drop<'_>| format!("a packet filter in {} drops {}packets", drop.place, drop.share());
    all.map(|drop| everywhere(e, &drop, cause(&drop))).collect()
}

/// Such a rule drops what takes another way back than there: the kernel then knows one half of each connection.
fn invalid(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let has_dropped = |drop: &Drop<'_>| !drop.words.contains("(0 packets") && !drop.rule.contains("packets 0 ");
    let all = drops(e).into_iter().filter(|drop| drop.is_of_invalid() && has_dropped(drop) && !open.is_empty());
    let cause = |drop: &Drop<'_>| {
        let place = drop.place;
        format!(
            "a packet filter in {place} drops packets of connections that it has not seen begin, as those whose way back is another are"
        )
    };
    all.map(|drop| everywhere(e, &drop, cause(&drop))).collect()
}

/// A finding that breaks each way of a place into the lab's networks.
fn everywhere(e: &Evidence, drop: &Drop<'_>, cause: String) -> Found {
    let ranges = e.lab.networks.iter().flat_map(|network| network.subnets.iter());
    let ways = ranges.filter(|range| drop.sees(range.addr())).map(|range| Break::Way(drop.place.to_owned(), range));
    Found::new(cause, ways).seen(format!("{}: {}", drop.place, drop.words)).remedy(drop.remedy.clone())
}

#[cfg(test)]
mod tests;
