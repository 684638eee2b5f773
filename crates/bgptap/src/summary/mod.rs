//! What was captured, in sum: flows by session and kind, and what happened in them.

mod events;
mod flow;
mod text;

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;

pub(crate) use self::events::Event;
use self::events::Watch;
pub(crate) use self::flow::Flow;
use super::filter::Kind;
use super::frame::Frame;
use super::wire::{Ip, Transport};

/// Packets of one kind, in one direction, at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    /// Where they were seen.
    pub(crate) place: usize,
    /// Who sent them.
    pub(crate) src: IpAddr,
    /// To whom.
    pub(crate) dst: IpAddr,
    /// What they are.
    pub(crate) kind: Kind,
}

/// What was captured, in sum.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    flows: BTreeMap<Key, Flow>,
    events: Vec<(Key, Event)>,
    watch: Watch,
}

/// Names for places and addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// The places, by their numbers.
    pub(crate) places: Vec<String>,
    /// Whose an address is.
    pub(crate) addresses: BTreeMap<IpAddr, String>,
}

impl Names {
    fn place(&self, place: usize) -> &str {
        self.places.get(place).map_or("?", String::as_str)
    }

    fn address(&self, address: IpAddr) -> String {
        self.addresses.get(&address).cloned().unwrap_or_else(|| address.to_string())
    }
}

/// A flow as a report has it.
#[derive(Debug, Serialize)]
pub(crate) struct FlowLine<'a> {
    at: &'a str,
    from: String,
    to: String,
    source: IpAddr,
    destination: IpAddr,
    kind: Kind,
    #[serde(flatten)]
    flow: &'a Flow,
}

/// An event as a report has it.
#[derive(Debug, Serialize)]
pub(crate) struct EventLine<'a> {
    at: &'a str,
    from: String,
    to: String,
    kind: Kind,
    #[serde(flatten)]
    event: &'a Event,
}

impl Summary {
    /// Takes a packet into account.
    pub(crate) fn take(&mut self, frame: &Frame, ip: &Ip<'_>, carried: &Transport<'_>) {
        let key = Key { place: frame.place, src: ip.src, dst: ip.dst, kind: Kind::of(carried) };
        let flow = self.flows.entry(key).or_insert_with(|| Flow::new(frame));
        // What passes through is seen as it comes and as it goes.
        if !flow.take(frame, ip.ttl) {
            return;
        }
        let (word, happened) = self.watch.look(key, carried);
        word.into_iter().for_each(|word| flow.count(word));
        self.events.extend(happened.into_iter().map(|what| (key, Event::new(frame.stamp, what))));
    }

    /// The flows, by place.
    pub(crate) fn flows<'a>(&'a self, names: &'a Names) -> Vec<FlowLine<'a>> {
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

    /// What happened, in the order of time.
    pub(crate) fn events<'a>(&'a self, names: &'a Names) -> Vec<EventLine<'a>> {
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
