//! Errors of a capture, each with its place and its cause.

use std::io;

/// Errors of [`crate::Netns`] and [`crate::Capture`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The network cannot be entered: this user may not (`CAP_SYS_ADMIN`), or its process has ended.
    #[error("cannot work in the network of {place}")]
    Enter {
        /// Name of the network.
        place: String,
        /// Answer of the kernel.
        source: io::Error,
    },
    /// No packet socket can be made in the network (`CAP_NET_RAW`), or its interfaces cannot be listed.
    #[error("cannot listen in the network of {place}")]
    Listen {
        /// Name of the network.
        place: String,
        /// Answer of the kernel.
        source: io::Error,
    },
    /// The pcap file cannot be written.
    #[error("cannot write the pcap file")]
    File(#[source] io::Error),
    /// The capture broke off: its thread, its pipe or one of its sockets failed.
    #[error("the capture broke off")]
    Broken(#[source] io::Error),
}
