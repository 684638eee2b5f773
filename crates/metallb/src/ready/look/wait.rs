//! Conditions waited for through watches.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::{StreamExt, stream};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::LogParams;
use settle::{Verdict, Wait};
use tokio::time::{Instant, timeout_at};

use super::World;
use super::condition::look_at_all;
use super::pods::silent_crashes;
use super::world::{Kind, Update, updates};
use crate::ready::Condition;
use crate::{Cluster, Error, InNamespace};

/// The time after which a problem that may pass by itself ends the wait.
const DOUBT: Duration = Duration::from_secs(15);

/// The time that the API may take to show what is there.
const READ: Duration = Duration::from_secs(15);

/// A wait for conditions of one namespace, which reports what is still missing.
pub(crate) struct Waiting<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    pub(crate) bound: Duration,
    pub(crate) report: &'a (dyn Fn(&str) + Sync),
}

impl Waiting<'_> {
    /// Until all conditions hold at the same time.
    pub(crate) async fn until(&self, conditions: &[Condition]) -> Result<(), Error> {
        let kinds = kinds_of(conditions);
        let client = self.cluster.client();
        let doubt = |world: &World| conditions.iter().find_map(|condition| condition.doubt(world));
        let start = (Box::pin(updates(&client, self.namespace, &kinds)), World::default(), None);
        let looks = stream::unfold(start, async |(mut updates, mut world, doubted)| {
            let next = updates.next();
            let seen = match doubted {
                None => Some(next.await),
                Some(since) => timeout_at(since + DOUBT, next).await.ok(),
            };
            let verdict = match seen {
                Some(update) => self.look(conditions, update?, &mut world).await,
                None => Verdict::Failed(doubt(&world)?),
            };
            if let Verdict::NotYet(missing) = &verdict {
                (self.report)(missing);
            }
            let doubted = doubt(&world).map(|_| doubted.unwrap_or_else(Instant::now));
            Some((verdict, (updates, world, doubted)))
        });
        Ok(Wait::new(self.name, self.bound).watch(looks).await?)
    }

    async fn look(&self, conditions: &[Condition], update: Update, world: &mut World) -> Verdict<(), Error> {
        match update {
            Update::Seen(put) => {
                put(world);
                self.ask_for_last_log_lines(world).await;
                look_at_all(conditions, world)
            }
            Update::Trouble(text) => Verdict::NotYet(text),
            Update::Refused(error) => Verdict::Failed(error),
        }
    }

    /// Fetches the last log line of containers that crash: it often is the cause.
    async fn ask_for_last_log_lines(&self, world: &mut World) {
        for (pod, container) in silent_crashes(world) {
            // Logs that cannot be had are asked for again with the next event.
            if let Some(line) = self.cluster.last_log_line(self.namespace, &pod, &container).await {
                world.last_log_line.insert((pod, container), line);
            }
        }
    }
}

/// The number of log lines to read: the usage text of MetalLB's speaker, which follows an unknown flag, has
/// more than fifty.
const LOG_LINES: i64 = 200;

impl Cluster {
    /// Reads the last log line of a container before it ended.
    pub(crate) async fn last_log_line(&self, namespace: &str, pod: &str, container: &str) -> Option<String> {
        let pods: Api<Pod> = Api::namespaced(self.client(), namespace);
        let (container, tail_lines) = (Some(container.to_owned()), Some(LOG_LINES));
        let params = LogParams { container, previous: true, tail_lines, ..LogParams::default() };
        last_log_line(&pods.logs(pod, &params).await.ok()?)
    }
}

/// Returns the most informative line of a log: that of an unknown flag, which a usage text follows, or else the last
/// one.
fn last_log_line(log: &str) -> Option<String> {
    let lines = || log.lines().map(str::trim).filter(|line| !line.is_empty());
    let flag = lines().find(|line| line.contains("flag provided but not defined") || line.contains("unknown flag"));
    flag.or_else(|| lines().next_back()).map(str::to_owned)
}

impl Cluster {
    /// Waits, by watching, until all conditions hold in `namespace` at the same time.
    ///
    /// # Errors
    /// [`Error::TimedOut`] with all that is missing, [`Error::PodStuck`] as soon as waiting on will not help,
    /// [`Error::Degraded`] where that does not pass within some seconds, [`Error::Forbidden`].
    pub async fn wait(
        &self,
        name: &str,
        InNamespace(namespace): InNamespace<'_>,
        conditions: &[Condition],
        bound: Duration,
    ) -> Result<(), Error> {
        Waiting { cluster: self, namespace, name, bound, report: &|_| {} }.until(conditions).await
    }

    /// Looks at conditions of `namespace`, and waits up to `grace` until all hold. The time that the API takes to show all
    /// that they depend on, on a busy machine, does not count.
    ///
    /// # Errors
    /// As [`Cluster::wait`].
    pub async fn look(
        &self,
        name: &str,
        InNamespace(namespace): InNamespace<'_>,
        conditions: &[Condition],
        grace: Duration,
    ) -> Result<(), Error> {
        let kinds = kinds_of(conditions);
        let waiting = Waiting { cluster: self, namespace, name, bound: grace, report: &|_| {} };
        let start = (Box::pin(updates(&self.client(), namespace, &kinds)), World::default());
        let looks = stream::unfold(start, async |(mut updates, mut world)| {
            let verdict = waiting.look(conditions, updates.next().await?, &mut world).await;
            let is_whole = kinds.iter().all(|kind| world.shows(*kind));
            Some(((is_whole, verdict), (updates, world)))
        });
        let mut looks = std::pin::pin!(looks);
        let first = looks.by_ref().map(|(is_whole, verdict)| match verdict {
            Verdict::Ready(()) => Verdict::Ready(None),
            Verdict::NotYet(missing) if is_whole => Verdict::Ready(Some(missing)),
            Verdict::NotYet(missing) => Verdict::NotYet(missing),
            Verdict::Failed(error) => Verdict::Failed(error),
        });
        let Some(missing) = Wait::new(name, READ).watch(first).await? else { return Ok(()) };
        let rest = stream::iter([Verdict::NotYet(missing)]).chain(looks.map(|(_, verdict)| verdict));
        Ok(Wait::new(name, grace).watch(rest).await?)
    }
}

/// The kinds that conditions depend on, each once.
fn kinds_of(conditions: &[Condition]) -> Vec<Kind> {
    let kinds: BTreeSet<Kind> = conditions.iter().flat_map(|condition| condition.kinds().iter().copied()).collect();
    kinds.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::last_log_line;

    #[test]
    fn an_unknown_flag_is_found_above_the_usage_text() {
        let log = "flag provided but not defined: -metrics-bind-address\nUsage of /frr-metrics:\n  -x\n\n";
        assert_eq!(last_log_line(log).as_deref(), Some("flag provided but not defined: -metrics-bind-address"));
        assert_eq!(last_log_line("a\nb\n\n").as_deref(), Some("b"));
        assert_eq!(last_log_line("\n"), None);
    }
}
