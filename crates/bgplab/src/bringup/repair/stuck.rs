//! Resets sessions that hold themselves up, while others wait for them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use frrconf::ask::Question;
use frrconf::change::OwnSession;
use frrconf::change::bgp;
use frrconf::values::Asn;
use frrconf::vty::Daemon;
use futures::future::join_all;
use netlab::{Docker, Engine, EngineError, ExecOutput, OnChange, RunState};
use settle::{Verdict, Wait};
use tokio::time::MissedTickBehavior;
use tracing::warn;

use crate::bringup::Change;
use crate::checks::{Look, Stuck};
use crate::progress::{Progress, Span};

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// The time for which a session has to be stuck, at every look: FRR that recovers by itself takes 3 to 4 s.
const STEADY: Duration = Duration::from_secs(6);
/// Number of times that one session is reset: what does not help twice does not help.
const TIMES: u32 = 2;

/// The beginning of the names of steps that reset a session.
const RESET: &str = "reset ";

/// `true` if a step reset a session.
pub fn is_reset(span: &Span) -> bool {
    span.name.starts_with(RESET)
}

/// Resets sessions that stay stuck from one look to the next.
#[derive(Debug, Default)]
pub struct Resetter {
    /// Since when each was stuck at every look.
    suspects: BTreeMap<Stuck, Instant>,
    /// Number of times that each was reset.
    times: BTreeMap<Stuck, u32>,
    changes: Vec<Change>,
}

impl Resetter {
    /// Looks once, and resets what was stuck for long enough.
    pub async fn sample(&mut self, progress: &Progress, look: &Look<'_>) {
        let Some(docker) = look.engine() else { return };
        for stuck in self.held(look).await {
            if !runs(docker, &stuck.far).await {
                continue;
            }
            let step = progress.step(format!("{RESET}{} – {}", stuck.at, stuck.far));
            let reset = match from_afar(look, &stuck) {
                true => send_bfd(docker, look, &stuck).await,
                false => remake_neighbor(docker, look.topology(), &stuck).await,
            };
            match reset {
                Ok(()) => step.done(way(look, &stuck)),
                Err(why) => {
                    warn!(router = stuck.at, neighbor = %stuck.neighbor, why, "cannot reset the session");
                    step.failed(why);
                }
            }
            self.changes.push(change(look, &stuck));
            *self.times.entry(stuck).or_default() += 1;
        }
    }

    /// Returns the sessions that hold themselves up, by this look and those before it.
    async fn held(&mut self, look: &Look<'_>) -> Vec<Stuck> {
        let ripe = self.ripe(look.stuck().await, Instant::now()).into_iter();
        let held = join_all(ripe.map(async |stuck| look.is_stuck(&stuck).await.then_some(stuck))).await;
        held.into_iter().flatten().collect()
    }

    /// Returns the sessions that have looked stuck for long enough, by what is seen `now`.
    fn ripe(&mut self, stuck: Vec<Stuck>, now: Instant) -> Vec<Stuck> {
        let before = std::mem::take(&mut self.suspects);
        let since = |stuck: Stuck| (before.get(&stuck).copied().unwrap_or(now), stuck);
        let reset = |stuck: &Stuck| self.times.get(stuck).copied().unwrap_or_default();
        let stuck = stuck.into_iter().filter(|stuck| reset(stuck) < TIMES).map(since);
        let (ripe, waiting): (Vec<_>, Vec<_>) = stuck.partition(|(since, _)| now.duration_since(*since) >= STEADY);
        self.suspects = waiting.into_iter().map(|(since, stuck)| (stuck, since)).collect();
        ripe.into_iter().map(|(_, stuck)| stuck).collect()
    }

    /// Returns the resets so far.
    pub fn changes(self) -> Vec<Change> {
        self.changes
    }
}

/// Waits for `waited_for`, and resets sessions that are stuck meanwhile; returns its output and the resets.
pub async fn resetting<T>(
    progress: &Progress,
    look: &Look<'_>,
    waited_for: impl Future<Output = T>,
) -> (T, Vec<Change>) {
    let mut resetter = Resetter::default();
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(waited_for);
    loop {
        tokio::select! {
            end = &mut waited_for => return (end, resetter.changes()),
            _ = ticks.tick() => {}
        }
        // The wait goes on while a session is reset.
        tokio::select! {
            end = &mut waited_for => return (end, resetter.changes()),
            () = resetter.sample(progress, look) => {}
        }
    }
}

