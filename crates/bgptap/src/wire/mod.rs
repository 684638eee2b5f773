//! Decoding of IPv4, IPv6, TCP, UDP, BGP messages and BFD control packets, from bytes alone.
//!
//! Pure functions from bytes to values: whatever arrives, they return a value or an error, and never panic. Checksums are not
//! looked at: a packet that a machine sends to itself or to its containers is captured before the (virtual) card would fill
//! them in.

pub mod bfd;
pub mod bgp;
mod bytes;
mod ip;
mod prefixes;
mod stream;
mod transport;

pub use ip::{ETHERTYPE_IPV4, ETHERTYPE_IPV6, Ip};
pub use stream::Stream;
pub use transport::{Tcp, Transport};

/// Errors of [`bgp::Message::decode`] and [`bfd::Control::decode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// Fewer bytes than a header has, or than it announces.
    #[error("the packet is cut short")]
    Short,
    /// The 16 bytes of ones that begin a BGP message are not there (RFC 4271, section 4.1).
    #[error("there is no BGP marker")]
    Marker,
    /// The header holds a length that no message of this kind has.
    #[error("a length of {0} is impossible")]
    Length(u16),
    /// The body of a BGP message of this type does not follow its format.
    #[error("the body of the BGP message of type {0} does not follow its format")]
    Body(u8),
    /// A BFD version other than 1.
    #[error("BFD version {0} is not 1")]
    Version(u8),
    /// A field of a BFD control packet for which section 6.8.6 of RFC 5880 discards it.
    #[error("the BFD field {0} has a value that is to be discarded")]
    Field(&'static str),
}
