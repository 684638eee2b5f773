//! The rows: one per place and address family.

mod window;

use std::collections::BTreeSet;
use std::net::IpAddr;

use frrconf::log::LogEvent;
use ipnet::IpNet;

use super::super::event::{Event, What};
use super::super::predict::{self, Prediction, ROUTING, Timers, Verdict};
use super::super::scenario::{Kind, Notice};
use super::super::stamp::{Micros, Stamp, Within};
use super::super::target::Target;
use super::super::vantage::{Session, Timed, VantagePoint};
use super::super::watch::client::{Client, Probe};
use super::path::Path;
use super::periods::began;
use super::{Phase, Row, Seen};
use labfile::Family;
use window::{Window, windows};

/// The event by which bgpd itself ends a session (FRR, `bgpd/bgp_fsm.c`).
const STOPPED: &str = "BGP_Stop";

/// The data that one run is judged by.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    /// The target that was broken.
    pub target: &'a Target,
    /// The way in which the others notice the failure.
    pub notice: Notice,
    /// `true` if packets that still come to the target are forwarded.
    pub path_stays: bool,
    /// The clients whose packets go through the target.
    pub through: &'a [(String, IpAddr)],
    /// `true` if it comes back by itself.
    pub heals_itself: bool,
    /// The moment of the break.
    pub broken: Within,
    /// The longest delay with which a thread of this machine came to its turn; daemons may have waited as long.
    pub lateness: Micros,
    /// The moment at which it was put back.
    pub back: Within,
    /// The end of the observation.
    pub end: Stamp,
    /// The vantage points, with the timers of each session.
    pub vantage_points: &'a [Timed],
    /// The events, in the order of time.
    pub events: &'a [Event],
    /// The clients, with their questions.
    pub clients: Vec<(&'a Client, Vec<Probe>)>,
}

/// Returns the rows of all vantage points.
pub(crate) fn rows(scope: &Scope<'_>) -> Vec<Row> {
    // The data path cannot be restored before the slowest vantage point has noticed the loss.
    let slowest = scope
        .vantage_points
        .iter()
        .flat_map(|(vantage, timers)| vantage.sessions.iter().filter_map(|one| predicted(scope, one, timers)))
        .map(|prediction| prediction.at_most)
        .max();
    let of = |(vantage, timers): &Timed| {
        let families: Vec<(Option<Family>, Option<IpNet>)> = match vantage.prefixes.as_slice() {
            [] => vec![(vantage.only_family(), None)],
            prefixes => prefixes.iter().map(|(family, prefix)| (Some(*family), Some(*prefix))).collect(),
        };
        let row = |(family, prefix)| row(scope, vantage, timers, (family, prefix), slowest);
        families.into_iter().map(row).collect::<Vec<_>>()
    };
    scope.vantage_points.iter().flat_map(of).collect()
}

/// Predicts a session's loss.
fn predicted(scope: &Scope<'_>, session: &Session, timers: &[(IpAddr, Timers)]) -> Option<Prediction> {
    let (_, timers) = timers.iter().find(|(peer, _)| *peer == session.peer)?;
    predict::noticed(scope.notice, timers)
}

fn sessions(vantage: &VantagePoint, family: Option<Family>) -> impl Iterator<Item = &Session> {
    vantage.sessions.iter().filter(move |session| family.is_none_or(|family| session.families.contains(&family)))
}

fn row(
    scope: &Scope<'_>,
    vantage: &VantagePoint,
    timers: &[(IpAddr, Timers)],
    (family, prefix): (Option<Family>, Option<IpNet>),
    slowest: Option<Micros>,
) -> Row {
    let (loss_window, recovery_window) = windows(scope);
    let watcher = Watcher { scope, vantage, family, prefix };
    let (mut loss, mut recovery) = (watcher.phase(loss_window, false), watcher.phase(recovery_window, true));
    let until = if scope.heals_itself { scope.end } else { loss_window.until };
    loss.path = watcher.path(Window { until, ..loss_window });
    recovery.path = watcher.path(recovery_window).filter(|_| !scope.heals_itself);
    let error = Micros(scope.broken.error().0 + scope.lateness.0);
    let (predicted, verdict) = watcher.judged(loss_window, timers, error);
    let goes_through = prefix
        .is_some_and(|prefix| scope.through.iter().any(|(from, to)| *from == vantage.place && prefix.contains(to)));
    let moves = goes_through && !scope.path_stays && scope.target.kind == Kind::Node && !scope.target.only_endpoint;
    let path_bound = slowest.filter(|_| moves);
    let path_bound = path_bound.map(|slowest| Micros(slowest.0 + Micros::from(ROUTING).0));
    let seen = loss.path.as_ref().filter(|path| path.answered_at_end).map(|path| path.gap);
    let path_verdict = Verdict::of(path_bound.filter(|_| loss.path.is_some()), seen, error);
    Row { place: vantage.place.clone(), family, predicted, verdict, path_bound, path_verdict, loss, recovery }
}

/// One place's events of one family.
struct Watcher<'a> {
    scope: &'a Scope<'a>,
    vantage: &'a VantagePoint,
    family: Option<Family>,
    prefix: Option<IpNet>,
}

impl<'a> Watcher<'a> {
    fn events(&self, window: Window) -> impl Iterator<Item = &'a Event> + use<'a> {
        let (events, place) = (self.scope.events, self.vantage.place.as_str());
        events.iter().filter(move |event| event.place == place && event.at >= window.from && event.at < window.until)
    }

