//! A capture's packets on their way through the filter into the file and the summary.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter};

use crate::filter::{Filter, Kind};
use crate::frame::{Frame, Stamp};
use crate::netns::Netns;
use crate::pcap::Pcap;
use crate::summary::Summary;
use crate::tap::{self, Device};
use crate::wire::{Ip, Transport};

/// A recording under way.
#[derive(Debug)]
pub(crate) struct Recording {
    filter: Filter,
    /// Earlier packets do not count.
    began: Stamp,
    file: Option<Pcap<BufWriter<File>>>,
    places: Vec<Place>,
    /// The interfaces in the file, by place and name: a container that starts again has new ones of the same names.
    numbered: Vec<(usize, String)>,
    pub(crate) summary: Summary,
    pub(crate) packets: u64,
}

/// A place, as far as it is known.
#[derive(Debug, Default)]
struct Place {
    netns: Option<Netns>,
    devices: BTreeMap<u32, Device>,
}

impl Recording {
    /// A recording of what comes from `began` on.
    pub(crate) fn new(filter: Filter, file: Option<Pcap<BufWriter<File>>>, began: Stamp) -> Self {
        Self { filter, began, file, places: Vec::new(), numbered: Vec::new(), summary: Summary::default(), packets: 0 }
    }

    /// Notes the network of a place that begins, or begins again after a restart.
    pub(crate) fn joined(&mut self, place: usize, netns: Netns, devices: BTreeMap<u32, Device>) {
        if self.places.len() <= place {
            self.places.resize_with(place + 1, Place::default);
        }
        if let Some(known) = self.places.get_mut(place) {
            *known = Place { netns: Some(netns), devices };
        }
    }

    /// Takes a packet.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn take(&mut self, frame: &Frame) -> io::Result<()> {
        if frame.stamp < self.began {
            return Ok(());
        }
        let packet = Ip::decode(frame.protocol, &frame.bytes);
        let carried = packet.as_ref().and_then(Transport::decode);
        let kind = carried.as_ref().map(Kind::of);
        if !self.filter.matches_decoded(packet.as_ref().map(|ip| (ip, kind.unwrap_or(Kind::Other))))
            || !self.counts(frame)
        {
            return Ok(());
        }
        self.packets += 1;
        let number = self.number(frame);
        if let Some(file) = &mut self.file {
            file.write(frame, number)?;
        }
        if let (Some(ip), Some(carried)) = (packet, carried) {
            self.summary.take_decoded(frame, &ip, &carried);
        }
        Ok(())
    }

    /// `true` if a packet counts: on a link, if its interface is on it and it was not counted already where it left.
    fn counts(&mut self, frame: &Frame) -> bool {
        if self.filter.link.is_none() {
            return true;
        }
        let on_link = self.interface(frame).is_some_and(|interface| self.filter.counts(&interface));
        let members: BTreeSet<[u8; 6]> =
            self.places.iter().flat_map(|place| place.devices.values()).map(|interface| interface.link).collect();
        on_link && self.filter.counts_once(frame, |sender| members.contains(sender))
    }

    /// The interface of a packet; looked up once more where it appeared after the place was joined.
    fn interface(&mut self, frame: &Frame) -> Option<Device> {
        let place = self.places.get_mut(frame.place)?;
        if !place.devices.contains_key(&frame.interface) {
            let seen = place.netns.as_ref().map(|netns| netns.run_blocking(tap::devices));
            // One that has disappeared again stays without a name.
            place.devices.extend(seen.and_then(Result::ok).and_then(Result::ok).unwrap_or_default());
            place
                .devices
                .entry(frame.interface)
                .or_insert_with(|| Device { name: format!("interface {}", frame.interface), ..Device::default() });
        }
        place.devices.get(&frame.interface).cloned()
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
    pub(crate) fn interfaces(&self) -> &[(usize, String)] {
        &self.numbered
    }

    /// Flushes the file, which is whole then.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Pcap::flush)
    }
}
