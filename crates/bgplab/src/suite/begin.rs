//! The lab, made as the suite wants it, and the command that runs the suite.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use ipnet::IpNet;

use super::checkout::Checkout;
use super::clean::Cleaning;
use super::ginkgo::{Plan, exactly};
use super::image::{self, Lacking};
use super::select::Arguments;
use crate::context::Context;
use crate::failure::Failure;
use crate::images;
use crate::process::Cmd;

/// The time that ginkgo gives the suite: all of it takes some hours.
const TIMEOUT: &str = "24h";
/// Longer than ginkgo's own.
const BOUND: Duration = Duration::from_secs(25 * 3600);

/// The parts of the suite's arguments that are known before it is prepared.
pub(super) struct Given {
    pub(super) selection: Vec<String>,
    pub(super) image: String,
    pub(super) lacking: Lacking,
    pub(super) interfaces: (String, String),
    pub(super) ranges: [Option<(IpNet, IpNet)>; 2],
    pub(super) vrf: bool,
    pub(super) backend: labfile::Backend,
    pub(super) kubeconfig: String,
}

/// A command that is ready to run.
pub(super) struct Prepared {
    pub(super) cmd: Cmd,
    /// The folder of what the suite writes for itself, which goes with this.
    pub(super) _folder: tempfile::TempDir,
}

/// Brings the images that the suite wants, and returns that of its routers.
pub(super) async fn images(
    ctx: &Context,
    cleaning: &Cleaning,
    checkout: &Checkout,
    given: &Given,
) -> Result<String, Failure> {
    let agnhost = images::bring(ctx, std::slice::from_ref(&checkout.agnhost)).await;
    agnhost.map_err(|failure| failure.because(format!("MetalLB's suite wants {} on every node", checkout.agnhost)))?;
    if given.lacking.wget {
        return image::with_wget(&cleaning.docker, &ctx.progress, &given.image).await;
    }
    Ok(given.image.clone())
}

/// Makes the lab as the suite wants it, and returns the command that runs the specs that are left.
pub(super) async fn make_room(
    ctx: &Context,
    cleaning: &Cleaning,
    checkout: &Checkout,
    (program, image, given): (&Utf8Path, &str, &Given),
    (plan, left): (&Plan, &[String]),
    results: &Utf8Path,
) -> Result<Prepared, Failure> {
    cleaning.mark.leave(&cleaning.before)?;
    cleaning.make_room(ctx).await?;

    let cannot = |error: std::io::Error| Failure::machine("cannot make the suite's folders").cause(&error);
    let folder = tempfile::Builder::new().prefix("metallb-lab-e2e-").tempdir().map_err(cannot)?;
    let at = Utf8PathBuf::from_path_buf(folder.path().to_owned())
        .map_err(|_| Failure::machine("the temporary folder's name is not UTF-8").next("set TMPDIR to another one"))?;
    let kubeconfig = at.join("kubeconfig");
    fs_err::write(&kubeconfig, &given.kubeconfig).map_err(cannot)?;
    fs_err::create_dir_all(results.join("reports")).map_err(cannot)?;
    let results = results.canonicalize_utf8().map_err(cannot)?;
    let arguments = Arguments {
        kubeconfig: kubeconfig.as_str(),
        reports: results.join("reports").as_str(),
        ranges: given.ranges,
        kubectl: Cmd::new("kubectl").find()?.as_str(),
        frr_image: image,
        interfaces: (&given.interfaces.0, &given.interfaces.1),
        backend: given.backend,
        vrf: given.vrf,
    }
    .to_vec();
    let whole = left.len() == plan.specs.len();
    let exactly = exactly(&plan.suite, left).into_iter().map(|focus| format!("-ginkgo.focus={focus}"));
    let selection = if whole { given.selection.clone() } else { exactly.collect() };
    let cmd = Cmd::new(program.as_str())
        .args(["-test.timeout=0", "-ginkgo.v", "-ginkgo.no-color"])
        .arg(format!("-ginkgo.timeout={TIMEOUT}"))
        .args(selection)
        .args(arguments)
        .env("KUBECONFIG", kubeconfig.as_str())
        .env("DOCKER_HOST", cleaning.docker.host())
        .env("TMPDIR", at.as_str())
        .cwd(checkout.suite())
        .within(BOUND);
    Ok(Prepared { cmd, _folder: folder })
}
