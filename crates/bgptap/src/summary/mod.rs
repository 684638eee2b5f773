//! Summaries of captures: flows by session and kind, and the events in them.

mod events;
mod flow;

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;

pub use self::events::Event;
use self::events::Watch;
pub use self::flow::{Flow, Gap};
use crate::filter::Kind;
use crate::frame::Frame;
use crate::wire::{Ip, Transport};

/// Packets of one kind, in one direction, at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    /// Number of the place where they were seen.
    pub place: usize,
    /// Sender.
    pub src: IpAddr,
    /// Receiver.
    pub dst: IpAddr,
    /// Kind.
    pub kind: Kind,
}

/// Flows and events of the packets that it [takes](Summary::take), in the order of their stamps.
#[derive(Debug, Default)]
pub struct Summary {
    flows: BTreeMap<Key, Flow>,
    events: Vec<(Key, Event)>,
    watch: Watch,
}

/// Names for places and addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Names {
    /// The places, by their numbers.
    pub places: Vec<String>,
    /// The owners of addresses.
    pub addresses: BTreeMap<IpAddr, String>,
}

impl Names {
    /// Names of the places of a capture, as [`crate::Captured`] has them, and of the owners of addresses.
    #[must_use]
    pub const fn new(places: Vec<String>, addresses: BTreeMap<IpAddr, String>) -> Self {
        Self { places, addresses }
    }

    fn place(&self, place: usize) -> &str {
        self.places.get(place).map_or("?", String::as_str)
    }

    fn address(&self, address: IpAddr) -> String {
        self.addresses.get(&address).cloned().unwrap_or_else(|| address.to_string())
    }
}

/// A flow as a report has it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FlowLine<'a> {
    /// Name of the place.
    pub at: &'a str,
    /// Name of the sender.
    pub from: String,
    /// Name of the receiver.
    pub to: String,
    /// Address of the sender.
    pub source: IpAddr,
    /// Address of the receiver.
    pub destination: IpAddr,
    /// The kind of its packets.
    pub kind: Kind,
    /// The packets, in numbers.
    #[serde(flatten)]
    pub flow: &'a Flow,
}

/// An event as a report has it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct EventLine<'a> {
    /// Name of the place.
    pub at: &'a str,
    /// Name of the sender.
    pub from: String,
    /// Name of the receiver.
    pub to: String,
    /// The kind of the packet that shows it.
    pub kind: Kind,
    /// Time and text.
    #[serde(flatten)]
    pub event: &'a Event,
}

impl Summary {
    /// Takes a packet into account. One that is not IP, or is cut short, changes nothing.
    pub fn take(&mut self, frame: &Frame) {
        let packet = Ip::decode(frame.protocol, &frame.bytes);
        if let Some((ip, carried)) = packet.and_then(|ip| Some((ip, Transport::decode(&ip)?))) {
            self.take_decoded(frame, &ip, &carried);
        }
    }

    pub(crate) fn take_decoded(&mut self, frame: &Frame, ip: &Ip<'_>, carried: &Transport<'_>) {
        let key = Key { place: frame.place, src: ip.src, dst: ip.dst, kind: Kind::of(carried) };
        let flow = self.flows.entry(key).or_insert_with(|| Flow::new(frame));
        // A packet that is routed through is seen as it comes and as it goes.
        if !flow.take(frame, ip.ttl) {
            return;
        }
        let (word, happened) = self.watch.look(key, carried);
        word.into_iter().for_each(|word| flow.count(word));
        self.events.extend(happened.into_iter().map(|what| (key, Event::new(frame.stamp, what))));
    }

    /// The flows, by place.
    #[must_use]
    pub fn flows<'a>(&'a self, names: &'a Names) -> Vec<FlowLine<'a>> {
        let line = |(key, flow): (&Key, &'a Flow)| FlowLine {
            at: names.place(key.place),
            from: names.address(key.src),
            to: names.address(key.dst),
            source: key.src,
            destination: key.dst,
            kind: key.kind,
            flow,
        };
        self.flows.iter().map(line).collect()
    }

    /// The events, in the order of time.
    #[must_use]
    pub fn events<'a>(&'a self, names: &'a Names) -> Vec<EventLine<'a>> {
        let line = |(key, event): &'a (Key, Event)| EventLine {
            at: names.place(key.place),
            from: names.address(key.src),
            to: names.address(key.dst),
            kind: key.kind,
            event,
        };
        self.events.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests;
