//! The documented lab in small (one node, the router between, one far router), run by each FRR: what the views read
//! from it is what is so. With `FRRCONF_FIXTURES=write` it also writes the fixtures that `views.rs` reads.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::net::IpAddr;
use std::path::Path;

use frrconf::model::Instance;
use frrconf::values::ConnectTime;
use frrconf::views::{BfdPeers, BfdStatus, BgpDetail, BgpNeighbors, BgpSummary, BgpTable, Family, RouteTable};
use support::docker::{Container, Network, images};
use support::wait::{Look, all_of, for_};
use support::{documented, files};

const NODE: &str = "10.78.1.3";
/// The router's other speaker, which is not there.
const ABSENT: &str = "10.78.1.4";

struct Lab {
    node: Container,
    next_hop_router: Container,
    router: Container,
    _networks: [Network; 2],
}

impl Lab {
    /// A node and a router with the router between, in ranges of the tests' own: network `1` of the documentation
    /// becomes `base`, network `2` the one after.
    fn up(name: &str, base: u8, image: &str, [node, next_hop_router, router]: [Instance; 3]) -> Self {
        let (near, far) = (base, base + 1);
        let network =
            |name: &str, third| Network::new(name, &format!("10.78.{third}.0/24"), &format!("fd78:10:0:{third}::/64"));
        let networks = [network(&format!("{name}-near"), near), network(&format!("{name}-far"), far)];
        let moved = |text: &str| {
            let text = text.replace("10.0.1.", &format!("10.78.{near}.")).replace("10.0.2.", &format!("10.78.{far}."));
            text.replace("fd00:10:0:1:", &format!("fd78:10:0:{near}:"))
                .replace("fd00:10:0:2:", &format!("fd78:10:0:{far}:"))
        };
        let at = |side, third, v4, v6| format!("{name}-{side} --ip 10.78.{third}.{v4} --ip6 fd78:10:0:{third}::{v6}");
        let frr = |at: String, instance: Instance| {
            let hostname = instance.hostname.to_string();
            let mut files = files(instance);
            files.frr_conf = moved(&files.frr_conf);
            Container::frr(&format!("{name}-{hostname}"), image, &format!("--network {at}"), &files)
        };
        let lab = Self {
            node: frr(at("near", near, 3, "3"), node),
            next_hop_router: frr(at("near", near, 254, "fe"), next_hop_router),
            router: frr(at("far", far, 3, "3"), router),
            _networks: networks,
        };
        lab.next_hop_router.connect(&format!("--ip 10.78.{far}.2 --ip6 fd78:10:0:{far}::2 {name}-far"));
        for container in [&lab.next_hop_router, &lab.node, &lab.router] {
            container.start();
        }
        lab
    }

    /// The documented lab; what the speaker cannot reach yet it tries again each second.
    fn documented(image: &str) -> Self {
        let mut speaker = documented::speaker("kind-worker", "10.0.1.3");
        for peer in &mut speaker.peers {
            peer.connect = Some(ConnectTime::new(1).unwrap());
        }
        let node = documented::with_routes(speaker.instance().unwrap(), documented::NODE_ROUTES);
        let router = documented::router("frr1", "10.0.2.3");
        Self::up("frrconf-views", 1, image, [node, documented::next_hop_router(), router])
    }

    /// The page's commented half: BFD and static routes, and no routing protocol.
    fn bfd_only(image: &str) -> Self {
        let node = documented::bfd_only("kind-worker", "10.0.1.3", &["10.0.2.3"], documented::NODE_ROUTES);
        let router = documented::bfd_only("frr1", "10.0.2.3", &documented::WORKERS, documented::ROUTER_ROUTES);
        Self::up("frrconf-bfd", 3, image, [node, support::instance("next-hop-router"), router])
    }

