//! Trying the advertised addresses from the routers' own networks.
//!
//! A connection that is accepted or refused has found its way there and back. Nothing is run in a container for it: that
//! would cost more than all else that a live view looks at.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use futures::future::join_all;

use super::Line;
use crate::scene::Scene;
use crate::tapping;

/// Bound on an answer.
const BOUND: Duration = Duration::from_millis(400);
/// A port at which nobody listens: its refusal is an answer.
const NOBODYS: u16 = 9;

const ANSWERS: &str = "answers";

/// Returns a line for each router and address; none where the routers' networks cannot be entered from here.
pub(super) async fn lines(scene: &Scene) -> Vec<Line> {
    let Some(docker) = &scene.docker else { return Vec::new() };
    let port = scene.cluster.as_ref().and_then(|(_, seen)| seen.port(&scene.lab)).unwrap_or(NOBODYS);
    let mut by_source: BTreeMap<&str, Vec<IpAddr>> = BTreeMap::new();
    for ping in &scene.expected.reach {
        by_source.entry(&ping.from).or_default().push(ping.address);
    }
    let each = by_source.into_iter().map(async |(from, addresses)| {
        let netns = tapping::network_of(docker, from).await.ok()?;
        let tried = addresses.clone();
        let answered = netns.run(move || tried.iter().map(|to| answers((*to, port).into())).collect::<Vec<_>>()).await;
        let line = |(to, answered): (&IpAddr, &bool)| {
            let is = if *answered { ANSWERS } else { "no answer" };
            Line::new(format!("{from} → {to}"), ANSWERS, is)
        };
        Some(addresses.iter().zip(&answered.ok()?).map(line).collect::<Vec<_>>())
    });
    join_all(each).await.into_iter().flatten().flatten().collect()
}

fn answers(to: SocketAddr) -> bool {
    match TcpStream::connect_timeout(&to, BOUND) {
        Ok(_) => true,
        Err(error) => error.kind() == ErrorKind::ConnectionRefused,
    }
}
