//! What can be typed.
//!
//! A verb is a variant of [`Verb`], its own file in `verbs/`, and a line in `verbs::run`.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

use crate::names;
use crate::verbs::{capture, collect, deploy_frr, doctor, failover, graph, guide, images, status, vtysh};
use bgplab::LabSource;
use labfile::{Image, Overrides};

/// What stands below every help: streams and exit codes.
pub const EXIT_CODES: &str = "\
Results go to stdout, progress and logs to stderr. Exit codes: 0 done and true; 1 a check or step failed; 2 wrong use or \
wrong lab file; 3 the machine lacks something, or something that is not ours stands in the way; 4 a wait ran out; 130 \
interrupted.";

/// What holds for every verb.
#[derive(Debug, Clone, Default, Args)]
pub struct Globals {
    /// Which lab.
    #[command(flatten)]
    pub(crate) lab: LabArgs,
    /// Print one JSON document on stdout
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// Say more: -v steps in detail, -vv every request
    #[arg(short, long, global = true, help_heading = "Global options", action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
    /// Show no progress
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
}

/// Which lab: a file, and what is said instead of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Lab options")]
pub(crate) struct LabArgs {
    /// Lab file; without it, the documented lab
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) lab: Option<Utf8PathBuf>,
    /// Where the nodes come from
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) provider: Option<names::Provider>,
    /// How many routers, where the lab file counts them
    #[arg(long, global = true, value_name = "N")]
    pub(crate) routers: Option<u16>,
    /// The routers' image
    #[arg(long, global = true, value_name = "IMAGE")]
    pub(crate) frr_image: Option<Image>,
    /// What speaks BGP on the nodes
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) backend: Option<names::Backend>,
    /// A checkout of the MetalLB Operator
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) operator_dir: Option<Utf8PathBuf>,
    /// How MetalLB is installed
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) method: Option<names::Method>,
    /// The manifest, for methods manifest and direct
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) manifest: Option<Utf8PathBuf>,
    /// The kubeconfig of an existing cluster
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) kubeconfig: Option<Utf8PathBuf>,
    /// Its context
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) context: Option<String>,
}

impl LabArgs {
    /// Returns the lab that these options mean.
    pub(crate) fn source(&self) -> LabSource {
        let overrides = Overrides {
            provider: self.provider.map(Into::into),
            routers: self.routers,
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            operator_dir: self.operator_dir.clone(),
            method: self.method.map(Into::into),
            manifest: self.manifest.clone(),
            backend: self.backend.map(Into::into),
            frr_image: self.frr_image.clone(),
        };
        LabSource { file: self.lab.clone(), overrides }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Bring networks, cluster, routers and routes up; returns when they work
    LabUp(LabUpArgs),
    /// Remove all that the lab made, and nothing else
    LabDown(LabDownArgs),
    /// Everything: lab-up, deploy-metallb, verify, at the same time wherever one does not need the other
    Up(UpArgs),
    /// Install and configure MetalLB; returns when its address is learned and answers
    DeployMetallb(DeployArgs),
    /// Remove MetalLB and all that was made for it
    UndeployMetallb(UndeployArgs),
    /// Check the lab by name
    Verify(VerifyArgs),
    /// Bring FRR onto the workers without MetalLB: BFD sessions with the routers, and nothing above
    DeployFrr(deploy_frr::Args),
    /// Remove what deploy-frr made
    UndeployFrr,
    /// Show what should be beside what is: networks, containers, sessions, routes
    Status(status::Args),
    /// Say why the lab is not as it should be: the cause, what shows it, what to do
    Diagnose,
    /// Pack all that somebody else needs to see why: configurations, states, logs; secrets removed
    Collect(collect::Args),
    /// Break one thing on purpose, measure what comes of it, and put it back
    Failover(failover::Args),
    /// Open FRR's shell on a router or for a node, or run a command in it
    Vtysh(vtysh::Args),
    /// Capture the packets of sessions or of a network, while a command runs, for some seconds, or until Ctrl-C
    Capture(capture::Args),
    /// Bring back what a restart of Docker, a node or the machine took away, without making anew what lives
    Repair(RepairArgs),
    /// Say what this machine lacks for the lab, and install it
    Doctor(doctor::Args),
    /// List, make, load and save the images that the lab needs
    #[command(subcommand)]
    Images(images::Images),
    /// Print a commented lab file to start from
    Init,
    /// Print the JSON Schema of lab files
    Schema,
    /// Print the files that the lab would use, or write them into a folder
    Render(RenderArgs),
    /// Draw the lab: networks, nodes, routers, sessions, addresses
    Graph(graph::Args),
    /// Run the documented procedure step by step, and write it down with what it printed
    Guide(guide::Args),
    /// Print a shell's completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// How the lab is brought up.
#[derive(Debug, Clone, Args)]
pub(crate) struct LabUpArgs {
    /// Only say what would be done
    #[arg(long, conflicts_with = "fix")]
    pub(crate) dry_run: bool,
    /// First install what the machine lacks, as doctor does, and make FRR's image where no registry is reached
    #[arg(long)]
    pub(crate) fix: bool,
}

/// How the lab is taken away.
#[derive(Debug, Clone, Args)]
pub(crate) struct LabDownArgs {
    /// Only say what would be removed
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How a lab is repaired.
#[derive(Debug, Clone, Args)]
pub(crate) struct RepairArgs {
    /// Only say what is amiss, and what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How everything is brought up.
#[derive(Debug, Clone, Args)]
pub(crate) struct UpArgs {
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How MetalLB is deployed.
#[derive(Debug, Clone, Args)]
pub(crate) struct DeployArgs {
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How MetalLB is removed.
#[derive(Debug, Clone, Args)]
pub(crate) struct UndeployArgs {
    /// Also remove a MetalLB that this lab did not install
    #[arg(long)]
    pub(crate) even_if_foreign: bool,
}

/// How the lab is checked.
#[derive(Debug, Clone, Args)]
pub(crate) struct VerifyArgs {
    /// Also write the checks as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<Utf8PathBuf>,
    /// Look again until every check passes, for so long
    #[arg(long, value_name = "SECONDS")]
    pub(crate) wait: Option<u64>,
}

/// Where rendered files go.
#[derive(Debug, Clone, Args)]
pub(crate) struct RenderArgs {
    /// Write into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<Utf8PathBuf>,
}
