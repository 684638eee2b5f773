//! Sessions and routes, as their checks judge them.

use std::slice;

use frrconf::views::{BgpSummary, RouteTable};
use frrconf::vty::Daemon;
use labfile::Family;
use labfile::compose::{Expected, SessionState, Side, TableEntry};

use super::{Line, Session, judged, list};
use crate::checks::{Check, Subject, Views, of_bare_bfd, of_sessions, of_tables};

/// Returns every session as its router sees it.
pub(super) fn sessions(expected: &Expected, views: &Views) -> Vec<Session> {
    let bgp = expected.sessions.iter().map(|session| {
        let checks = of_sessions(slice::from_ref(session), views);
        seen(&checks, &session.answerer, &session.opener, views, Some(session))
    });
    let bare = expected.bare_bfd.iter().map(|pair| {
        let checks = of_bare_bfd(slice::from_ref(pair), views);
        seen(&checks, &pair.router, &pair.node, views, None)
    });
    bgp.chain(bare).collect()
}

fn seen(checks: &[Check], router: &Side, far: &Side, views: &Views, bgp: Option<&SessionState>) -> Session {
    let name = format!("{} – {} {}", router.name, far.name, far.address);
    let with_bfd = bgp.is_none_or(|session| session.bfd.is_some());
    let Some(view) = views.get(&router.name) else {
        let should = [bgp.map(|_| "Established"), with_bfd.then_some("BFD up")];
        let should = should.into_iter().flatten().collect::<Vec<_>>().join(", ");
        return Session::unknown(Line::new(name, should, "not asked"));
    };
    let mut words = Vec::new();
    if bgp.is_some() {
        let state = |all: &BgpSummary| all.state(far.address).map_or_else(|| "no neighbor".into(), ToString::to_string);
        words.push(view.summary.as_ref().map_or_else(|| view.why(Daemon::Bgpd), state));
    }
    let bfd = view.bfd.as_ref().and_then(|all| all.to(far.address).next());
    if with_bfd {
        let word = || bfd.map_or_else(|| "no BFD".to_owned(), |session| format!("BFD {}", session.status));
        words.push(view.bfd.as_ref().map_or_else(|| view.why(Daemon::Bfdd), |_| word()));
    }
    // A router that cannot be asked at all has one reason.
    words.dedup();
    let subject = Subject::session(&router.name, &far.name);
    let own: Vec<&Check> = checks.iter().filter(|check| check.subject == subject).collect();
    let line = judged::line(name, &own, words.join(", "));
    match (bgp, &view.summary) {
        (Some(_), Some(all)) => counted(line, far, all),
        (Some(_), None) => Session::unknown(line),
        (None, _) => {
            let since = bfd.and_then(|session| session.uptime.or(session.downtime));
            Session { seconds: since.map(|time| time.as_secs()), ..Session::unknown(line) }
        }
    }
}

fn counted(line: Line, far: &Side, all: &BgpSummary) -> Session {
    let families = || [&all.ipv4, &all.ipv6].into_iter().flatten();
    let peers = || families().filter_map(|family| family.peers.get(&far.address));
    Session {
        line,
        seconds: peers().find_map(|peer| peer.uptime).map(|time| time.as_secs()),
        received: Some(peers().filter_map(|peer| peer.prefixes_received).sum()),
        sent: Some(peers().filter_map(|peer| peer.prefixes_sent).sum()),
    }
}

impl Session {
    const fn unknown(line: Line) -> Self {
        Self { line, seconds: None, received: None, sent: None }
    }
}

/// Returns the prefixes in the tables of the routers that were asked, by their next hops.
pub(super) fn routes(expected: &Expected, views: &Views) -> Vec<Line> {
    let asked = expected.tables.iter().filter(|entry| views.contains_key(entry.router.as_str()));
    let checks = |entry| of_tables(slice::from_ref(entry), views);
    asked.flat_map(|entry| checks(entry).into_iter().filter_map(|check| route(entry, &check, views))).collect()
}

fn route(entry: &TableEntry, check: &Check, views: &Views) -> Option<Line> {
    let view = views.get(entry.router.as_str())?;
    let hops = |table: &RouteTable| match table.unresolved_next_hops_of(entry.prefix) {
        none if none.is_empty() => "not there".to_owned(),
        hops => list(&hops),
    };
    let table = view.routes.get(&Family::of(entry.prefix.addr()));
    let words = table.map_or_else(|| view.why(Daemon::Zebra), hops);
    Some(judged::line(check.subject.to_string(), &[check], words))
}

#[cfg(test)]
mod tests;
