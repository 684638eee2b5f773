//! Random small fabrics as lab files: routers of several ASes, their links, reflectors, and what nodes send to whom.

use crate::support::ranges::octet;

/// The longest fabric's number of routers.
const ROUTERS: u64 = 12;

/// Numbers that follow from a seed (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let place = self.below(of.len() as u64);
        &of[usize::try_from(place).unwrap()]
    }

    /// `true` so many times of a hundred.
    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

struct Router {
    asn: u32,
    /// On the nodes' network, on the fabric's.
    on: (bool, bool),
    /// The last byte of its addresses, which also orders the routers' identifiers.
    host: u64,
}

/// Returns the lab file of a seed, with names that start with `prefix` and ranges of its own.
pub(crate) fn text(seed: u64, prefix: &str) -> String {
    let octet = octet(prefix);
    let mut numbers = Numbers(seed);
    let routers = routers(&mut numbers);
    let mut text = head(&mut numbers, prefix);
    for (at, router) in routers.iter().enumerate() {
        let mut addresses = Vec::new();
        for (_, subnet) in [(router.on.0, 1), (router.on.1, 2)].into_iter().filter(|(is_on, _)| *is_on) {
            let ipv6 = format!("fd00:{octet}:0:{subnet}::{}", router.host);
            let name = if subnet == 1 { "rack" } else { "fabric" };
            addresses.push(format!("{prefix}-{name} = [\"10.{octet}.{subnet}.{}\", \"{ipv6}\"]", router.host));
        }
        let mut neighbors = Vec::new();
        for (to, other) in routers.iter().enumerate().take(at) {
            let meet = router.on.0 && other.on.0 || router.on.1 && other.on.1;
            // Each has one neighbor at least, where that is possible.
            if !meet || !(numbers.percent(35) || to + 1 == at) {
                continue;
            }
            let reflected = router.asn == other.asn && numbers.percent(60);
            let rest = if reflected { ", route-reflector = true" } else { "" };
            neighbors.push(format!("{{ router = \"{prefix}-r{to}\", connect-time = \"1s\"{rest} }}"));
        }
        text.push_str(&format!(
            "[[router]]\nname = \"{prefix}-r{at}\"\nasn = {}\naddresses = {{ {} }}\nneighbors = [{}]\n",
            router.asn,
            addresses.join(", "),
            neighbors.join(", ")
        ));
    }
    for (from, to) in [("rack", "fabric"), ("fabric", "rack")] {
        let names = format!("from = \"{prefix}-{from}\"\nto = \"{prefix}-{to}\"\nvia = \"{prefix}-r0\"\n");
        text.push_str(&format!("[[route]]\n{names}"));
    }
    let mut peers = Vec::new();
    for at in 0..routers.len() {
        if at == 0 || numbers.percent(35) {
            let dual = numbers.percent(70);
            text.push_str(&format!("[[peer]]\nname = \"p{at}\"\nrouter = \"{prefix}-r{at}\"\ndual-stack = {dual}\n"));
            peers.push(format!("\"p{at}\""));
        }
    }
    text.push_str(&advertisements(&mut numbers, &peers));
    text
}

/// Makes the routers, the first of which is on both networks.
fn routers(numbers: &mut Numbers) -> Vec<Router> {
    let count = 2 + numbers.below(ROUTERS - 1);
    let ases = *numbers.one(&[&[64500][..], &[65001], &[64500, 65001], &[65001, 65002, 65003], &[64500, 65001, 65002]]);
    let mut hosts: Vec<u64> = (200..200 + count).collect();
    let one = |at: u64| {
        let on = *numbers.one(&[(true, true), (true, false), (false, true), (false, true)]);
        let host = hosts.swap_remove(usize::try_from(numbers.below(hosts.len() as u64)).unwrap());
        Router { asn: *numbers.one(ases), on: if at == 0 { (true, true) } else { on }, host }
    };
    (0..count).map(one).collect()
}

/// Returns the lab without routers, with one to three workers.
fn head(numbers: &mut Numbers, prefix: &str) -> String {
    let octet = octet(prefix);
    let workers = 1 + numbers.below(3);
    format!(
        r#"name = "{prefix}-fabric"
[cluster]
provider = "standalone"
name = "{prefix}"
network = "{prefix}-rack"
workers = {workers}
asn = 64500
pods = ["10.128.0.0/14", "fd00:10:128::/56"]
services = ["172.30.0.0/16", "fd00:172:30::/112"]
connect-time = "1s"
[[network]]
name = "{prefix}-rack"
subnets = ["10.{octet}.1.0/24", "fd00:{octet}:0:1::/64"]
dynamic = ["10.{octet}.1.0/25", "fd00:{octet}:0:1::/121"]
[[network]]
name = "{prefix}-fabric"
subnets = ["10.{octet}.2.0/24", "fd00:{octet}:0:2::/64"]
[[pool]]
name = "pool"
addresses = ["203.0.113.200/32", "fd01::/128"]
"#
    )
}

/// Advertises the pool to all peers, or to the first of them in another way than to the others.
fn advertisements(numbers: &mut Numbers, peers: &[String]) -> String {
    let split = if numbers.percent(50) { 1 + numbers.below(peers.len() as u64) } else { peers.len() as u64 };
    let (some, others) = peers.split_at(usize::try_from(split).unwrap());
    // MetalLB's validation allows one local preference for a prefix.
    let preference = if numbers.percent(30) { "local-preference = 300\n" } else { "" };
    let mut text = String::new();
    for (number, peers) in [some, others].into_iter().filter(|peers| !peers.is_empty()).enumerate() {
        let community = *numbers.one(&["", "", "65535:65281", "65535:65282", "65535:65283", "65535:0", "64500:1"]);
        let communities = if community.is_empty() { String::new() } else { format!("\"{community}\"") };
        text.push_str(&format!(
            "[[advertisement]]\nname = \"a{number}\"\npeers = [{}]\ncommunities = [{communities}]\n{preference}",
            peers.join(", ")
        ));
    }
    text
}