/// The sessions that are stuck and stay so, as changes that would be made.
pub async fn suspects(look: &Look<'_>) -> Vec<Change> {
    let mut resetter = Resetter::default();
    let wait = Wait::new("sessions that hold themselves up", STEADY * 2).every(EVERY).steady();
    let held = wait.poll(async || {
        let held = resetter.held(look).await;
        match (held.is_empty(), resetter.suspects.is_empty()) {
            (false, _) => Verdict::Ready(held),
            (true, true) => Verdict::Failed("none is stuck"),
            (true, false) => Verdict::NotYet("they may recover".to_owned()),
        }
    });
    held.await.unwrap_or_default().iter().map(|stuck| change(look, stuck)).collect()
}

/// A far end that does not run is missed rightly.
async fn runs(docker: &Docker, far: &str) -> bool {
    docker.container(far).await.is_ok_and(|state| state.is_some_and(|state| state.run == RunState::Running))
}

/// `true` if the session is reset from the far end, which disturbs neither of them: FRR there is one of the lab's own
/// containers.
fn from_afar(look: &Look<'_>, stuck: &Stuck) -> bool {
    look.topology().container(&stuck.far).is_some()
}

/// The way in which a session is reset.
fn way(look: &Look<'_>, stuck: &Stuck) -> &'static str {
    if from_afar(look, stuck) { "BFD sent from the other end" } else { "neighbor removed and added again" }
}

/// Has the far end send BFD before BGP is up: in one command, which takes the session back whatever becomes of us.
async fn send_bfd(docker: &Docker, look: &Look<'_>, stuck: &Stuck) -> Result<(), String> {
    let Stuck { far, neighbor, own, .. } = stuck;
    let running = look.ask(far, &[Question::Running(Daemon::Bgpd)]).await.running.unwrap_or_default();
    let session = OwnSession::to(*own, stuck.multihop.then_some(*neighbor), &running);
    ended(docker.exec(far, &["sh", "-c", &session.script()]).await)
}

/// Removes the neighbor and has FRR take its file again: in one command, which goes on in the container whatever
/// becomes of us.
async fn remake_neighbor(docker: &Docker, topology: &netlab::Lab, stuck: &Stuck) -> Result<(), String> {
    let Stuck { at, asn, neighbor, .. } = stuck;
    let files = topology.container(at).map(|spec| spec.files.as_slice()).unwrap_or_default();
    let reload = files.iter().find_map(|file| match &file.on_change {
        OnChange::Reload(argv) => Some(argv),
        OnChange::Restart => None,
    });
    let reload = reload.ok_or_else(|| format!("{at} has no file to take again"))?;
    let asn = Asn::new(*asn).map_err(|error| error.to_string())?;
    let script = format!("{} >&2 && exec \"$@\" >&2", bgp::remove_neighbor(asn, *neighbor));
    let argv: Vec<&str> = ["sh", "-c", &script, "reset"].into_iter().chain(reload.iter().map(String::as_str)).collect();
    ended(docker.exec(at, &argv).await)
}

fn ended(exec: Result<ExecOutput, EngineError>) -> Result<(), String> {
    match exec {
        Ok(output) if output.code == 0 => Ok(()),
        Ok(output) => Err(output.stderr.lines().last().unwrap_or("BGP did not come up").to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn change(look: &Look<'_>, stuck: &Stuck) -> Change {
    let Stuck { at, far, neighbor, .. } = stuck;
    Change {
        name: format!("reset:{at}:{neighbor}"),
        diff: format!(
            "~ session {at} – {far}: no BGP for as long as BFD is down, and no BFD without BGP: {}",
            way(look, stuck)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuck(far: &str) -> Stuck {
        let [neighbor, own] = ["10.0.1.3", "10.0.2.3"].map(|address| address.parse().unwrap());
        Stuck { at: "frr1".to_owned(), asn: 64500, far: far.to_owned(), neighbor, own, multihop: true }
    }

    #[test]
    fn only_sessions_that_stay_stuck_are_reset_and_not_for_ever() {
        let mut resetter = Resetter::default();
        let (a, b, begun) = (stuck("a"), stuck("b"), Instant::now());
        let both = || vec![a.clone(), b.clone()];
        assert_eq!(resetter.ripe(both(), begun), []);
        assert_eq!(resetter.ripe(both(), begun + STEADY / 2), []);
        assert_eq!(resetter.ripe(vec![a.clone()], begun + STEADY), vec![a.clone()], "b has recovered");
        assert_eq!(resetter.ripe(both(), begun + STEADY), [], "each begins anew");
        resetter.times.insert(a.clone(), TIMES);
        assert_eq!(resetter.ripe(both(), begun + STEADY * 2), vec![b.clone()], "it does not help a");
    }
}
