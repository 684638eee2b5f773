//! `capture`: packets of sessions and links, while a command runs, for some seconds, or until Ctrl-C.

mod report;
mod text;

use std::fs::File;
use std::time::Duration;

use bgptap::Names;
use camino::{Utf8Path, Utf8PathBuf};
use netlab::Engine;

use crate::ctx::Ctx;
use crate::exit::{Answer, Code};
use crate::interrupt;
use bgplab::Failure;
use bgplab::bringup::running::Running;
use bgplab::capture::{Choice, Members, Wish, choose};
use bgplab::process::{Attached, Cmd};
use bgplab::tapping::Tapping;
use bgptap::{Filter, Kinds};
use labfile::Lab;
use labfile::compose;

/// The pause between two updates of the number of packets.
const SHOWN_EVERY: Duration = Duration::from_millis(250);

/// Options of `capture`: the place, the packets, the duration.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// At this router or node; may be given again. Without it, at the routers that answer sessions
    #[arg(long, value_name = "NAME")]
    on: Vec<String>,
    /// Only between these two, as frr1-kind-worker
    #[arg(long, value_name = "A-B")]
    session: Option<String>,
    /// On this network, at all who are on it: each packet once, as it leaves
    #[arg(long, value_name = "NETWORK", conflicts_with_all = ["on", "session"])]
    link: Option<String>,
    /// Only BGP (TCP 179)
    #[arg(long)]
    bgp: bool,
    /// Only BFD (UDP 3784, 3785, 4784)
    #[arg(long)]
    bfd: bool,
    /// Every packet, not only BGP and BFD
    #[arg(long, conflicts_with_all = ["bgp", "bfd"])]
    all: bool,
    /// The pcap file [default: one named after the lab and the time]
    #[arg(long, value_name = "FILE")]
    out: Option<Utf8PathBuf>,
    /// For so long; without it until Ctrl-C
    #[arg(long, value_name = "N", conflicts_with = "command", value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
    /// While this command runs, whose exit code is passed on: `-- docker pause kind-worker`
    #[arg(last = true)]
    command: Vec<String>,
}

impl Args {
    fn kinds(&self) -> Kinds {
        match (self.all, self.bgp, self.bfd) {
            (true, _, _) => Kinds::All,
            (false, true, false) => Kinds::Bgp,
            (false, false, true) => Kinds::Bfd,
            (false, _, _) => Kinds::Both,
        }
    }
}

/// The end of a capture's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    /// The command ended with this exit code.
    Command(u8),
    /// The seconds are over, or a signal ended a capture that had no other end.
    Time,
    /// A signal came before.
    Signal,
    /// The capture broke off.
    Broken,
}

/// Captures, and reports the packets.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let running = Running::find(ctx).await?;
    let (lab, docker) = (&running.lab, running.docker()?);
    let wish = Wish { on: args.on.clone(), session: args.session.clone(), link: args.link.clone() };
    let Choice { places, pair, link, .. } = choose(lab, &Members::look(lab, docker).await?, &wish)?;
    let mut wanted = Filter::new(args.kinds());
    (wanted.pair, wanted.link) = (pair, link);
    let path = args.out.clone().unwrap_or_else(|| default_path(lab));

    let containers = docker.containers().await?;
    let runs = |place: &String| containers.iter().any(|there| there.name == *place && there.run.has_processes());
    if args.command.is_empty() && !places.iter().any(runs) {
        return Err(Failure::step(format!("{} do not run: there is nothing to listen to", places.join(", ")))
            .next("bring the lab up, or capture its very beginning: `⌘ capture -- ⌘ lab-up`"));
    }
    let mut taken = interrupt::take();
    let is_new = !path.exists();
    let started = Tapping::start(docker, places.clone(), wanted, Some(open(&path)?)).await;
    if started.is_err() && is_new {
        let _ = fs_err::remove_file(&path);
    }
    let mut capture = started?;
    let over = over(ctx, args, &places, &mut capture, &mut taken).await?;
    let captured = capture.end().await?;

    // The command may have brought nodes up, or moved them.
    let members = Members::look(lab, docker).await.unwrap_or_else(|_| Members::of(lab, &[])).by_address();
    let addresses = members.into_iter().chain(service_addresses(lab)).collect();
    let report = report::Report { lab: lab.name.as_str(), file: &path, names: Names::new(places, addresses), captured };
    let answer = report.answer(match over {
        Over::Command(code) => Some(code),
        _ => None,
    })?;
    Ok(match over {
        Over::Command(code) => answer.passing_through(code),
        Over::Signal => answer.with_code(Code::Interrupted),
        Over::Time | Over::Broken => answer,
    })
}

