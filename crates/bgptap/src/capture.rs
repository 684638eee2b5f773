//! Packets of sessions and links, captured in containers' networks from outside: nothing runs in the containers.
//!
//! [`Capture::start`] listens, in a thread of its own, until [`Capture::end`]; each packet goes into a pcap file and into a
//! summary of flows and events. Stamps are the kernel's, of the machine's one clock: packets of two containers can be
//! compared by them. `wire`, `pcap`, `filter`, `order` and `summary` are pure; `tap` and `reader` are the edge.

mod filter;
mod frame;
mod order;
mod pcap;
mod reader;
mod recording;
mod summary;
mod tap;
mod wire;

use std::fs::File;
use std::io::{self, BufWriter};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::SystemTime;

use futures::{StreamExt, TryStreamExt};
use netlab::{ContainerState, Docker, Engine};

pub(crate) use filter::{Kinds, Wanted};
pub(crate) use frame::Stamp;
pub(crate) use summary::{Names, Summary};

use self::pcap::Pcap;
use self::reader::{Ended, Joined, Reader};
use self::recording::Recording;
use self::tap::Tap;
use crate::exit::Failure;
use crate::netns::Netns;

/// A running capture. Dropped, it ends, with a file that is whole.
#[derive(Debug)]
pub(crate) struct Capture {
    docker: Docker,
    places: Vec<String>,
    /// Which networks are listened to, by the numbers that the kernel gives them.
    networks: Vec<Option<u64>>,
    reader: Reader,
    /// When its places began to be looked for, and when it began.
    since: SystemTime,
    began: Stamp,
}

/// The capture broke off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Broken;

/// A capture that has ended.
#[derive(Debug)]
pub(crate) struct Captured {
    /// When it began.
    pub(crate) began: Stamp,
    /// When it ended.
    pub(crate) ended: Stamp,
    /// How many packets are in it.
    pub(crate) packets: u64,
    /// How many found no room in a socket, of all that passed: some of them may have been wanted.
    pub(crate) lost: u64,
    /// The interfaces in the file, from 1 on: where they are, and their names there.
    pub(crate) interfaces: Vec<(String, String)>,
    /// The places that never ran.
    pub(crate) absent: Vec<String>,
    /// What was captured, in sum.
    pub(crate) summary: Summary,
}

impl Capture {
    /// Listens at some containers from now on; at those that do not run, once [`Capture::follow`] hears them start. What is in
    /// the file is gone only where they may be listened to.
    ///
    /// # Errors
    /// A machine failure where a running container's network cannot be entered; a file that cannot be written.
    pub(crate) async fn start(
        docker: &Docker,
        places: Vec<String>,
        wanted: Wanted,
        file: Option<File>,
    ) -> Result<Self, Failure> {
        let since = SystemTime::now();
        let opened = places.iter().enumerate().map(async |(place, name)| open(docker, place, name, None).await);
        let opened: Vec<Joined> = futures::future::try_join_all(opened).await?.into_iter().flatten().collect();
        let file = file.map(begun).transpose().map_err(|error| broken(&error))?;
        let mut networks = vec![None; places.len()];
        for joined in &opened {
            networks[joined.place] = joined.netns.number();
        }
        // From here on everybody is heard; what one place heard before the others does not count.
        let began = reader::now();
        let recording = Recording::new(wanted, file, places.len(), began);
        let reader = Reader::start(recording, opened).map_err(|error| broken(&error))?;
        Ok(Self { docker: docker.clone(), places, networks, reader, since, began })
    }

    /// How many packets were captured so far, as it grows.
    pub(crate) fn seen(&self) -> Arc<AtomicU64> {
        self.reader.seen()
    }

    /// Listens to places as they start, or start again: for as long as this is polled.
    ///
    /// # Errors
    /// As [`Capture::start`]; and where the capture broke off, which [`Capture::end`] explains.
    pub(crate) async fn follow(&mut self) -> Result<Broken, Failure> {
        let docker = self.docker.clone();
        let mut starts = docker.starts(self.since).boxed();
        loop {
            let started = tokio::select! {
                () = self.reader.broken() => return Ok(Broken),
                started = starts.try_next() => started?,
            };
            let Some(started) = started else {
                return Err(Failure::machine("the engine tells no more of containers that start").place(docker.host()));
            };
            if let Some(place) = self.places.iter().position(|name| *name == started) {
                self.join(place).await?;
            }
        }
    }

    /// Listens to a place that has started.
    async fn join(&mut self, place: usize) -> Result<(), Failure> {
        let (Some(name), Some(known)) = (self.places.get(place), self.networks.get_mut(place)) else { return Ok(()) };
        let Some(joined) = open(&self.docker, place, name, *known).await? else { return Ok(()) };
        *known = joined.netns.number();
        self.reader.join(joined).map_err(|error| broken(&error))
    }

    /// Ends it, once all that has arrived is read.
    ///
    /// # Errors
    /// Where the file could not be written.
    pub(crate) async fn end(self) -> Result<Captured, Failure> {
        let Self { places, networks, reader, began, .. } = self;
        let ended = tokio::task::spawn_blocking(move || reader.end()).await;
        let Ended { recording, lost } =
            ended.unwrap_or_else(|error| Err(error.into())).map_err(|error| broken(&error))?;
        let name = |place: usize| places.get(place).cloned().unwrap_or_default();
        let interfaces = recording.interfaces().iter().map(|(place, interface)| (name(*place), interface.clone()));
        let absent = places.iter().zip(&networks).filter(|(_, network)| network.is_none());
        Ok(Captured {
            began,
            ended: reader::now(),
            packets: recording.packets,
            lost,
            interfaces: interfaces.collect(),
            absent: absent.map(|(name, _)| name.clone()).collect(),
            summary: recording.summary,
        })
    }
}

/// The file's beginning, in the place of what was in it.
fn begun(file: File) -> io::Result<Pcap<BufWriter<File>>> {
    // A pipe has no length.
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    Pcap::new(BufWriter::new(file))
}

/// A socket in a container's network; none where it does not run, or where that network is listened to already.
async fn open(docker: &Docker, place: usize, name: &str, known: Option<u64>) -> Result<Option<Joined>, Failure> {
    let runs = |state: ContainerState| state.run.lives();
    if !docker.container(name).await?.is_some_and(runs) {
        return Ok(None);
    }
    let netns = Netns::of(docker, name).await?;
    if known.is_some() && known == netns.number() {
        return Ok(None);
    }
    let opened = netns.run(|| Ok::<_, io::Error>((Tap::open()?, tap::interfaces()?))).await?;
    let (tap, interfaces) = opened.map_err(|error| {
        Failure::machine(format!("cannot listen in the network of {name}")).cause(&error).next("run it as root")
    })?;
    Ok(Some(Joined { place, netns, tap, interfaces }))
}

fn broken(error: &io::Error) -> Failure {
    Failure::machine("the capture broke off").cause(error)
}
