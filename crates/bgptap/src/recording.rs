//! What becomes of each packet: wanted or not, into the file, into the summary.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter};

use super::filter::{Kind, Wanted};
use super::frame::{Frame, Stamp};
use super::pcap::Pcap;
use super::summary::Summary;
use super::tap::{self, Interface};
use super::wire::{ip, transport};
use crate::netns::Netns;

/// A recording in the making.
#[derive(Debug)]
pub(super) struct Recording {
    wanted: Wanted,
    /// What was seen before does not count.
    began: Stamp,
    file: Option<Pcap<BufWriter<File>>>,
    places: Vec<Place>,
    /// The interfaces in the file, by place and name: a container that starts again has new ones of the same names.
    numbered: Vec<(usize, String)>,
    pub(super) summary: Summary,
    pub(super) packets: u64,
}

/// A place as it is known.
#[derive(Debug, Default)]
struct Place {
    netns: Option<Netns>,
    interfaces: BTreeMap<u32, Interface>,
}

impl Recording {
    /// A recording at so many places.
    pub(super) fn new(wanted: Wanted, file: Option<Pcap<BufWriter<File>>>, places: usize, began: Stamp) -> Self {
        let places = (0..places).map(|_| Place::default()).collect();
        Self { wanted, began, file, places, numbered: Vec::new(), summary: Summary::default(), packets: 0 }
    }

    /// A place begins, or begins again after a restart.
    pub(super) fn joined(&mut self, place: usize, netns: Netns, interfaces: BTreeMap<u32, Interface>) {
        if let Some(known) = self.places.get_mut(place) {
            *known = Place { netns: Some(netns), interfaces };
        }
    }

    /// Takes a packet.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub(super) fn take(&mut self, frame: &Frame) -> io::Result<()> {
        if frame.stamp < self.began {
            return Ok(());
        }
        let packet = ip(frame.protocol, &frame.bytes);
        let carried = packet.as_ref().and_then(transport);
        let kind = carried.as_ref().map(Kind::of);
        if !self.wanted.wants(packet.as_ref().map(|ip| (ip, kind.unwrap_or(Kind::Other)))) || !self.counts(frame) {
            return Ok(());
        }
        self.packets += 1;
        let number = self.number(frame);
        if let Some(file) = &mut self.file {
            file.write(frame, number)?;
        }
        if let (Some(ip), Some(carried)) = (packet, carried) {
            self.summary.take(frame, &ip, &carried);
        }
        Ok(())
    }

    /// On a link, whether the interface is on it, and the packet was not counted already where it left.
    fn counts(&mut self, frame: &Frame) -> bool {
        if self.wanted.link.is_none() {
            return true;
        }
        let on_link = self.interface(frame).is_some_and(|interface| self.wanted.counts(&interface));
        let members: BTreeSet<[u8; 6]> =
            self.places.iter().flat_map(|place| place.interfaces.values()).map(|interface| interface.link).collect();
        on_link && self.wanted.counts_once(frame, |sender| members.contains(sender))
    }

    /// The interface of a packet; looked up anew where it came after the place was joined.
    fn interface(&mut self, frame: &Frame) -> Option<Interface> {
        let place = self.places.get_mut(frame.place)?;
        if !place.interfaces.contains_key(&frame.interface) {
            let seen = place.netns.as_ref().map(|netns| netns.enter(tap::interfaces));
            // One that went away again stays without a name.
            place.interfaces.extend(seen.and_then(Result::ok).and_then(Result::ok).unwrap_or_default());
            place.interfaces.entry(frame.interface).or_insert_with(|| Interface {
                name: format!("interface {}", frame.interface),
                ..Interface::default()
            });
        }
        place.interfaces.get(&frame.interface).cloned()
    }

    fn number(&mut self, frame: &Frame) -> u32 {
        let name = self.interface(frame).map(|interface| interface.name).unwrap_or_default();
        let this = (frame.place, name);
        let at = self.numbered.iter().position(|known| *known == this).unwrap_or_else(|| {
            self.numbered.push(this);
            self.numbered.len() - 1
        });
        u32::try_from(at + 1).unwrap_or(u32::MAX)
    }

    /// The interfaces in the file, by their numbers there, from 1 on: place and name.
    pub(super) fn interfaces(&self) -> &[(usize, String)] {
        &self.numbered
    }

    /// Hands what was written to the file: it is whole then.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Pcap::flush)
    }
}
