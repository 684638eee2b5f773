//! Packets of BGP and BFD sessions, captured in the network of a process from outside: nothing runs inside.
//!
//! [`Capture::start`] listens, in a thread of its own, until [`Capture::end`]; each packet goes into a pcap file and into a
//! summary of flows and events. Stamps are the kernel's, of the machine's one clock: packets of two containers can be
//! compared by them. [`wire`], [`pcap`], [`Filter`] and [`Summary`] are pure; the sockets and their thread are the edge.

mod capture;
mod error;
mod filter;
mod frame;
mod netns;
mod order;
pub mod pcap;
mod reader;
mod recording;
mod summary;
mod tap;
pub mod wire;

pub use ipnet;

pub use capture::{Capture, Captured, Counter, Interface, Place};
pub use error::Error;
pub use filter::{Filter, Kind, Kinds};
pub use frame::{Direction, Frame, Stamp};
pub use netns::Netns;
pub use summary::{Event, EventLine, Flow, FlowLine, Gap, Names, Summary};
