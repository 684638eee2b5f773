//! Events of a session: connections that open and end, BGP messages, changes of BFD's state.

use std::collections::HashMap;

use serde::Serialize;

use super::Key;
use crate::filter::Kind;
use crate::frame::Stamp;
use crate::wire::bfd::{self, Control, State};
use crate::wire::bgp::Message;
use crate::wire::{Stream, Tcp, Transport};

/// An event of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// Time at which the packet that shows it was seen.
    pub time: Stamp,
    /// Description, as `NOTIFICATION BFD down (6/10)`.
    pub what: String,
}

impl Event {
    pub(super) const fn new(time: Stamp, what: String) -> Self {
        Self { time, what }
    }
}

/// The state of each flow so far.
#[derive(Debug, Default)]
pub(super) struct Watch {
    streams: HashMap<(Key, u16, u16), Stream>,
    sessions: HashMap<Key, Control>,
}

impl Watch {
    /// Returns the words for a packet's messages, and the descriptions of the events that it shows.
    pub(super) fn look(&mut self, key: Key, carried: &Transport<'_>) -> (Vec<&'static str>, Vec<String>) {
        match carried {
            Transport::Tcp(tcp) if key.kind == Kind::Bgp => self.tcp(key, tcp),
            Transport::Udp { data, .. } if matches!(key.kind, Kind::Bfd | Kind::BfdMultihop) => {
                match Control::decode(data) {
                    Ok(control) => self.bfd(key, control),
                    Err(_) => (vec!["unreadable"], Vec::new()),
                }
            }
            _ => (Vec::new(), Vec::new()),
        }
    }

    fn tcp(&mut self, key: Key, tcp: &Tcp<'_>) -> (Vec<&'static str>, Vec<String>) {
        let messages = self.streams.entry((key, tcp.from, tcp.to)).or_default().take(tcp);
        let mut words: Vec<&'static str> = messages.iter().map(Message::name).collect();
        // Keepalives come all the time.
        let rare = messages.iter().filter(|message| !matches!(message, Message::Keepalive));
        let mut happened: Vec<String> = rare.map(ToString::to_string).collect();
        let flags = [
            (tcp.syn() && !tcp.ack(), "SYN", "wants to connect"),
            (tcp.syn() && tcp.ack(), "SYN ACK", "accepts"),
            (tcp.fin(), "FIN", "ends the connection"),
            (tcp.rst(), "RST", "refuses, or breaks off"),
        ];
        for (_, word, what) in flags.into_iter().filter(|(set, ..)| *set) {
            words.push(word);
            happened.push(format!("TCP {word}: {what}"));
        }
        (words, happened)
    }

    fn bfd(&mut self, key: Key, control: Control) -> (Vec<&'static str>, Vec<String>) {
        let Control { state, diagnostic, multiplier, transmit, receive, .. } = control;
        let word = match state {
            State::AdminDown => "admin-down",
            State::Down => "down",
            State::Init => "init",
            State::Up => "up",
        };
        let why = if diagnostic == 0 { String::new() } else { format!(" ({})", bfd::diagnostic(diagnostic)) };
        let (send, take) = (f64::from(transmit) / 1e3, f64::from(receive) / 1e3);
        let timers = format!("sends every {send} ms, takes every {take} ms, times {multiplier}");
        let happened = match self.sessions.insert(key, control) {
            None => Some(format!("BFD {state}{why}, {timers}")),
            Some(before) if before.state != state => Some(format!("BFD {} → {state}{why}", before.state)),
            Some(Control { multiplier: m, transmit: t, receive: r, .. })
                if (m, t, r) != (multiplier, transmit, receive) =>
            {
                Some(format!("BFD {state}, {timers}"))
            }
            Some(_) => None,
        };
        (vec![word], happened.into_iter().collect())
    }
}
