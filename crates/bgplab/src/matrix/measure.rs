//! Measuring one cell: from nothing to the last scenario.

use camino::{Utf8Path, Utf8PathBuf};
use frrconf::ask::Question;
use frrconf::vty::Daemon;
use jiff::Timestamp;

use super::row::{Broken, Measured, Row};
use super::{Asked, Cell};
use crate::acts;
use crate::bringup::repair::stuck::is_reset;
use crate::bringup::running::Running;
use crate::collect;
use crate::context::{Context, LabSource};
use crate::failover::{self, Scenario};
use crate::failure::Failure;
use crate::scene::Scene;

/// The failures that every cell is put through: one that only timers notice, one on a node, and the loss of a router,
/// after which BGP and BFD may wait for each other.
const SCENARIOS: [Scenario; 3] = [Scenario::Pause, Scenario::Speaker, Scenario::Router];

/// Measures a cell. A failure makes the row red, and its evidence is collected.
pub(super) async fn measure(ctx: &Context, lab: &str, cell: &Cell, asked: &Asked) -> Row {
    let source = cell.source(&ctx.source, asked.manifests.as_deref());
    let mut row = Row::of(lab.to_owned(), cell.clone());
    if let Err(mut broken) = through(ctx, &source, &mut row).await {
        if !broken.refused {
            broken.evidence = evidence(ctx, source, &asked.evidence(cell)).await;
        }
        row.broken = Some(broken);
    }
    row.at = Timestamp::now();
    row
}

/// Brings the lab of a cell up, looks at it, and puts it through the scenarios. What is measured is noted at once.
async fn through(ctx: &Context, source: &LabSource, row: &mut Row) -> Result<(), Broken> {
    let by = |step: &'static str| move |failure: Failure| Broken::by(step, &failure);
    source.read().map_err(|error| Broken::by("read", &error.into()))?;
    super::take_down(&ctx.part(source.clone())).await.map_err(by("lab-down"))?;

    let part = ctx.part(source.clone());
    let up = acts::explained(&part, acts::up(&part).await).await.map_err(by("up"))?;
    row.up_seconds = Some(tenths(&part));
    if !up.passed {
        return Err(Broken::by("up", &Failure::step("not every check passed")));
    }
    (row.routers_frr, row.nodes_frr) = versions(&part).await.map_err(by("versions"))?;

    let part = ctx.part(source.clone());
    let again = acts::explained(&part, acts::up(&part).await).await.map_err(by("up, again"))?;
    row.again_seconds = Some(tenths(&part));
    if !again.unchanged {
        return Err(Broken::by("up, again", &Failure::step("something was changed a second time")));
    }

    for scenario in SCENARIOS {
        let part = ctx.part(source.clone());
        let findings = failover::measure(&part, &failover::Asked::once(scenario)).await;
        let findings = acts::explained(&part, findings).await.map_err(by(scenario.word()))?;
        let stuck = part.progress.timeline().iter().filter(|span| is_reset(span)).count();
        row.failovers.push(Measured::of(&findings, stuck));
        if !findings.passed {
            return Err(Broken::by(scenario.word(), &Failure::step("it was not as the timers predict")));
        }
    }
    Ok(())
}

/// Asks the first router and the first node for the version of their FRR.
async fn versions(ctx: &Context) -> Result<(Option<String>, Option<String>), Failure> {
    let scene = Scene::set(ctx, Running::find(ctx).await?).await?;
    let look = scene.look();
    let version = async |name: Option<&str>| {
        let frr = look.ask(name?, &[Question::Running(Daemon::Bgpd)]).await;
        frr.running?.version.map(|(major, minor)| format!("{major}.{minor}"))
    };
    let router = scene.lab.routers.first().map(|router| router.name.as_str());
    let node = scene.nodes.first().map(|node| node.name.as_str());
    Ok(futures::join!(version(router), version(node)))
}

/// Collects what there is to see of a lab that is not whole; `None` where even that fails, which is said.
async fn evidence(ctx: &Context, source: LabSource, file: &Utf8Path) -> Option<Utf8PathBuf> {
    let packed = async {
        if let Some(folder) = file.parent() {
            fs_err::create_dir_all(folder).map_err(|error| Failure::unwritten("archive", &error))?;
        }
        collect::gather(&ctx.part(source)).await?.pack(Some(file))
    };
    match packed.await {
        Ok(packed) => Some(packed.file),
        Err(failure) => {
            ctx.progress.say(&format!("no evidence of this cell: {failure}"));
            None
        }
    }
}

/// Returns the time of a part so far, in seconds, to a tenth.
fn tenths(part: &Context) -> f64 {
    (part.progress.elapsed().as_secs_f64() * 10.0).round() / 10.0
}