    /// The sessions and routes that are still missing on the far router and on the router between.
    fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        let node: IpAddr = NODE.parse().unwrap();
        match BgpSummary::parse(&self.router.vtysh(BgpSummary::COMMAND)) {
            Ok(summary) if summary.established(node) => {}
            other => missing.push(format!("BGP: {other:?}")),
        }
        match BfdPeers::parse(&self.router.vtysh(BfdPeers::COMMAND)) {
            Ok(peers) if peers.up(node) => {}
            other => missing.push(format!("BFD: {other:?}")),
        }
        for (family, prefix) in [(Family::Ipv4, "203.0.113.200/32"), (Family::Ipv6, "fd01::/128")] {
            let routes = RouteTable::parse(family, &self.next_hop_router.vtysh(RouteTable::command(family)));
            match routes {
                Ok(routes) if !routes.next_hops_of(prefix.parse().unwrap()).is_empty() => {}
                other => missing.push(format!("{family} route: {other:?}")),
            }
        }
        missing
    }

    /// Writes the answers of every router that has something to show, to every command that has a view.
    fn write(&self, dir: &Path) {
        let tables = [
            ("bgp-ipv4.json", BgpTable::command(Family::Ipv4)),
            ("bgp-ipv6.json", BgpTable::command(Family::Ipv6)),
            ("bgp-ipv4-detail.json", BgpDetail::command(Family::Ipv4)),
            ("ip-route.json", RouteTable::command(Family::Ipv4)),
            ("ipv6-route.json", RouteTable::command(Family::Ipv6)),
            ("bfd-peers.json", BfdPeers::COMMAND),
        ];
        let sessions = [("bgp-summary.json", BgpSummary::COMMAND), ("bgp-neighbors.json", BgpNeighbors::COMMAND)];
        let write = |router: &Container, name: &str, commands: &[(&str, &str)]| {
            let dir = dir.join(name);
            std::fs::create_dir_all(&dir).unwrap();
            for (file, command) in commands {
                std::fs::write(dir.join(file), router.vtysh(command)).unwrap();
            }
        };
        write(&self.router, "frr1", &[&tables[..], &sessions[..]].concat());
        write(&self.next_hop_router, "next-hop-router", &tables);
        write(&self.node, "kind-worker", &tables[..2]);
    }

    fn write_down(&self, dir: &Path) {
        let dir = dir.join("frr1-node-lost");
        std::fs::create_dir_all(&dir).unwrap();
        for (file, command) in [
            ("bfd-peers.json", BfdPeers::COMMAND),
            ("bgp-summary.json", BgpSummary::COMMAND),
            ("bgp-neighbors.json", BgpNeighbors::COMMAND),
        ] {
            std::fs::write(dir.join(file), self.router.vtysh(command)).unwrap();
        }
    }
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn the_views_read_the_real_state() {
    let write = std::env::var("FRRCONF_FIXTURES").is_ok_and(|value| value == "write");
    let (node, absent): (IpAddr, IpAddr) = (NODE.parse().unwrap(), ABSENT.parse().unwrap());
    for (image, release) in images() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(&release);
        let lab = Lab::documented(&image);
        for_(&format!("sessions and routes of FRR {release}"), async || all_of(lab.missing())).await;

        let ask = |command| lab.router.vtysh(command);
        let neighbors = BgpNeighbors::parse(&ask(BgpNeighbors::COMMAND)).unwrap().neighbors;
        assert_eq!(neighbors[&node].bfd.as_ref().unwrap().status, BfdStatus::Up);
        assert!(!BgpSummary::parse(&ask(BgpSummary::COMMAND)).unwrap().established(absent));
        let table = BgpTable::parse(Family::Ipv4, &ask(BgpTable::command(Family::Ipv4))).unwrap();
        let paths = table.paths("203.0.113.200/32".parse().unwrap());
        assert!(paths.iter().any(|path| path.valid && path.used() == Some(node)));
        let detail = BgpDetail::parse(Family::Ipv4, &ask(BgpDetail::command(Family::Ipv4))).unwrap();
        let mut used = detail.used("203.0.113.200/32".parse().unwrap());
        assert!(used.any(|path| path.next_hop() == Some(node) && path.as_path().is_empty()), "{detail:?}");
        if write {
            lab.write(&fixtures);
        }

        lab.node.pause();
        for_(&format!("FRR {release} notices the loss"), async || {
            let peers = BfdPeers::parse(&ask(BfdPeers::COMMAND)).unwrap();
            let summary = BgpSummary::parse(&ask(BgpSummary::COMMAND)).unwrap();
            let down = peers.to(node).all(|session| session.status == BfdStatus::Down);
            if down && !summary.established(node) { Look::Ready(()) } else { Look::NotYet(format!("{peers:?}")) }
        })
        .await;
        if write {
            lab.write_down(&fixtures);
        }
    }
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn bfd_alone_comes_up_across_a_router_and_goes_down() {
    let node: IpAddr = "10.78.3.3".parse().unwrap();
    for (image, release) in images() {
        let lab = Lab::bfd_only(&image);
        let sessions = || BfdPeers::parse(&lab.router.vtysh(BfdPeers::COMMAND));
        for_(&format!("BFD of FRR {release}"), async || match sessions() {
            Ok(peers) if peers.up(node) => Look::Ready(()),
            other => Look::NotYet(format!("{other:?}")),
        })
        .await;
        let peers = sessions().unwrap();
        let session = peers.to(node).next().unwrap();
        assert_eq!((session.multihop, session.minimum_ttl), (true, Some(254)));
        assert_eq!(peers.to("10.78.3.4".parse().unwrap()).next().unwrap().status, BfdStatus::Down);

        lab.node.pause();
        for_(&format!("FRR {release} notices the loss"), async || match sessions() {
            Ok(peers) if !peers.up(node) => Look::Ready(()),
            other => Look::NotYet(format!("{other:?}")),
        })
        .await;
    }
}
