//! The verbs: a variant, a file in `verbs/` and a line in `run` each.

use bgplab::Failure;
use bgplab::acts::explained;
use clap::Subcommand;

use crate::ctx::Ctx;
use crate::exit::Answer;
use crate::verbs::{
    capture, collect, completions, deploy_frr, deploy_metallb, diagnose, doctor, e2e, explain, failover, graph, guide,
    images, init, lab_down, lab_up, matrix, planned, render, repair, schema, status, undeploy_frr, undeploy_metallb,
    up, verify, vtysh,
};

/// The verbs of a user, as they are typed.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Bring networks, cluster, routers and routes up; returns when they work
    LabUp(lab_up::Args),
    /// Remove all that the lab made, and nothing else
    LabDown(lab_down::Args),
    /// Everything: lab-up, deploy-metallb, verify, at the same time wherever one does not need the other
    Up(up::Args),
    /// Install and configure MetalLB; returns when its address is learned and answers
    DeployMetallb(planned::Args),
    /// Remove MetalLB and all that was made for it
    UndeployMetallb(undeploy_metallb::Args),
    /// Check the lab by name
    Verify(verify::Args),
    /// Bring FRR onto the workers without MetalLB: BFD sessions with the routers, and nothing above
    DeployFrr(planned::Args),
    /// Remove what deploy-frr made
    UndeployFrr,
    /// Show what should be beside what is: networks, containers, sessions, routes
    Status(status::Args),
    /// Say why the lab is not as it should be: the cause, what shows it, what to do
    Diagnose(diagnose::Args),
    /// Say why each router chooses the routes to a prefix that it has: predicted, beside seen
    Explain(explain::Args),
    /// Pack all that somebody else needs to see why: configurations, states, logs; secrets removed
    Collect(collect::Args),
    /// Break one thing on purpose, measure what comes of it, and put it back
    Failover(failover::Args),
    /// Measure the lab with other releases of MetalLB, backends, FRRs and modes of kube-proxy, each from nothing
    Matrix(matrix::Args),
    /// Run MetalLB's own end-to-end suite, explain what keeps its specs, and leave the lab as it was
    E2e(e2e::Args),
    /// Open FRR's shell on a router or for a node, or run a command in it
    Vtysh(vtysh::Args),
    /// Capture the packets of sessions or of a network, while a command runs, for some seconds, or until Ctrl-C
    Capture(capture::Args),
    /// Repair what a restart of Docker, a node or the machine broke, without making anew what still runs
    Repair(repair::Args),
    /// Say what this machine lacks for the lab, and install it
    Doctor(doctor::Args),
    /// List, make, load and save the images that the lab needs
    #[command(subcommand)]
    Images(images::Images),
    /// Print a commented lab file to start from
    Init(init::Args),
    /// Print the JSON Schema of lab files, or the reference of their fields
    Schema(schema::Args),
    /// Print the files that the lab would use, or write them into a folder
    Render(render::Args),
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

impl Verb {
    /// Runs it.
    ///
    /// # Errors
    /// [`Failure`], by the kind of what went wrong.
    pub async fn run(self, ctx: &Ctx) -> Result<Answer, Failure> {
        match self {
            Self::LabUp(args) => explained(ctx, lab_up::run(ctx, &args).await).await,
            Self::LabDown(args) => lab_down::run(ctx, &args).await,
            Self::Up(args) => explained(ctx, up::run(ctx, &args).await).await,
            Self::DeployMetallb(args) => explained(ctx, deploy_metallb::run(ctx, &args).await).await,
            Self::UndeployMetallb(args) => undeploy_metallb::run(ctx, &args).await,
            Self::Verify(args) => explained(ctx, verify::run(ctx, &args).await).await,
            Self::DeployFrr(args) => explained(ctx, deploy_frr::run(ctx, &args).await).await,
            Self::UndeployFrr => undeploy_frr::run(ctx).await,
            Self::Status(args) => status::run(ctx, &args).await,
            Self::Failover(args) => failover::run(ctx, &args).await,
            Self::Matrix(args) => matrix::run(ctx, &args).await,
            Self::E2e(args) => e2e::run(ctx, &args).await,
            Self::Diagnose(args) => diagnose::run(ctx, &args).await,
            Self::Explain(args) => explain::run(ctx, &args).await,
            Self::Collect(args) => collect::run(ctx, &args).await,
            Self::Vtysh(args) => vtysh::run(ctx, &args).await,
            Self::Capture(args) => capture::run(ctx, &args).await,
            Self::Repair(args) => explained(ctx, repair::run(ctx, &args).await).await,
            Self::Init(args) => init::run(&args),
            Self::Schema(args) => schema::run(args),
            Self::Render(args) => render::run(ctx, &args),
            Self::Graph(args) => graph::run(ctx, &args),
            Self::Guide(args) => guide::run(ctx, &args).await,
            Self::Completions { shell } => Ok(completions::script(ctx, shell)),
            Self::Doctor(args) => doctor::run(ctx, &args).await,
            Self::Images(what) => images::run(ctx, what).await,
        }
    }
}
