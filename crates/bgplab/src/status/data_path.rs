//! Trying the advertised addresses from the routers' own networks.
//!
//! A connection that is accepted or refused has found its way there and back; it counts if the router's table led there,
//! for beyond Docker's default gateway anything may answer. Nothing is run in a container for it: that would cost more than
//! all else that a live view looks at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use futures::future::join_all;
use netlab::{Engine, RouteEntry};

use super::Line;
use crate::scene::Scene;
use crate::tapping;
use labfile::Lab;
use labfile::compose::Ping;

/// Bound on an answer.
const BOUND: Duration = Duration::from_millis(400);
/// A port at which nobody listens: its refusal is an answer.
const NOBODYS: u16 = 9;

const ANSWERS: &str = "answers";
const OUTSIDE: &str = "only the default route leads there";

/// Returns a line for each router and address; none where the routers' networks cannot be entered from here.
pub(super) async fn lines(scene: &Scene) -> Vec<Line> {
    let Some(docker) = &scene.docker else { return Vec::new() };
    let port = |ping: &Ping| scene.cluster.as_ref().and_then(|(_, seen)| seen.tcp_port(&scene.lab, &ping.to));
    let mut by_source: BTreeMap<&str, BTreeMap<IpAddr, u16>> = BTreeMap::new();
    for ping in &scene.expected.reach {
        by_source.entry(&ping.from).or_default().insert(ping.address, port(ping).unwrap_or(NOBODYS));
    }
    let each = by_source.into_iter().map(async |(from, addresses)| {
        let netns = tapping::network_of(docker, from).await.ok()?;
        let routes = docker.read_procfs(from, &[]).await.map(|view| view.routes).unwrap_or_default();
        let tried = addresses.clone();
        let answered =
            netns.run(move || tried.iter().map(|(to, port)| answers((*to, *port).into())).collect::<Vec<_>>()).await;
        let line = |((to, _), answered): ((&IpAddr, &u16), &bool)| {
            let is = match *answered {
                true if leads_out(&routes, *to, &scene.lab) => OUTSIDE,
                true => ANSWERS,
                false => "no answer",
            };
            Line::new(format!("{from} → {to}"), ANSWERS, is)
        };
        Some(addresses.iter().zip(&answered.ok()?).map(line).collect::<Vec<_>>())
    });
    join_all(each).await.into_iter().flatten().flatten().collect()
}

/// Returns `true` if packets take a default route that is not by a router of the lab.
fn leads_out(routes: &BTreeSet<RouteEntry>, to: IpAddr, lab: &Lab) -> bool {
    let best = routes.iter().filter(|route| route.dst.contains(&to)).max_by_key(|route| route.dst.prefix_len());
    let routers = || lab.routers.iter().flat_map(|router| &router.attachments);
    let own = |hop: &IpAddr| routers().any(|(_, addresses)| addresses.iter().any(|own| own == *hop));
    best.is_some_and(|route| route.dst.prefix_len() == 0 && !route.via.iter().any(own))
}

fn answers(to: SocketAddr) -> bool {
    match TcpStream::connect_timeout(&to, BOUND) {
        Ok(_) => true,
        Err(error) => error.kind() == ErrorKind::ConnectionRefused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use labfile::Overrides;

    #[test]
    fn only_the_labs_own_routes_count() {
        let lab = Lab::documented(&Overrides::default()).unwrap();
        let route =
            |dst: &str, via: &str| RouteEntry { dst: dst.parse().unwrap(), via: vec![via.parse().unwrap()], metric: 0 };
        let out = |routes: &[RouteEntry]| {
            leads_out(&routes.iter().cloned().collect(), "203.0.113.200".parse().unwrap(), &lab)
        };
        let docker = route("0.0.0.0/0", "10.0.2.1");
        assert!(out(std::slice::from_ref(&docker)));
        assert!(!out(&[docker, route("203.0.113.200/32", "10.0.2.2")]));
        assert!(!out(&[route("0.0.0.0/0", "10.0.2.2")]), "a router's default route");
        assert!(!out(&[]), "nothing is known of its table");
    }
}
