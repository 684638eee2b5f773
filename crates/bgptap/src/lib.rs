#![doc = include_str!("../README.md")]

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

/// Subnets and prefixes, as they stand in this crate's signatures.
pub use ipnet;

pub use capture::{Capture, Captured, Counter, Interface, Place};
pub use error::Error;
pub use filter::{Filter, Kind, Kinds};
pub use frame::{Direction, Frame, Stamp};
pub use netns::Netns;
pub use summary::{Event, EventLine, Flow, FlowLine, Gap, Names, Summary};
