//! What is in a packet, as far as BGP and BFD need it: IPv4, IPv6, TCP, UDP, BFD control packets, BGP messages.
//!
//! Pure functions from bytes to values: whatever arrives, they answer with a value or with nothing. Checksums are not
//! looked at: what a machine sends to itself or to its containers is captured before the (virtual) card would fill them in.

pub mod bfd;
pub mod bgp;
mod bytes;
mod ip;
mod prefixes;
mod stream;
mod transport;

pub use ip::{ETHERTYPE_IPV4, ETHERTYPE_IPV6, Ip, ip};
pub use stream::Stream;
pub use transport::{Tcp, Transport, transport};
