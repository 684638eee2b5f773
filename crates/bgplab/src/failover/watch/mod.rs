//! What is written down while something is broken: the daemons' logs, the kernel's messages, a client's questions.

pub(crate) mod client;
pub(crate) mod log;
pub(crate) mod logs;
pub(crate) mod monitor;
pub(crate) mod netlink;
pub(crate) mod recorder;
