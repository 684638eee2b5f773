//! Resets sessions that hold themselves up, while others wait for them.

use std::collections::BTreeMap;
use std::time::Duration;

use frrconf::change::bgp;
use frrconf::values::Asn;
use futures::future::join_all;
use netlab::{Docker, Engine, OnChange, RunState};
use settle::{Verdict, Wait};
use tokio::time::MissedTickBehavior;
use tracing::warn;

use crate::bringup::Change;
use crate::checks::{Look, Stuck};
use crate::progress::Progress;

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// Number of looks in a row at which a session has to be stuck: FRR that recovers by itself takes 3 to 4 s.
const SAMPLES: u32 = 6;
/// Number of times that one session is reset: what does not help twice does not help.
const TIMES: u32 = 2;

/// Resets sessions that stay stuck from one look to the next.
#[derive(Debug, Default)]
pub struct Resetter {
    /// Number of looks in a row at which each was stuck.
    suspects: BTreeMap<Stuck, u32>,
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
            let step = progress.step(format!("reset {} – {}", stuck.at, stuck.far));
            match remake_neighbor(docker, look.topology(), &stuck).await {
                Ok(()) => step.done("neighbor removed and added again"),
                Err(why) => {
                    warn!(router = stuck.at, neighbor = %stuck.neighbor, why, "cannot reset the session");
                    step.failed(why);
                }
            }
            self.changes.push(change(&stuck));
            *self.times.entry(stuck).or_default() += 1;
        }
    }

    /// Returns the sessions that hold themselves up, by this look and those before it.
    async fn held(&mut self, look: &Look<'_>) -> Vec<Stuck> {
        let ripe = self.ripe(look.stuck().await).into_iter();
        let held = join_all(ripe.map(async |stuck| look.is_stuck(&stuck).await.then_some(stuck))).await;
        held.into_iter().flatten().collect()
    }

    /// Returns the sessions that looked stuck at every one of the last looks, counting this one.
    fn ripe(&mut self, now: Vec<Stuck>) -> Vec<Stuck> {
        let before = std::mem::take(&mut self.suspects);
        let count = |stuck: Stuck| (before.get(&stuck).map_or(1, |count| count + 1), stuck);
        let reset = |stuck: &Stuck| self.times.get(stuck).copied().unwrap_or_default();
        let counted = now.into_iter().filter(|stuck| reset(stuck) < TIMES).map(count);
        let (ripe, waiting): (Vec<_>, Vec<_>) = counted.partition(|(count, _)| *count >= SAMPLES);
        self.suspects = waiting.into_iter().map(|(count, stuck)| (stuck, count)).collect();
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
    let wait = Wait::new("sessions that hold themselves up", EVERY * (2 * SAMPLES)).every(EVERY).steady();
    let held = wait.poll(async || {
        let held = resetter.held(look).await;
        match (held.is_empty(), resetter.suspects.is_empty()) {
            (false, _) => Verdict::Ready(held),
            (true, true) => Verdict::Failed("none is stuck"),
            (true, false) => Verdict::NotYet("they may recover".to_owned()),
        }
    });
    held.await.unwrap_or_default().iter().map(change).collect()
}

/// A far end that does not run is missed rightly.
async fn runs(docker: &Docker, far: &str) -> bool {
    docker.container(far).await.is_ok_and(|state| state.is_some_and(|state| state.run == RunState::Running))
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
    match docker.exec(at, &argv).await {
        Ok(output) if output.code == 0 => Ok(()),
        Ok(output) => Err(output.stderr.lines().last().unwrap_or("it said nothing").to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn change(stuck: &Stuck) -> Change {
    let Stuck { at, far, neighbor, .. } = stuck;
    Change {
        name: format!("reset:{at}:{neighbor}"),
        diff: format!(
            "~ session {at} – {far}: no BGP for as long as BFD is down, and no BFD without BGP: neighbor {neighbor} \
             removed and added again"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuck(far: &str) -> Stuck {
        let neighbor = "10.0.1.3".parse().unwrap();
        Stuck { at: "frr1".to_owned(), asn: 64500, far: far.to_owned(), neighbor }
    }

    #[test]
    fn only_sessions_that_stay_stuck_are_reset_and_not_for_ever() {
        let mut resetter = Resetter::default();
        let (a, b) = (stuck("a"), stuck("b"));
        for _ in 1..SAMPLES {
            assert_eq!(resetter.ripe(vec![a.clone(), b.clone()]), []);
        }
        let ripe = resetter.ripe(vec![a.clone()]);
        assert!(ripe.len() == 1 && ripe.contains(&a), "b has recovered: {ripe:?}");
        assert_eq!(resetter.ripe(vec![a.clone(), b.clone()]), [], "each begins anew");
        resetter.times.insert(a.clone(), TIMES);
        for _ in 0..2 * SAMPLES {
            assert_eq!(resetter.ripe(vec![a.clone()]), [], "it does not help");
        }
    }
}
