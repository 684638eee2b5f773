//! Runs the steps, one after the other, on the real lab: the thin edge.
//!
//! The commands that a reader types are run as they are, by a shell, with three differences: `cargo xtask` is this very
//! program, the operator's checkout is where the user has it, and names that differ from run to run are this run's. The
//! commands run in a folder of their own and with a kubeconfig of their own; whatever happens, the lab is taken down at
//! the end.

use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use netlab::{Docker, Engine};
use settle::{Verdict, Wait};

use super::names::Names;
use super::shape::{Misfit, shape};
use super::source::{Guide, Learn, Step};
use crate::ctx::Ctx;
use bgplab::Failure;
use bgplab::bringup::nodes_of_any;
use bgplab::process::{Cmd, Error, Stream};
use labfile::{Lab, Node};

/// The checkout as the guide names it.
pub(super) const CHECKOUT: &str = "../metallb-operator";

/// Time that taking the lab down may take.
const DOWN: Duration = Duration::from_secs(180);

/// The pods with FRR as they are printed, in the order of the nodes.
const FRR_PODS: [&str; 3] = ["frr-k8s-daemon-8kq2x", "frr-k8s-daemon-hcdqd", "frr-k8s-daemon-rwljv"];

/// The node port as it is printed.
const NODE_PORT: &str = "30443";

/// The shell's side of a step: output into a file, everything else to us, and the exit code that is expected as
/// success.
const SCRIPT: &str = "{ LINE\n} >\"$GUIDE_OUTPUT\"\n[ $? -eq EXIT ]";

/// Variables that give the shell the paths of this program and of the operator's checkout.
pub(super) const PROGRAM: &str = "GUIDE_PROGRAM";
pub(super) const OPERATOR: &str = "GUIDE_OPERATOR";

/// A step that was run.
#[derive(Debug)]
pub(super) struct Performed {
    /// Lines of the output that are printed.
    pub(super) lines: Vec<String>,
    /// Time that it took.
    pub(super) took: Duration,
}

/// Everything that the steps are run with.
pub(super) struct Stage<'a> {
    ctx: &'a Ctx,
    lab: &'a Lab,
    docker: Docker,
    program: Utf8PathBuf,
    checkout: Utf8PathBuf,
    folder: tempfile::TempDir,
    names: Names,
    cleared: bool,
}

impl<'a> Stage<'a> {
    /// Sets the stage; nothing is run yet.
    ///
    /// # Errors
    /// A machine failure where the lab, or a part of it, is there already: the guide begins with nothing.
    pub(super) async fn set(ctx: &'a Ctx, lab: &'a Lab, checkout: &Utf8Path) -> Result<Self, Failure> {
        let cannot = |error: std::io::Error| Failure::machine("cannot set the guide's stage").cause(&error);
        let docker = Docker::connect().await?;
        let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
        let labels = networks.iter().map(|n| &n.lab).chain(containers.iter().map(|c| &c.lab));
        if labels.flatten().any(|label| label == lab.name.as_str()) {
            return Err(Failure::machine(format!(
                "lab {} is there already, and the guide begins with nothing",
                lab.name
            ))
            .next("⌘ lab-down"));
        }
        let program = Utf8PathBuf::from_path_buf(std::env::current_exe().map_err(cannot)?);
        let program = program.map_err(|path| Failure::machine(format!("{} is no text", path.display())))?;
        let checkout = checkout.canonicalize_utf8().map_err(cannot)?;
        let folder = tempfile::Builder::new().prefix("guide-").tempdir().map_err(cannot)?;
        let mut names = Names::default();
        names.learn(checkout.as_str(), CHECKOUT);
        Ok(Self { ctx, lab, docker, program, checkout, folder, names, cleared: false })
    }

    /// Runs all steps.
    ///
    /// # Errors
    /// The first step that ends otherwise than the guide says, or whose output is not what the guide says of it.
    pub(super) async fn perform(mut self, guide: &Guide) -> Result<Vec<Performed>, Failure> {
        let mut performed = Vec::new();
        for step in guide.steps() {
            performed.push(self.step(step).await?);
        }
        // The last steps took the lab away.
        self.cleared = true;
        Ok(performed)
    }

    async fn step(&mut self, step: &Step) -> Result<Performed, Failure> {
        let started = Instant::now();
        let output = match &step.until {
            None => self.run(step).await?,
            Some(until) => {
                let until = self.names.real(until);
                let wait = Wait::new(format!("guide step {}", step.name), Duration::from_secs(step.within));
                wait.poll(async || match self.run(step).await {
                    Ok(output) if output.contains(&until) => Verdict::Ready(output),
                    Ok(output) => Verdict::NotYet(output),
                    Err(failure) => Verdict::Failed(failure),
                })
                .await?
            }
        };
        match step.learn {
            None => {}
            Some(Learn::Nodes) => self.learn_nodes().await?,
            Some(Learn::FrrPods) => self.learn_frr_pods(&output),
            Some(Learn::NodePort) => self.learn_node_port(&output),
            Some(Learn::Application) => self.learn_application(&output),
        }
        let lines = shape(step, &self.names, &output).map_err(|Misfit::Missing(words)| {
            Failure::step(format!("guide step {}: no line has `{words}`", step.name))
                .because(format!("`{}` printed\n{}", step.run, self.names.printed(&output)))
                .next("see what changed; then change the step in xtask/src/verbs/guide/text")
        })?;
        Ok(Performed { lines, took: started.elapsed() })
    }

