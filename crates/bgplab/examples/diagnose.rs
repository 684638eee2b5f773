//! Diagnoses a lab that is there, whoever made it: `cargo run -p bgplab --example diagnose -- labs/documented.toml`.

use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;

use bgplab::{Context, LabSource, acts};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("name a lab file")?;
    run(&file, &mut stdout()).await
}

/// Does it, and writes the outcome.
pub(crate) async fn run(file: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let ctx = Context::new(LabSource { file: Some(file.into()), ..LabSource::default() }, Arc::new(()));
    let diagnosis = acts::diagnose(&ctx).await?;
    if diagnosis.is_healthy() {
        writeln!(out, "nothing wrong found")?;
    }
    for finding in &diagnosis.findings {
        writeln!(out, "{}", finding.cause)?;
        finding.evidence.iter().try_for_each(|seen| writeln!(out, "  seen: {seen}"))?;
        writeln!(out, "  remedy: {}", finding.remedy)?;
        writeln!(out, "  explains {} failed checks", finding.explains.len())?;
    }
    diagnosis.unexplained.iter().try_for_each(|check| writeln!(out, "no cause found for {check}"))?;
    Ok(())
}
