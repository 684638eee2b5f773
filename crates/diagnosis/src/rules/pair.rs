//! The two ends of a session, each with what it runs by.

use frrconf::Files;
use frrconf::change::Commands;
use frrconf::running::{RunningBgp, RunningNeighbor};
use frrconf::views::BgpNeighbor;

use super::cluster::DEPLOY;
use crate::check::{Check, Topic};
use crate::evidence::{Evidence, Frr};
use crate::finding::Break;
use crate::subject::Subject;
use labfile::compose::{SessionState, Side};

/// One end of a session, and the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct End<'a> {
    /// The session as it should be.
    pub(super) session: &'a SessionState,
    /// This end.
    pub(super) near: &'a Side,
    /// The other end.
    pub(super) far: &'a Side,
    /// The answers of FRR here.
    pub(super) frr: &'a Frr,
}

/// Every end of every session that answers.
pub(super) fn ends(e: &Evidence) -> impl Iterator<Item = End<'_>> {
    let ways = e.expected.sessions.iter().flat_map(|session| {
        [(session, &session.answerer, &session.opener), (session, &session.opener, &session.answerer)]
    });
    ways.filter_map(|(session, near, far)| Some(End { session, near, far, frr: e.frr(&near.name)? }))
}

impl<'a> End<'a> {
    /// Returns the other end's configuration here.
    pub(super) fn configured(&self) -> Option<(&'a RunningBgp, &'a RunningNeighbor)> {
        self.frr.configured(self.far.address)
    }

    /// The other end's state here.
    pub(super) fn state(&self) -> Option<&'a BgpNeighbor> {
        self.frr.neighbor(self.far.address)
    }

    /// The other end's own view.
    pub(super) fn other(&self, e: &'a Evidence) -> Option<End<'a>> {
        Some(End { session: self.session, near: self.far, far: self.near, frr: e.frr(&self.far.name)? })
    }

    /// The session as this end sees it.
    pub(super) fn subject(&self) -> Subject {
        Subject::session(&self.near.name, &self.far.name)
    }

    /// Returns `true` if one of the checks is of this end's session, and of this topic.
    pub(super) fn is_among(&self, checks: &[Check], topic: Topic) -> bool {
        let subject = self.subject();
        checks.iter().any(|check| check.is(topic, &subject))
    }

    /// The session, broken.
    pub(super) fn broken(&self) -> Break {
        Break::session(&self.near.name, &self.far.name)
    }

    /// The BFD, broken.
    pub(super) fn without_bfd(&self) -> Break {
        Break::bfd_session(&self.near.name, &self.far.name)
    }

    /// The commands that set lines at this end's BGP, as typed into a shell. On a node of a cluster, MetalLB says what they
    /// are.
    pub(super) fn set(&self, e: &Evidence, lines: &[&str]) -> String {
        if !e.meant.contains_key(&self.near.name) {
            return back(e, &self.near.name);
        }
        let asn = self.frr.instance().map_or(self.near.asn, |bgp| bgp.asn);
        set(&self.near.name, asn, lines)
    }
}

/// The commands that set lines at a container's BGP, as typed into a shell.
pub(super) fn set(place: &str, asn: u32, lines: &[&str]) -> String {
    let begin = format!("router bgp {asn}");
    format!("docker exec {place} {}", Commands::configure([&[begin.as_str()], lines].concat()))
}

/// The commands that set a line of a container's BFD profile, as typed into a shell.
pub(super) fn set_profile(place: &str, profile: &str, line: &str) -> String {
    format!("docker exec {place} {}", Commands::configure(["bfd", &format!("profile {profile}"), line]))
}

/// Takes a place back to what the lab says: a container of ours to its own file; a node of a cluster is MetalLB's to
/// configure.
pub(super) fn back(e: &Evidence, name: &str) -> String {
    match e.meant.contains_key(name) {
        true => reload(name),
        false => format!("{DEPLOY} sets MetalLB's resources; what was typed into a speaker's FRR goes with its pod"),
    }
}

/// Enters a container's network with the machine's own programs: images of FRR have few. For root.
pub(super) fn enter(name: &str) -> String {
    format!("nsenter -t $(docker inspect -f '{{{{.State.Pid}}}}' {name}) -n")
}

/// Takes a container back to its own file.
pub(super) fn reload(name: &str) -> String {
    format!("docker exec {name} {}", Files::RELOAD.join(" "))
}