/// Waits until the time of the capture is over.
async fn over(
    ctx: &Ctx,
    args: &Args,
    places: &[String],
    capture: &mut Tapping,
    taken: &mut interrupt::Taken,
) -> Result<Over, Failure> {
    let packets = capture.packets();
    let mut step = ctx.progress.step(format!("capture at {}", places.join(", ")));
    let command = match args.command.split_first() {
        Some((program, arguments)) => {
            Some(Attached::start(&Cmd::new(program).args(arguments.iter().cloned()), ctx.globals.json)?)
        }
        None => None,
    };
    let end = async {
        match (&command, args.seconds) {
            (Some(command), _) => Ok::<_, Failure>(Over::Command(command.ended().await?)),
            (None, Some(seconds)) => {
                // Nothing is waited for here: the time itself was asked for.
                let _ = tokio::time::timeout(Duration::from_secs(seconds), std::future::pending::<()>()).await;
                Ok(Over::Time)
            }
            (None, None) => std::future::pending().await,
        }
    };
    let show = async {
        let mut ticks = tokio::time::interval(SHOWN_EVERY);
        loop {
            ticks.tick().await;
            step.note(format!("{} packets", packets.get()));
        }
    };
    tokio::pin!(end);
    let over = tokio::select! {
        over = &mut end => over,
        broken = capture.follow() => broken.map(|_| Over::Broken),
        name = taken.signal() => match &command {
            Some(command) => {
                // Ctrl-C reaches all who share the terminal; what else ends us is passed on.
                if name != interrupt::CTRL_C || !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
                    command.end();
                }
                end.await
            }
            None if args.seconds.is_some() => Ok(Over::Signal),
            None => Ok(Over::Time),
        },
        () = show => Ok(Over::Broken),
    }?;
    step.done(format!("{} packets", packets.get()));
    Ok(over)
}

fn service_addresses(lab: &Lab) -> impl Iterator<Item = (std::net::IpAddr, String)> + '_ {
    compose::service_addresses(lab).into_iter().map(|own| (own.address, own.services.join(", ")))
}

fn default_path(lab: &Lab) -> Utf8PathBuf {
    format!("{}-{}.pcap", lab.name, jiff::Zoned::now().strftime("%Y%m%d-%H%M%S")).into()
}

/// The file as it is: it is emptied once it is known that somebody may be listened to.
fn open(path: &Utf8Path) -> Result<File, Failure> {
    let opened = File::options().write(true).create(true).truncate(false).open(path);
    opened.map_err(|error| Failure::unwritten("capture", &error).place(path.as_str()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn the_kinds_of_packets_are_those_that_were_typed() {
        let kinds = |options: &[&str]| Line::parse_from([&["capture"], options].concat()).args.kinds();
        assert_eq!([kinds(&[]), kinds(&["--bgp", "--bfd"])], [Kinds::Both, Kinds::Both]);
        assert_eq!([kinds(&["--bgp"]), kinds(&["--bfd"]), kinds(&["--all"])], [Kinds::Bgp, Kinds::Bfd, Kinds::All]);
    }
}
