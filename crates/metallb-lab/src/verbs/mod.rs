//! One file a verb.

pub(crate) mod capture;
pub(crate) mod collect;
mod completions;
pub(crate) mod deploy_frr;
mod deploy_metallb;
mod diagnose;
pub(crate) mod doctor;
pub(crate) mod failover;
mod failover_report;
pub(crate) mod graph;
pub(crate) mod guide;
pub(crate) mod images;
mod init;
mod lab_down;
mod lab_up;
mod planned;
mod render;
mod repair;
pub(crate) mod status;
mod undeploy_frr;
mod undeploy_metallb;
mod up;
mod verify;
pub(crate) mod vtysh;
mod write;

use crate::cli::Verb;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::acts::explained;

/// Runs one verb.
pub(crate) async fn run(ctx: &Ctx, verb: Verb) -> Result<Answer, Failure> {
    match verb {
        Verb::LabUp(args) => explained(ctx, lab_up::run(ctx, &args).await).await,
        Verb::LabDown(args) => lab_down::run(ctx, &args).await,
        Verb::Up(args) => explained(ctx, up::run(ctx, &args).await).await,
        Verb::DeployMetallb(args) => explained(ctx, deploy_metallb::run(ctx, &args).await).await,
        Verb::UndeployMetallb(args) => undeploy_metallb::run(ctx, &args).await,
        Verb::Verify(args) => explained(ctx, verify::run(ctx, &args).await).await,
        Verb::DeployFrr(args) => explained(ctx, deploy_frr::run(ctx, &args).await).await,
        Verb::UndeployFrr => undeploy_frr::run(ctx).await,
        Verb::Status(args) => status::run(ctx, &args).await,
        Verb::Failover(args) => failover::run(ctx, &args).await,
        Verb::Diagnose => diagnose::run(ctx).await,
        Verb::Collect(args) => collect::run(ctx, &args).await,
        Verb::Vtysh(args) => vtysh::run(ctx, &args).await,
        Verb::Capture(args) => capture::run(ctx, &args).await,
        Verb::Repair(args) => explained(ctx, repair::run(ctx, &args).await).await,
        Verb::Init => Ok(Answer::text(init::text())),
        Verb::Schema => Answer::json(labfile::schema()),
        Verb::Render(args) => render::run(ctx, &args),
        Verb::Graph(args) => graph::run(ctx, &args),
        Verb::Guide(args) => guide::run(ctx, &args).await,
        Verb::Completions { shell } => Ok(completions::script(ctx, shell)),
        Verb::Doctor(args) => doctor::run(ctx, &args).await,
        Verb::Images(what) => images::run(ctx, what).await,
    }
}
