//! FRR's programs: running, answering, with their configuration, listening.

use std::net::SocketAddr;

use frrconf::vty::{Daemon, RUN_FOLDER};

use super::pair::reload;
use crate::check::Check;
use crate::evidence::{Evidence, Inside};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("daemon-dead", Layer::Daemon, dead),
    Rule::proof("daemon-stopped", Layer::Daemon, stopped),
    Rule::proof("sockets-missing", Layer::Daemon, sockets),
    Rule::proof("bgp-unconfigured", Layer::Daemon, unconfigured),
    Rule::proof("not-listening", Layer::Transport, not_listening),
];

/// FRR's programs that a place needs, as the lab says.
fn daemons(e: &Evidence, place: &str) -> Vec<(Daemon, Break)> {
    let name = || place.to_owned();
    let zebra = (Daemon::Zebra, Break::Tables(name()));
    let bgpd = (Daemon::Bgpd, Break::Bgp(name()));
    let bfdd = (Daemon::Bfdd, Break::Bfd(name()));
    let ends = || e.expected.sessions.iter().filter(|s| s.opener.name == place || s.answerer.name == place);
    let bare = e.expected.bare_bfd.iter().any(|pair| pair.router.name == place || pair.node.name == place);
    let mut all = vec![zebra];
    all.extend(ends().next().map(|_| bgpd));
    all.extend((bare || ends().any(|session| session.bfd.is_some())).then_some(bfdd));
    all
}

/// Containers of ours that could be looked into, with the programs that they need.
fn seen(e: &Evidence) -> impl Iterator<Item = (&str, &Inside, Daemon, Break)> {
    let places = e.topology.containers().iter().map(|spec| spec.name.as_str());
    let places = places.filter_map(|place| Some((place, e.inside.get(place).filter(|i| !i.programs.is_empty())?)));
    places.flat_map(|(place, inside)| {
        daemons(e, place).into_iter().map(move |(daemon, broken)| (place, inside, daemon, broken))
    })
}

/// Adds what else a program's end takes with it.
fn breaks(place: &str, daemon: Daemon, own: Break) -> Vec<Break> {
    match daemon {
        // Without zebra, bgpd knows no way to anybody.
        Daemon::Zebra => vec![own, Break::Bgp(place.to_owned()), Break::Bfd(place.to_owned())],
        _ => vec![own],
    }
}

fn dead(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let missing = seen(e).filter(|(_, inside, daemon, _)| !inside.programs.contains_key(daemon.name()));
    let found = |(place, inside, daemon, own): (&str, &Inside, Daemon, Break)| {
        let watched = inside.programs.contains_key("watchfrr");
        let watch =
            if watched { "watchfrr runs, and starts it again within seconds" } else { "watchfrr does not run either" };
        Found::new(format!("{daemon} does not run in {place}"), breaks(place, daemon, own))
            .seen(format!("/proc in {place}: no process {daemon}; {watch}"))
            .remedy(format!("see why it ended (docker logs {place}); docker restart {place}"))
    };
    missing.map(found).collect()
}

fn stopped(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let halted = seen(e).filter(|(_, inside, daemon, _)| inside.programs.get(daemon.name()) == Some(&true));
    let found = |(place, _, daemon, own): (&str, &Inside, Daemon, Break)| {
        Found::new(
            format!("{daemon} in {place} is stopped by a signal: it runs, and does nothing"),
            breaks(place, daemon, own),
        )
        .seen(format!("/proc in {place}: {daemon} is in state T"))
        .remedy(format!("docker exec {place} sh -c 'kill -CONT $(cat {})'", daemon.pid_file()))
    };
    halted.map(found).collect()
}

fn sockets(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let missing = seen(e)
        .filter(|(_, inside, daemon, _)| inside.runs(daemon.name()) && !inside.run_frr.contains(&daemon.socket_name()));
    let mut all: Vec<Found> = Vec::new();
    for (place, inside, daemon, _) in missing {
        let (who, folder) = match inside.run_frr.is_empty() {
            true => ("FRR", format!("{RUN_FOLDER} is missing or empty")),
            false => (daemon.name(), format!("its socket in {RUN_FOLDER} is missing")),
        };
        let found = Found::new(
            format!("{who} in {place} cannot be asked or configured: {folder}"),
            [Break::Bgp(place.to_owned()), Break::Bfd(place.to_owned()), Break::Tables(place.to_owned())],
        )
        .seen(format!("ls {RUN_FOLDER} in {place}: {}", inside.run_frr.iter().cloned().collect::<Vec<_>>().join(" ")))
        .remedy(format!("docker restart {place}: its start makes the folder anew (owner frr:frr)"));
        if !all.contains(&found) {
            all.push(found);
        }
    }
    all
}

