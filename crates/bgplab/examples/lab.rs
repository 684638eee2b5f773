//! Brings a standalone lab up, checks it, measures a failover, and takes it away:
//! `cargo run -p bgplab --example lab -- labs/documented.toml`.

use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;

use bgplab::failover::{Asked, Scenario};
use bgplab::labfile::{Overrides, ProviderName};
use bgplab::{Context, LabSource, acts};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("name a lab file")?;
    run(&file, &mut stdout()).await
}

/// Does it, and writes the outcome.
pub(crate) async fn run(file: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
    let ctx = Context::new(LabSource { file: Some(file.into()), overrides }, Arc::new(()));
    let end = acts(&ctx, out).await;
    // However it ended: what a failover has changed for a while is restored, and nothing is left.
    ctx.restore().await?;
    writeln!(out, "{}", acts::lab_down(&ctx).await?.lines().join("\n"))?;
    end
}

async fn acts(ctx: &Context, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    // A wait that runs out comes back with its causes.
    let up = acts::explained(ctx, acts::lab_up(ctx).await).await?;
    writeln!(out, "lab {} is up: {} steps", up.lab, up.changes.len())?;

    let verified = acts::verify(ctx).await?;
    for check in verified.checks.iter().filter(|check| !check.passed) {
        writeln!(out, "failed: {check}")?;
    }
    for finding in acts::diagnose(ctx).await?.findings {
        writeln!(out, "cause: {}", finding.cause)?;
    }

    let findings = acts::failover(ctx, &Asked::once(Scenario::Pause)).await?;
    for line in findings.series.iter().flat_map(|series| &series.summary) {
        if let Some(session) = line.loss.session {
            writeln!(
                out,
                "{} pauses: {} loses its session after {}",
                findings.target.name, line.place, session.median
            )?;
        }
    }
    Ok(())
}
