//! The JSON answers of vtysh, as small types.
//!
//! Each view has the command that it reads, and takes what FRR 8.4 to 10.x print: unknown fields are skipped, missing
//! ones are `None`, renamed ones are known by both names. Text before the document (what vtysh warns of on its standard
//! error, an unreadable `vtysh.conf`, say, where that went the same way) is passed over.
//!
//! ```
//! use frrconf::views::BgpSummary;
//!
//! let answer = r#"{"ipv4Unicast":{"routerId":"10.0.2.3","as":64500,"peers":{"10.0.1.3":{
//!     "remoteAs":64500,"msgRcvd":9,"msgSent":8,"peerUptimeMsec":3000,"state":"Established","pfxRcd":1}}}}"#;
//! let summary = BgpSummary::parse(answer)?;
//! assert!(summary.established("10.0.1.3".parse().unwrap()));
//! assert_eq!(summary.ipv4.unwrap().peers[&"10.0.1.3".parse().unwrap()].prefixes_received, Some(1));
//! # Ok::<(), frrconf::views::ViewError>(())
//! ```

mod answer;
mod bfd;
mod bgp_detail;
mod bgp_neighbors;
mod bgp_summary;
mod bgp_table;
mod routes;
mod state;

pub use answer::ViewError;
pub(crate) use answer::no_document;
pub use bfd::{BfdCounter, BfdCounters, BfdPeers, BfdSession};
pub use bgp_detail::{BgpDetail, DetailedPath};
pub use bgp_neighbors::{BgpNeighbor, BgpNeighbors, NeighborBfd};
pub use bgp_summary::{BgpSummary, FamilySummary, PeerSummary};
pub use bgp_table::{BgpPath, BgpTable, PathHop};
pub use routes::{Recursion, Route, RouteHop, RouteTable};
pub use state::{BfdStatus, BgpState, Family};
