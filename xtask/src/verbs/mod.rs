//! One file a verb.

pub(crate) mod capture;
mod completions;
pub(crate) mod deploy_frr;
mod deploy_metallb;
pub(crate) mod doctor;
pub(crate) mod failover;
mod files;
pub(crate) mod graph;
pub(crate) mod guide;
pub(crate) mod images;
mod init;
mod lab_down;
mod lab_up;
mod render;
mod repair;
mod schema;
pub(crate) mod status;
mod undeploy_frr;
mod undeploy_metallb;
mod up;
mod verify;
pub(crate) mod vtysh;

use crate::cli::Verb;
use crate::ctx::Ctx;
use crate::dev;
use crate::exit::{Answer, Failure};

/// Runs one verb.
pub(crate) async fn run(ctx: &Ctx, verb: Verb) -> Result<Answer, Failure> {
    match verb {
        Verb::LabUp(args) => lab_up::run(ctx, &args).await,
        Verb::LabDown(args) => lab_down::run(ctx, &args).await,
        Verb::Up(args) => up::run(ctx, &args).await,
        Verb::DeployMetallb(args) => deploy_metallb::run(ctx, &args).await,
        Verb::UndeployMetallb(args) => undeploy_metallb::run(ctx, &args).await,
        Verb::Verify(args) => verify::run(ctx, &args).await,
        Verb::DeployFrr(args) => deploy_frr::run(ctx, &args).await,
        Verb::UndeployFrr => undeploy_frr::run(ctx).await,
        Verb::Status(args) => status::run(ctx, &args).await,
        Verb::Failover(args) => failover::run(ctx, &args).await,
        Verb::Vtysh(args) => vtysh::run(ctx, &args).await,
        Verb::Capture(args) => capture::run(ctx, &args).await,
        Verb::Repair(args) => repair::run(ctx, &args).await,
        Verb::Init => Ok(Answer::text(init::text())),
        Verb::Schema => Answer::json(schema::text()),
        Verb::Render(args) => files::render(ctx, &args),
        Verb::Graph(args) => graph::run(ctx, &args),
        Verb::Guide(args) => guide::run(ctx, &args).await,
        Verb::Completions { shell } => Ok(completions::script(shell)),
        Verb::Doctor(args) => doctor::run(ctx, &args).await,
        Verb::Images(what) => images::run(ctx, &what).await,
        Verb::Test(args) => dev::test::run(ctx, &args).await,
        Verb::Ci(args) => dev::ci::run(ctx, &args).await,
        Verb::Bench(args) => dev::bench::run(ctx, &args).await,
        Verb::Tidy => dev::tidy::run().await,
    }
}
