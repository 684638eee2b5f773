//! Configuration of FRR as a checked model, and FRR's answers, running configurations and logs as types.
//!
//! Text in, text out: nothing here touches a file, a process or the network.
//!
//! - [`model`] is an FRR instance as its caller puts it together. Most illegal combinations do not compile (a multihop
//!   BFD session without local address, an eBGP multihop TTL on an iBGP peer, a route reflector client of another AS).
//! - [`Instance::validate`](model::Instance::validate) checks what types cannot (references, duplicates, ranges). It
//!   reports every problem at once, each with its place and the remedy.
//! - [`Config`] is the validated instance; [`Config::files`] renders `frr.conf`, `daemons` and `vtysh.conf`, the same
//!   text for the same model, in lines that FRR 8.4 to 10.x take.
//! - [`speaker`] is the instance that MetalLB's speaker configures on a node.
//! - [`start`] is a script that starts FRR in a container.
//! - [`ask`] holds the questions to FRR, each with command, daemon and the reader for the answer.
//! - [`views`] are the JSON answers; [`running`] is a running configuration, read back.
//! - [`change`] holds changes of a running FRR, as commands.
//! - [`log`] reads what bgpd and bfdd log into events.
//! - [`vty`] is the protocol of the daemons' sockets.
//!
//! ```
//! use frrconf::model::{Bgp, Instance, Neighbor, Peering, Reach};
//! use frrconf::values::{Asn, Hostname};
//!
//! let asn = Asn::new(64500)?;
//! let mut instance = Instance::new(Hostname::new("frr1")?);
//! let mut bgp = Bgp::new(asn);
//! bgp.neighbors.push(Neighbor::new("10.0.1.3".parse()?, Peering::between(asn, asn, Reach::Connected)));
//! instance.bgp = Some(bgp);
//!
//! let files = instance.validate()?.files()?;
//! assert!(files.frr_conf.contains("neighbor 10.0.1.3 remote-as 64500"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod ask;
pub mod change;
pub mod log;
pub mod model;
mod render;
pub mod running;
pub mod speaker;
pub mod start;
mod valid;
pub mod values;
pub mod views;
pub mod vty;

pub use render::{Files, RenderError};
pub use valid::{Config, Invalid, Owner, Problem};

// Their types are part of this crate's own.
pub use {ipnet, serde_json};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
