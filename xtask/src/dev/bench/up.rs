//! `up`, beside the documented procedure as a shell script goes through it.

use camino::Utf8PathBuf;
use serde_json::Value;

use super::{Bench, Measured};
use bgplab::Failure;
use bgplab::process::Cmd;

/// Measures both from nothing to an address that answers.
pub(super) async fn up(bench: &Bench<'_>, runs: u16, measured: &mut Measured) -> Result<(), Failure> {
    let checkout = checkout(bench)?;
    let options = ["--provider", "kind", "--operator-dir", checkout.as_str()];
    let xtask = |args: &[&str]| bench.xtask(&[&options[..], args].concat());
    let folder = tempfile::tempdir().map_err(|error| Failure::step("cannot make a temporary folder").cause(&error))?;
    let rendered = folder.path().to_string_lossy().into_owned();
    bench.time("render", xtask(&["render", "--out", &rendered])?).await?;
    let (_, listed) = bench.run("images", xtask(&["images", "list", "--json"])?).await?;
    let images = on_nodes(&parse(&listed)?, bench.ctx.lab()?.images.node.as_str());
    let resources = Utf8PathBuf::from(&rendered).join("metallb.yaml");
    for _ in 0..runs {
        let script = Cmd::new("bench/sequential.sh").args(["up", &rendered, checkout.as_str(), resources.as_str()]);
        measured.add("step after step", bench.time("step after step", script.args(images.iter().cloned())).await?);
        bench.time("script down", Cmd::new("bench/sequential.sh").arg("down")).await?;
        let (seconds, report) = bench.run("up", xtask(&["up", "--json"])?).await?;
        measured.add("up", seconds);
        let path = parse(&report)?["critical_path_seconds"].as_f64();
        measured.add("its critical path", path.ok_or_else(|| Failure::step("up reported no critical path"))?);
        measured.add("second up", bench.time("second up", xtask(&["up"])?).await?);
        measured.add("kind lab-down", bench.time("kind lab-down", xtask(&["lab-down"])?).await?);
    }
    measured.compare("up / step after step", "up", "step after step", 0.6);
    measured.compare("up / its critical path", "up", "its critical path", 1.15);
    Ok(())
}

/// The operator's checkout, which `make` needs a whole path to.
fn checkout(bench: &Bench<'_>) -> Result<Utf8PathBuf, Failure> {
    let missing = || Failure::wrong_use("the bench of up needs a checkout of the MetalLB Operator");
    let given = bench.ctx.source.overrides.operator_dir.clone().ok_or_else(|| missing().next("--operator-dir DIR"))?;
    given.canonicalize_utf8().map_err(|error| missing().place(given.as_str()).cause(&error))
}

fn parse(document: &str) -> Result<Value, Failure> {
    serde_json::from_str(document).map_err(|error| Failure::step("cannot read our own JSON").cause(&error))
}

/// The images that the nodes lack: all but their own.
fn on_nodes(listed: &Value, node: &str) -> Vec<String> {
    let images = listed.as_array().into_iter().flatten().filter_map(|image| image["image"].as_str());
    images.filter(|image| *image != node).map(str::to_owned).collect()
}
