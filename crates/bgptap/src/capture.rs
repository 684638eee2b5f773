//! A capture: places that are listened to, and what comes of their packets.

use std::fs::File;
use std::io::{self, BufWriter};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::error::Error;
use crate::filter::Filter;
use crate::frame::Stamp;
use crate::netns::Netns;
use crate::pcap::Pcap;
use crate::reader::{self, Ended, Joined, Reader};
use crate::recording::Recording;
use crate::summary::Summary;
use crate::tap::{self, Tap};

/// A running capture. Dropped, it ends, with a file that is whole.
#[derive(Debug)]
pub struct Capture {
    places: Vec<String>,
    /// The networks that are listened to, by the numbers that the kernel gives them.
    networks: Vec<Option<u64>>,
    reader: Reader,
    began: Stamp,
}

/// A place to listen at.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Place {
    /// Name in messages and reports.
    pub name: String,
    /// The network; none where it does not run yet: [`Capture::join`] brings it in later.
    pub netns: Option<Netns>,
}

impl Place {
    /// A place whose network is there already.
    #[must_use]
    pub fn new(name: impl Into<String>, netns: Netns) -> Self {
        let name = name.into();
        Self { netns: Some(netns.named(&name)), name }
    }

    /// A place that is to come.
    #[must_use]
    pub fn absent(name: impl Into<String>) -> Self {
        Self { name: name.into(), netns: None }
    }
}

/// An interface in the pcap file, where it is numbered from 1 on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Interface {
    /// Number in the file.
    pub number: u32,
    /// Name of the place.
    pub at: String,
    /// Name of the interface there.
    pub name: String,
}

/// A capture that has ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Captured {
    /// When it began.
    pub began: Stamp,
    /// When it ended.
    pub ended: Stamp,
    /// Number of the packets in it.
    pub packets: u64,
    /// Number of the packets that found no room in a socket, of all that passed: some of them may have been wanted.
    pub lost: u64,
    /// Names of the places, by their numbers in the summary.
    pub places: Vec<String>,
    /// The interfaces in the file.
    pub interfaces: Vec<Interface>,
    /// The places whose network was never there.
    pub absent: Vec<String>,
    /// Flows and events.
    pub summary: Summary,
}

impl Capture {
    /// Listens at some places from now on; at those without a network once they [join](Self::join). Former content of the
    /// file is removed only where they may be listened to.
    ///
    /// # Errors
    /// [`Error::Enter`] and [`Error::Listen`] name the place; [`Error::File`] where the file cannot be written.
    pub async fn start(places: Vec<Place>, filter: Filter, file: Option<File>) -> Result<Self, Error> {
        let mut opened = Vec::new();
        let mut networks = vec![None; places.len()];
        for (number, (place, known)) in places.iter().zip(&mut networks).enumerate() {
            if let Some(netns) = &place.netns {
                *known = netns.number();
                opened.push(open(number, &place.name, netns).await?);
            }
        }
        let file = file.map(begun).transpose().map_err(Error::File)?;
        // From here on everybody is heard; what one place heard before the others does not count.
        let began = reader::now();
        let recording = Recording::new(filter, file, began);
        let reader = Reader::start(recording, opened).map_err(Error::Broken)?;
        let places = places.into_iter().map(|place| place.name).collect();
        Ok(Self { places, networks, reader, began })
    }

    /// Names of the places.
    #[must_use]
    pub fn places(&self) -> &[String] {
        &self.places
    }

    /// Listens to a place that has started, has started again, or is new. `false` where that very network is listened to
    /// already.
    ///
    /// # Errors
    /// As [`Capture::start`]; and [`Error::Broken`] where the capture has ended by itself, which [`Capture::end`] explains.
    pub async fn join(&mut self, place: &str, netns: Netns) -> Result<bool, Error> {
        let network = netns.number();
        let at = self.places.iter().position(|known| known == place);
        if at.is_some_and(|at| network.is_some() && self.networks.get(at) == Some(&network)) {
            return Ok(false);
        }
        let number = at.unwrap_or(self.places.len());
        let joined = open(number, place, &netns.named(place)).await?;
        match self.networks.get_mut(number) {
            Some(known) => *known = network,
            None => {
                self.places.push(place.to_owned());
                self.networks.push(network);
            }
        }
        self.reader.join(joined).map_err(Error::Broken)?;
        Ok(true)
    }

    /// Number of the packets captured so far, as it grows.
    #[must_use]
    pub fn packets(&self) -> Counter {
        Counter(self.reader.seen())
    }

    /// Returns once the capture has ended by itself, as where its file cannot be written any more; [`Capture::end`] then says
    /// why.
    pub async fn broken(&mut self) {
        self.reader.broken().await;
    }

    /// Ends it, once all that has arrived is read.
    ///
    /// # Errors
    /// [`Error::File`] where the file could not be written, [`Error::Broken`] where the capture broke off.
    pub async fn end(self) -> Result<Captured, Error> {
        let Self { places, networks, reader, began } = self;
        let ended = tokio::task::spawn_blocking(move || reader.end()).await;
        let Ended { recording, lost } = ended.unwrap_or_else(|error| Err(Error::Broken(error.into())))?;
        let interfaces = (1..).zip(recording.interfaces()).map(|(number, (place, name))| Interface {
            number,
            at: places.get(*place).cloned().unwrap_or_default(),
            name: name.clone(),
        });
        let interfaces = interfaces.collect();
        let absent = places.iter().zip(&networks).filter(|(_, network)| network.is_none());
        Ok(Captured {
            began,
            ended: reader::now(),
            packets: recording.packets,
            lost,
            interfaces,
            absent: absent.map(|(name, _)| name.clone()).collect(),
            summary: recording.summary,
            places,
        })
    }
}

/// A number that grows while the capture runs; it can be read beside what borrows the capture.
#[derive(Debug, Clone)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// The number now.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Begins the file anew.
fn begun(file: File) -> io::Result<Pcap<BufWriter<File>>> {
    // A pipe has no length.
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    Pcap::new(BufWriter::new(file))
}

/// A socket in a place's network.
async fn open(number: usize, place: &str, netns: &Netns) -> Result<Joined, Error> {
    let opened = netns.run(|| Ok::<_, io::Error>((Tap::open()?, tap::devices()?))).await?;
    let (tap, devices) = opened.map_err(|source| Error::Listen { place: place.to_owned(), source })?;
    Ok(Joined { place: number, netns: netns.clone(), tap, devices })
}
