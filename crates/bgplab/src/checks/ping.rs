//! Pings from within containers.

use std::collections::BTreeMap;
use std::net::IpAddr;

use futures::future::join_all;

use super::shells::Shells;
use super::{Check, Subject, Topic};
use labfile::compose::Ping;
use metallb::workload::ServicePort;

/// Pings between nodes and routers.
pub(crate) async fn forwarding(shells: &Shells<'_>, pings: &[Ping]) -> Vec<Check> {
    let subject = |ping: &Ping| Subject::Way { from: ping.from.clone(), to: ping.to.clone(), address: ping.address };
    let check = |ping: &Ping, answer: Result<String, String>| {
        Check::of(Topic::Forwarding, subject(ping), answer.map(|_| "answers".to_owned()))
    };
    send(shells, pings, "", check).await
}

/// Pings to the services' addresses.
pub(crate) async fn reach(shells: &Shells<'_>, pings: &[Ping]) -> Vec<Check> {
    let check = |ping: &Ping, route: Result<String, String>| {
        Check::of(Topic::Reach, answer(ping, None), route.and_then(in_the_lab))
    };
    send(shells, pings, "ip route get fibmatch", check).await
}

/// An answer counts if the lab's own route led to it: beyond Docker's default gateway, anything may answer.
fn in_the_lab(route: String) -> Result<String, String> {
    let by_routing = ["bgp", "static", "zebra"].iter().any(|protocol| route.contains(&format!(" proto {protocol} ")));
    if route.starts_with("default ") && !by_routing {
        return Err(format!("an answer from outside the lab: only the default route leads there ({})", route.trim()));
    }
    Ok("answers".to_owned())
}

/// Returns the subject of a ping, or of a request to a port, of a service.
pub(super) fn answer(ping: &Ping, port: Option<ServicePort>) -> Subject {
    Subject::Answer { from: ping.from.clone(), service: ping.to.clone(), address: ping.address, port }
}

/// Sends all pings at the same time, with one command a container. An answer is what `then` prints of the address, if
/// there is such a command.
async fn send(
    shells: &Shells<'_>,
    pings: &[Ping],
    then: &str,
    check: impl Fn(&Ping, Result<String, String>) -> Check,
) -> Vec<Check> {
    let mut by_source: BTreeMap<&str, Vec<&Ping>> = BTreeMap::new();
    for ping in pings {
        by_source.entry(&ping.from).or_default().push(ping);
    }
    join_all(by_source.into_iter().map(|(from, pings)| of_source(shells, from, (pings, then), &check))).await.concat()
}

async fn of_source(
    shells: &Shells<'_>,
    from: &str,
    (pings, then): (Vec<&Ping>, &str),
    check: &impl Fn(&Ping, Result<String, String>) -> Check,
) -> Vec<Check> {
    let script = script(pings.iter().map(|ping| ping.address), then);
    let answered = shells.run(from, &script).await;
    let judge = |ping: &&Ping| {
        let seen = match &answered {
            Ok(lines) => {
                let begin = format!("{} ", ping.address);
                let answer = lines.lines().find_map(|line| line.strip_prefix(&begin)).map(str::to_owned);
                answer.ok_or_else(|| format!("no answer from {}", ping.address))
            }
            Err(why) => Err(why.clone()),
        };
        check(ping, seen)
    };
    pings.iter().map(judge).collect()
}

/// A script that prints each address that answers, and then what a command prints of it, all asked at the same time.
pub(super) fn script(addresses: impl Iterator<Item = IpAddr>, then: &str) -> String {
    let ping = |address: IpAddr| {
        let more = if then.is_empty() { String::new() } else { format!("$({then} {address} 2>/dev/null)") };
        format!("{{ ping -qc1 -W1 {address} >/dev/null 2>&1 && echo \"{address} {more}\"; }} &\n")
    };
    addresses.map(ping).chain(["wait\n".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_from_beyond_the_default_gateway_does_not_count() {
        let learned = "203.0.113.200 nhid 30 proto bgp metric 20 \tnexthop via 10.0.2.2 dev eth0 weight 1";
        for route in ["", learned, "default via 10.0.2.2 dev eth0 proto bgp metric 20 "] {
            assert_eq!(in_the_lab(route.to_owned()).as_deref(), Ok("answers"), "{route}");
        }
        let outside = in_the_lab("default via 10.0.2.1 dev eth0 ".to_owned()).unwrap_err();
        assert!(outside.contains("only the default route leads there (default via 10.0.2.1 dev eth0)"), "{outside}");
    }

    #[test]
    fn an_answer_has_its_route() {
        let script = script(["203.0.113.200".parse().unwrap()].into_iter(), "ip route get fibmatch");
        assert!(
            script.contains("echo \"203.0.113.200 $(ip route get fibmatch 203.0.113.200 2>/dev/null)\""),
            "{script}"
        );
    }
}
