//! Pings from within containers.

use std::collections::BTreeMap;
use std::net::IpAddr;

use futures::future::join_all;

use super::shells::Shells;
use super::{Check, Topic};
use labfile::compose::Ping;

/// Sends all pings at the same time, with one command a container.
pub(crate) async fn pings(shells: &Shells<'_>, topic: Topic, pings: &[Ping]) -> Vec<Check> {
    let mut by_source: BTreeMap<&str, Vec<&Ping>> = BTreeMap::new();
    for ping in pings {
        by_source.entry(&ping.from).or_default().push(ping);
    }
    join_all(by_source.into_iter().map(|(from, pings)| of_source(shells, topic, from, pings))).await.concat()
}

async fn of_source(shells: &Shells<'_>, topic: Topic, from: &str, pings: Vec<&Ping>) -> Vec<Check> {
    let script = script(pings.iter().map(|ping| ping.address));
    let answered = shells.run(from, &script).await;
    let check = |ping: &&Ping| {
        let seen = match &answered {
            Ok(lines) if lines.lines().any(|line| line == ping.address.to_string()) => Ok("answers".to_owned()),
            Ok(_) => Err(format!("no answer from {}", ping.address)),
            Err(why) => Err(why.clone()),
        };
        Check::of(topic, format!("{from} → {} {}", ping.to, ping.address), seen)
    };
    pings.iter().map(check).collect()
}

/// A script that prints each address that answers, all asked at the same time.
fn script(addresses: impl Iterator<Item = IpAddr>) -> String {
    let ping = |address: IpAddr| format!("{{ ping -qc1 -W1 {address} >/dev/null 2>&1 && echo {address}; }} &\n");
    addresses.map(ping).chain(["wait\n".to_owned()]).collect()
}
