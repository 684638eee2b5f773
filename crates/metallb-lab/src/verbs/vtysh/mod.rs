//! `vtysh`: FRR's shell on a router, on a standalone node, or in the pod that speaks for a cluster's node.

mod shell;
mod terminal;

use std::io::{self, IsTerminal, Write};

use metallb::Cluster;
use netlab::{Docker, Engine, RunState};
use serde_json::json;

use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::bringup::kind::Kind;
use bgplab::bringup::{existing, running::Running};
use bgplab::checks::Seen;
use bgplab::router::Place;
use labfile::{Lab, Provider};

/// Options of `vtysh`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// A router, or a node: the FRR that speaks for it
    router: String,
    /// A command, as `-- show bgp summary`; without one a shell, or one command a line of stdin
    #[arg(last = true)]
    command: Vec<String>,
}

/// The place where vtysh runs.
#[derive(Debug)]
enum Target {
    Container(Docker, String),
    Pod(Cluster, Place),
}

/// Runs a command, or a shell.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let target = find(ctx, &args.router).await?;
    if args.command.is_empty() && io::stdin().is_terminal() {
        let code = terminal::talk(shell::Shell::open(&target, &["vtysh"]).await?).await?;
        return Ok(Answer::default().passing_through(code));
    }
    let lines =
        if args.command.is_empty() { io::read_to_string(io::stdin()).map_err(cannot_read)? } else { String::new() };
    let argv = argv(&args.command, &lines);
    let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
    let (stdout, stderr, code) = target.exec(&argv).await?;
    // A reader that went away is no failure of ours.
    let _ = io::stderr().write_all(stderr.as_bytes());
    let document = json!({ "router": args.router, "command": argv, "stdout": stdout, "stderr": stderr, "code": code });
    Ok(Answer::new(stdout, &document)?.passing_through(code))
}

fn cannot_read(error: io::Error) -> Failure {
    Failure::machine("cannot read commands from stdin").cause(&error)
}

/// Returns the arguments: one command of several words, vtysh's own options as they are, or one command a line.
fn argv(command: &[String], lines: &str) -> Vec<String> {
    let mut argv = vec!["vtysh".to_owned()];
    match command.first() {
        Some(first) if first.starts_with('-') => argv.extend_from_slice(command),
        Some(_) => argv.extend(["-c".to_owned(), command.join(" ")]),
        None => {
            let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
            argv.extend(lines.flat_map(|line| ["-c".to_owned(), line.to_owned()]));
        }
    }
    argv
}

/// A process's exit code, as a shell would see it.
fn exit_code(code: i64) -> u8 {
    u8::try_from(code).unwrap_or(1)
}

impl Target {
    async fn exec(&self, argv: &[&str]) -> Result<(String, String, u8), Failure> {
        match self {
            Self::Container(docker, name) => {
                let output = docker.exec(name, argv).await?;
                Ok((output.stdout, output.stderr, exit_code(output.code)))
            }
            Self::Pod(cluster, place) => {
                let output = cluster.exec(place.namespace, &place.pod, Some(metallb::frr::CONTAINER), argv).await?;
                Ok((output.stdout, output.stderr, exit_code(output.code.into())))
            }
        }
    }
}

/// The container or the pod in which FRR speaks for a router or a node.
async fn find(ctx: &Ctx, name: &str) -> Result<Target, Failure> {
    let running = Running::find(ctx).await?;
    let lab = &running.lab;
    let is_router = lab.routers.iter().any(|router| router.name.as_str() == name);
    let cluster = match &lab.cluster.provider {
        Provider::Standalone { .. } if lab.cluster.is_node(name) => None,
        _ if is_router => None,
        Provider::Standalone { .. } => return Err(unknown(lab, name)),
        Provider::Kind if !lab.cluster.is_node(name) => return Err(unknown(lab, name)),
        Provider::Kind => Some(Kind { lab, docker: running.docker()?, progress: &ctx.progress }.cluster().await?),
        Provider::Existing { .. } => Some(existing::cluster(lab).await?),
    };
    let Some(cluster) = cluster else { return container(running.docker()?, name).await };
    let seen = Seen::look(&cluster, lab).await?;
    match seen.pods.on(name) {
        Some(place) => Ok(Target::Pod(cluster, place.clone())),
        None if seen.nodes.iter().any(|node| node.name == name) => {
            let (why, next) = match seen.installed.backend {
                Some(backend) if !backend.is_frr() => {
                    ("MetalLB's native backend has no vtysh", "⌘ deploy-metallb --backend frr")
                }
                Some(_) => ("MetalLB has no FRR on this node", "⌘ diagnose"),
                None => ("MetalLB is not deployed", "⌘ deploy-metallb"),
            };
            Err(Failure::step(format!("there is no FRR on node {name}")).because(why).next(next))
        }
        None => Err(unknown(lab, name)),
    }
}

/// A container that runs: the engine's own words about another would not say what to do.
async fn container(docker: &Docker, name: &str) -> Result<Target, Failure> {
    let is = match docker.container(name).await? {
        Some(state) if state.run == RunState::Running => return Ok(Target::Container(docker.clone(), name.to_owned())),
        Some(state) => state.run.as_str(),
        None => "not there",
    };
    Err(Failure::step(format!("there is no FRR to ask: container {name} is {is}")).next("⌘ lab-up"))
}

fn unknown(lab: &Lab, name: &str) -> Failure {
    let routers = lab.routers.iter().map(|router| router.name.to_string());
    let names: Vec<String> = routers.chain(lab.cluster.node_names().map(|(node, _)| node)).collect();
    Failure::wrong_use(format!("lab {} has no router or node `{name}`", lab.name))
        .next(format!("one of {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &[&str], lines: &str) -> Vec<String> {
        argv(&command.iter().map(ToString::to_string).collect::<Vec<_>>(), lines)
    }

    #[test]
    fn words_are_one_command_and_options_are_vtyshs_own() {
        assert_eq!(words(&["show", "bgp", "summary"], ""), ["vtysh", "-c", "show bgp summary"]);
        assert_eq!(words(&["-c", "show version"], ""), ["vtysh", "-c", "show version"]);
    }

    #[test]
    fn each_line_of_stdin_is_a_command() {
        assert_eq!(words(&[], "conf t\n\n hostname x\n"), ["vtysh", "-c", "conf t", "-c", "hostname x"]);
    }

    #[test]
    fn an_exit_code_stays_what_it_is() {
        assert_eq!([exit_code(0), exit_code(126), exit_code(-1)], [0, 126, 1]);
    }
}
