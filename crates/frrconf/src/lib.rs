//! FRR configuration as a model, and typed views of what FRR says.
//!
//! Text in, text out: nothing here touches a file, a process or the network.
//!
//! - [`model`]: what an FRR instance shall do. Illegal combinations mostly do not compile (a multihop BFD session
//!   without local address, an eBGP multihop TTL on an iBGP peer, a route reflector client of another AS).
//! - [`Instance::validate`](model::Instance::validate) checks what types cannot (references, duplicates, ranges) and
//!   names the neighbor or route and the remedy. All that is wrong is reported at once.
//! - [`Config`] is the validated instance; [`Config::files`] renders `frr.conf`, `daemons` and `vtysh.conf`, the same
//!   text for the same model, in lines that FRR 8.4 to 10.x take.
//! - [`speaker`]: the instance that MetalLB's speaker would configure on a node.
//! - [`start`]: the script that starts FRR in a container.
//! - [`views`]: vtysh's JSON as small types.
//! - [`running`]: what a daemon runs by, read back from its running configuration.
//! - [`vty`]: what vtysh says to a daemon, without vtysh.
//! - [`ask`]: every question to FRR with its command, its daemon and the reader of its answer; [`change`]: changes of a
//!   running FRR as commands; [`log`]: what its daemons log, as events.
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
