//! Pings from within containers.

use std::collections::BTreeMap;
use std::net::IpAddr;

use futures::future::join_all;

use super::shells::Shells;
use super::{Check, Subject, Topic};
use labfile::compose::Ping;

/// Pings between nodes and routers.
pub(crate) async fn forwarding(shells: &Shells<'_>, pings: &[Ping]) -> Vec<Check> {
    let subject = |ping: &Ping| Subject::Way { from: ping.from.clone(), to: ping.to.clone(), address: ping.address };
    send(shells, pings, |ping, seen| Check::of(Topic::Forwarding, subject(ping), seen)).await
}

/// Pings to the service's addresses.
pub(crate) async fn reach(shells: &Shells<'_>, pings: &[Ping]) -> Vec<Check> {
    send(shells, pings, |ping, seen| Check::of(Topic::Reach, answer(ping, None), seen)).await
}

/// Returns the subject of a ping, or of a request to a port, of the service.
pub(super) fn answer(ping: &Ping, port: Option<u16>) -> Subject {
    Subject::Answer { from: ping.from.clone(), service: ping.to.clone(), address: ping.address, port }
}

/// Sends all pings at the same time, with one command a container.
async fn send(
    shells: &Shells<'_>,
    pings: &[Ping],
    check: impl Fn(&Ping, Result<String, String>) -> Check,
) -> Vec<Check> {
    let mut by_source: BTreeMap<&str, Vec<&Ping>> = BTreeMap::new();
    for ping in pings {
        by_source.entry(&ping.from).or_default().push(ping);
    }
    join_all(by_source.into_iter().map(|(from, pings)| of_source(shells, from, pings, &check))).await.concat()
}

async fn of_source(
    shells: &Shells<'_>,
    from: &str,
    pings: Vec<&Ping>,
    check: &impl Fn(&Ping, Result<String, String>) -> Check,
) -> Vec<Check> {
    let script = script(pings.iter().map(|ping| ping.address));
    let answered = shells.run(from, &script).await;
    let judge = |ping: &&Ping| {
        let seen = match &answered {
            Ok(lines) if lines.lines().any(|line| line == ping.address.to_string()) => Ok("answers".to_owned()),
            Ok(_) => Err(format!("no answer from {}", ping.address)),
            Err(why) => Err(why.clone()),
        };
        check(ping, seen)
    };
    pings.iter().map(judge).collect()
}

/// A script that prints each address that answers, all asked at the same time.
fn script(addresses: impl Iterator<Item = IpAddr>) -> String {
    let ping = |address: IpAddr| format!("{{ ping -qc1 -W1 {address} >/dev/null 2>&1 && echo {address}; }} &\n");
    addresses.map(ping).chain(["wait\n".to_owned()]).collect()
}
