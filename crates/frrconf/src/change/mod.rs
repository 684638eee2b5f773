//! Changes of a running FRR, as the commands that make them.
//!
//! [`Commands`] is sent line by line over one connection to a daemon's socket ([`vty`](crate::vty)), run as a program
//! ([`Commands::argv`]), or shown to a person ([`Display`](std::fmt::Display)). [`bgp`] changes neighbors;
//! [`BfdSwitch`] takes BFD off a router's neighbors and puts it back; [`DebugLog`] turns a daemon's log up and back.
//!
//! ```
//! use frrconf::change::bgp;
//! use frrconf::values::Asn;
//!
//! let commands = bgp::remove_neighbor(Asn::new(64500)?, "10.0.1.3".parse()?);
//! assert_eq!(
//!     commands.to_string(),
//!     "vtysh -c 'configure terminal' -c 'router bgp 64500' -c 'no neighbor 10.0.1.3' -c 'end'"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bfd;
pub mod bgp;
mod commands;
mod debug_log;

pub use bfd::{BfdSwitch, OwnSession};
pub use commands::Commands;
pub use debug_log::DebugLog;