fn unconfigured(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (place, meant) in &e.meant {
        let Some(frr) = e.frr(place).filter(|frr| frr.knows_bgp) else { continue };
        let without = frr.instance().is_none_or(|bgp| bgp.neighbors.is_empty());
        if let (Some(bgp), true) = (&meant.bgp, without) {
            if bgp.neighbors.is_empty() {
                continue;
            }
            let what = if frr.instance().is_some() { "no neighbors" } else { "no BGP instance" };
            all.push(
                Found::new(
                    format!("bgpd in {place} has {what}: it does not run by the lab's configuration"),
                    [Break::Bgp(place.clone())],
                )
                .seen(format!(
                    "show running-config on {place}: {what}, expected router bgp {} with {} neighbors",
                    bgp.asn,
                    bgp.neighbors.len()
                ))
                .remedy(reload(place)),
            );
        }
    }
    all
}

fn not_listening(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for session in &e.expected.sessions {
        let router = &session.answerer;
        let Some(inside) = e.inside.get(&router.name).filter(|inside| inside.runs("bgpd")) else { continue };
        let configured = e.frr(&router.name).is_some_and(|frr| frr.instance().is_some());
        let port = e.lab.port(&router.name);
        if configured && !inside.tcp.is_empty() && !inside.listens(SocketAddr::new(router.address, port)) {
            let found = Found::new(
                format!("bgpd in {} does not listen on TCP port {port}, and the nodes' speakers only connect", router.name),
                e.expected.sessions.iter().filter(|s| s.answerer == *router).map(|s| Break::session(&router.name, &s.opener.name)),
            )
            .seen(format!("/proc/net/tcp in {}: nobody listens at {}:{port}", router.name, router.address))
            .remedy(format!("see bgpd_options in /etc/frr/daemons (-p 0 turns it off, -l names an address): ⌘ lab-up, or docker restart {}", router.name));
            if !all.iter().any(|known| known.cause == found.cause) {
                all.push(found);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::procfs;
    use crate::rules::tests::{broken, only};

    fn frr1(change: impl Fn(&mut Inside)) -> Evidence {
        broken(|e| change(e.inside.get_mut("frr1").unwrap()))
    }

    #[test]
    fn programs_that_do_not_work() {
        for program in ["zebra", "bgpd", "bfdd"] {
            let missing = frr1(|inside| inside.programs.retain(|name, _| name != program));
            only(&missing, "daemon-dead", &[&format!("{program} does not run in frr1"), "docker restart frr1"]);
            let halted = frr1(|inside| inside.programs.extend([(program.to_owned(), true)]));
            only(&halted, "daemon-stopped", &["stopped by a signal", "kill -CONT"]);
        }
        only(&frr1(|inside| inside.run_frr.clear()), "sockets-missing", &["/run/frr is missing or empty"]);
        let one = frr1(|inside| inside.run_frr.retain(|name| name != "bgpd.vty"));
        only(
            &one,
            "sockets-missing",
            &["bgpd in frr1 cannot be asked or configured: its socket in /run/frr is missing"],
        );
    }

    #[test]
    fn a_daemon_without_configuration() {
        let e = broken(|e| e.frr.get_mut("frr1").unwrap().running.as_mut().unwrap().bgp = None);
        only(&e, "bgp-unconfigured", &["bgpd in frr1 has no BGP instance", "frr-reload.py"]);
    }

    #[test]
    fn a_daemon_that_does_not_listen() {
        let e = frr1(|inside| inside.tcp = vec![procfs::socket(" 0: 0100007F:00B3 00000000:0000 0A").unwrap()]);
        only(&e, "not-listening", &["bgpd in frr1 does not listen on TCP port 179", "bgpd_options"]);
    }
}