    /// Runs a step's command once; its output.
    async fn run(&self, step: &Step) -> Result<String, Failure> {
        let output = self.path("output");
        let line = self.names.real(&typed(&step.run));
        let script = SCRIPT.replace("LINE", &line).replace("EXIT", &step.exit.to_string());
        let cmd = self
            .environment(Cmd::new("sh").args(["-c", &script]))
            .env("GUIDE_OUTPUT", output.as_str())
            .env(PROGRAM, self.program.as_str())
            .env(OPERATOR, self.checkout.as_str())
            .within(Duration::from_secs(step.within));
        let mut shown = self.ctx.progress.step(format!("guide: {}", step.name));
        let ended = shown.follow(Stream::new(cmd), |_| {}).await;
        // Without output there may be no file.
        let text = fs_err::read_to_string(&output).unwrap_or_default();
        match ended {
            Ok(()) => {
                shown.done("run");
                Ok(text)
            }
            Err(error) => {
                shown.failed("it did not end as the guide says");
                Err(failed(step, error, &self.names.printed(&text)))
            }
        }
    }

    fn path(&self, name: &str) -> Utf8PathBuf {
        Utf8PathBuf::from(self.folder.path().to_string_lossy().into_owned()).join(name)
    }

    /// A command in the guide's folder, with its kubeconfig, and without what would make outputs differ.
    fn environment(&self, cmd: Cmd) -> Cmd {
        let cmd =
            ["COLUMNS", "CLICOLOR_FORCE", "GREP_OPTIONS", "POSIXLY_CORRECT"].into_iter().fold(cmd, Cmd::env_remove);
        cmd.cwd(self.path("")).env("KUBECONFIG", self.path("kubeconfig")).env("LC_ALL", "C.UTF-8")
    }

    async fn learn_nodes(&mut self) -> Result<(), Failure> {
        let nodes = nodes_of_any(self.lab, &self.docker.containers().await?)
            .map_err(|missing| Failure::step("the nodes' addresses are not known").because(missing))?;
        self.names.learn_nodes(&nodes, &self.lab.cluster.placement);
        Ok(())
    }

    fn learn_frr_pods(&mut self, output: &str) {
        for (node, printed) in self.lab.cluster.placement.iter().zip(FRR_PODS) {
            let real = self.names.real(&node.name);
            let of_node = |line: &&str| line.split_whitespace().any(|word| word == real);
            if let Some(pod) = output.lines().find(of_node).and_then(|line| line.split_whitespace().next()) {
                self.names.learn(pod, printed);
            }
        }
    }

    fn learn_node_port(&mut self, output: &str) {
        let is_node_port = |word: &&str| word.parse().is_ok_and(|port: u16| (30_000..32_768).contains(&port));
        if let Some(port) = output.split([':', '/', ' ']).find(is_node_port) {
            self.names.learn(port, NODE_PORT);
        }
    }

    /// The workers are alike but for this: the one that is paused later is not to be the one with the application.
    fn learn_application(&mut self, output: &str) {
        let [_, paused, last] = self.lab.cluster.placement.as_slice() else { return };
        let is_on = |node: &str| output.split_whitespace().any(|word| word == node);
        if !is_on(&self.names.real(&paused.name)) {
            return;
        }
        let text =
            |node: &Node| [node.name.clone()].into_iter().chain(node.addresses.iter().map(|own| own.to_string()));
        let mut alike: Vec<(String, String)> = text(paused).zip(text(last)).collect();
        alike.push((FRR_PODS[1].to_owned(), FRR_PODS[2].to_owned()));
        self.names.exchange(&alike);
    }
}

/// A line as a shell runs it, whatever the two are called.
pub(super) fn typed(line: &str) -> String {
    line.replace("cargo xtask", &format!("\"${PROGRAM}\"")).replace(CHECKOUT, &format!("\"${OPERATOR}\""))
}

fn failed(step: &Step, error: Error, output: &str) -> Failure {
    let failure = match &error {
        Error::TimedOut { .. } => Failure::timed_out(format!("guide step {} did not end in time", step.name)),
        Error::Missing { .. } => return error.into(),
        _ => Failure::step(format!("guide step {} did not end with exit code {}", step.name, step.exit)),
    };
    let said = match &error {
        Error::Failed { tail, .. } | Error::TimedOut { tail, .. } => tail.as_str(),
        _ => "",
    };
    failure.because(format!("`{}` printed\n{output}\n{said}", step.run))
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        if self.cleared {
            return;
        }
        self.ctx.progress.say("the guide did not come to its end: taking its lab away");
        let down = Cmd::new(self.program.as_str()).args(["--quiet", "lab-down"]).within(DOWN);
        if let Err(error) = self.environment(down).read_blocking() {
            self.ctx.progress.say(&format!("{error}; `{} lab-down` takes away what is left", self.ctx.command));
        }
    }
}
