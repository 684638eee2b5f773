//! Suites of measurements. A lab and its counterpart take turns, so that a busy minute affects both.

use camino::Utf8Path;

use super::{Bench, Measured, up};
use bgplab::Failure;
use bgplab::process::Cmd;

/// A set of measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Suite {
    /// The documented topology without Kubernetes, beside a shell script that makes the same
    Standalone,
    /// 10 and 100 routers
    Scale,
    /// The documented lab, beside a bare `kind create cluster`
    Kind,
    /// Everything, beside the documented procedure step after step; needs --operator-dir
    Up,
}

impl Suite {
    pub(super) async fn run(self, bench: &Bench<'_>, runs: u16, measured: &mut Measured) -> Result<(), Failure> {
        match self {
            Self::Standalone => standalone(bench, runs, measured).await,
            Self::Scale => scale(bench, runs, measured).await,
            Self::Kind => kind(bench, runs, measured).await,
            Self::Up => up::up(bench, runs, measured).await,
        }
    }
}

async fn standalone(bench: &Bench<'_>, runs: u16, measured: &mut Measured) -> Result<(), Failure> {
    let lab = bench.ctx.lab()?;
    let folder = tempfile::tempdir().map_err(|error| Failure::step("cannot make a temporary folder").cause(&error))?;
    let rendered = folder.path().to_string_lossy();
    bench.time("render", bench.xtask(&["render", "--provider", "standalone", "--out", &rendered])?).await?;
    let script = |args: &[&str]| Cmd::new("bench/standalone.sh").args(args.iter().copied());
    for _ in 0..runs {
        measured.add("script", bench.time("script", script(&["up", &rendered, lab.images.frr.as_str()])).await?);
        bench.time("script down", script(&["down"])).await?;
        for name in ["standalone lab-up", "second lab-up"] {
            measured.add(name, bench.time(name, bench.xtask(&["lab-up", "--provider", "standalone"])?).await?);
        }
        let down = bench.xtask(&["lab-down", "--provider", "standalone"])?;
        measured.add("lab-down", bench.time("lab-down", down).await?);
    }
    for (name, seconds) in [("standalone lab-up", 5.0), ("second lab-up", 0.3), ("lab-down", 2.0)] {
        measured.want(name, seconds);
    }
    measured.compare("standalone lab-up / script", "standalone lab-up", "script", 0.75);
    Ok(())
}

async fn scale(bench: &Bench<'_>, runs: u16, measured: &mut Measured) -> Result<(), Failure> {
    const FILE: [&str; 2] = ["--lab", "labs/scale.toml"];
    for _ in 0..runs {
        for routers in ["10", "100"] {
            let args = |verb| [FILE[0], FILE[1], "--routers", routers, verb];
            let name = format!("{routers} routers");
            measured.add(&name, bench.time(&name, bench.xtask(&args("lab-up"))?).await?);
            bench.time("lab-down", bench.xtask(&args("lab-down"))?).await?;
        }
    }
    measured.want("100 routers", 60.0);
    // Ten times the routers in ten times the time, or less.
    measured.compare("100 routers / 10 routers", "100 routers", "10 routers", 10.0);
    Ok(())
}

async fn kind(bench: &Bench<'_>, runs: u16, measured: &mut Measured) -> Result<(), Failure> {
    let lab = bench.ctx.lab()?;
    let name = lab.cluster.name.as_str();
    let folder = tempfile::tempdir().map_err(|error| Failure::step("cannot make a temporary folder").cause(&error))?;
    let rendered = folder.path().to_string_lossy().into_owned();
    bench.time("render", bench.xtask(&["render", "--provider", "kind", "--out", &rendered])?).await?;
    let config = Utf8Path::new(&rendered).join("kind.yaml");
    let kubeconfig = Utf8Path::new(&rendered).join("kubeconfig");
    for _ in 0..runs {
        let options = ["--name", name, "--kubeconfig", kubeconfig.as_str()];
        let bare = Cmd::new("kind").args(["create", "cluster", "--config", config.as_str()]).args(options);
        measured.add("bare kind", bench.time("bare kind", bare).await?);
        bench.time("bare kind down", Cmd::new("kind").args(["delete", "cluster"]).args(options)).await?;
        bench.time("its network", Cmd::new("docker").args(["network", "rm", lab.cluster.network.as_str()])).await?;
        measured.add("kind lab-up", bench.time("kind lab-up", bench.xtask(&["lab-up", "--provider", "kind"])?).await?);
        let down = bench.xtask(&["lab-down", "--provider", "kind"])?;
        measured.add("kind lab-down", bench.time("kind lab-down", down).await?);
    }
    measured.compare("kind lab-up / bare kind", "kind lab-up", "bare kind", 1.1);
    Ok(())
}
