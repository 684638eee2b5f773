//! Checked values: the words of a configuration line.
//!
//! Each has one checked constructor, so that every supported FRR accepts a value that exists. Bounds are the
//! narrowest among FRR 8.4 and 10.x, as their own command line states them.

mod identifiers;
mod numbers;
mod password;
mod prefix;
mod words;

pub use identifiers::{Community, LargeCommunity, RouterId};
pub use numbers::{
    Asn, BfdInterval, ConnectTime, DetectMultiplier, Distance, Hops, MinimumTtl, OutOfRange, Port, RestartTime,
    Sequence, Timers, TimersError,
};
pub use password::Password;
pub(crate) use prefix::without_host_bits;
pub use prefix::{AddressPair, Ends, HostBits, MixedFamilies, PrefixMatch, PrefixRange};
pub use words::{Hostname, InterfaceName, InvalidWord, LogFile, Name, Text};