    fn logged(&self, window: Window) -> impl Iterator<Item = (Stamp, &'a LogEvent)> + use<'a> {
        self.events(window).filter_map(|event| match &event.what {
            What::Logged(logged) => Some((event.at, logged)),
            What::Kernel { .. } => None,
        })
    }

    fn phase(&self, window: Window, back: bool) -> Phase {
        let (mut table, mut kernel) = (Vec::new(), Vec::new());
        for event in self.events(window) {
            match &event.what {
                What::Logged(LogEvent::Route { prefix, next_hops }) if Some(*prefix) == self.prefix => {
                    table.push((event.at, next_hops));
                }
                What::Kernel { prefix, hops } if Some(*prefix) == self.prefix => kernel.push((event.at, hops)),
                _ => {}
            }
        }
        Phase {
            session: self.session(window, back),
            table: self.changed(window, &table, back),
            kernel: self.changed(window, &kernel, back),
            path: None,
        }
    }

    /// Returns when the target joined the next hops, or left them.
    ///
    /// A router as the target is nobody's next hop, and behind another router, a node is none of the kernel's. Any
    /// change there counts as the effect: the first one for the loss, the last one for the recovery.
    fn changed(&self, window: Window, events: &[(Stamp, &BTreeSet<IpAddr>)], back: bool) -> Option<Micros> {
        let target = self.scope.target;
        let with = |hops: &BTreeSet<IpAddr>| hops.iter().any(|hop| target.has(*hop));
        let first = events.first().map(|(at, _)| *at);
        let at = match (target.kind, back) {
            (Kind::Node, false) => began(events.iter().map(|(at, hops)| (*at, !with(hops))), window.until),
            (Kind::Node, true) if events.iter().any(|(_, hops)| with(hops)) => {
                began(events.iter().map(|(at, hops)| (*at, with(hops))), window.until)
            }
            (Kind::Router | Kind::Speakers, false) => first,
            (_, true) => events.last().map(|(at, _)| *at),
        };
        at.map(|at| at - window.zero)
    }

    /// Returns the session that was lost, or came back, last: until then, not all of them were. Of the speakers of all
    /// nodes, the first loss counts.
    fn session(&self, window: Window, back: bool) -> Option<Seen> {
        let of = |session: &Session| Some((self.noticed(session.peer, window, back)?, session.peer));
        let all = sessions(self.vantage, self.family).filter_map(of);
        let one_by_one = self.scope.target.kind == Kind::Speakers && !back;
        let (at, peer) = if one_by_one { all.min_by_key(|(at, _)| *at)? } else { all.max_by_key(|(at, _)| *at)? };
        Some(Seen { after: at - window.zero, by: self.by(window, peer, at, back) })
    }

    /// Returns when a session was lost, or came back.
    fn noticed(&self, of: IpAddr, window: Window, back: bool) -> Option<Stamp> {
        let bfd = self.logged(window).filter_map(|(at, event)| match event {
            LogEvent::Bfd { peer, up, .. } if *peer == of => Some((at, *up == back)),
            _ => None,
        });
        let bgp = self.logged(window).filter_map(|(at, event)| match event {
            LogEvent::Bgp { peer, up, .. } if *peer == of => Some((at, *up == back)),
            _ => None,
        });
        let (bfd, bgp) = (began(bfd, window.until), began(bgp, window.until));
        // Whichever protocol notices first decides the loss; the session is back once BGP is.
        if back { bgp } else { bfd.into_iter().chain(bgp).min() }
    }

    /// Judges each session by its own prediction; the worst verdict is the place's.
    fn judged(&self, window: Window, timers: &[(IpAddr, Timers)], error: Micros) -> (Option<Prediction>, Verdict) {
        let judge = |session: &Session| {
            let prediction = predicted(self.scope, session, timers)?;
            let seen = self.noticed(session.peer, window, false).map(|at| at - window.zero);
            let verdict = Verdict::of(Some(prediction.at_most), seen, error);
            Some((prediction, verdict))
        };
        let worst = sessions(self.vantage, self.family).filter_map(judge).max_by_key(|(_, verdict)| verdict.badness());
        worst.map_or((None, Verdict::Open), |(prediction, verdict)| (Some(prediction), verdict))
    }

    fn by(&self, window: Window, peer: IpAddr, at: Stamp, back: bool) -> String {
        let said = self.logged(window).filter(|(when, _)| *when == at).find_map(|(_, event)| match event {
            LogEvent::Bfd { peer: of, why, .. } if *of == peer => Some(("BFD", why.as_str())),
            LogEvent::Bgp { peer: of, why, .. } if *of == peer => Some(("BGP", if back { "" } else { why.as_str() })),
            _ => None,
        });
        // bgpd stops a session by itself where BFD tells it to, and may log that before bfdd does.
        let by_bfd = || {
            self.logged(window).find_map(|(_, event)| match event {
                LogEvent::Bfd { peer: of, up: false, why } if *of == peer => Some(("BFD", why.as_str())),
                _ => None,
            })
        };
        let said = if said == Some(("BGP", STOPPED)) { by_bfd().or(said) } else { said };
        match said {
            Some((who, "")) => who.to_owned(),
            Some((who, why)) => format!("{who}: {why}"),
            None => String::new(),
        }
    }

    fn path(&self, window: Window) -> Option<Path> {
        let prefix = self.prefix?;
        let of_place = |(client, _): &&(&Client, Vec<Probe>)| {
            client.from == self.vantage.place && prefix.contains(&client.question.to())
        };
        let (_, probes) = self.scope.clients.iter().find(of_place)?;
        Path::of(probes, (window.from, window.until), window.zero)
    }
}

#[cfg(test)]
mod tests;
