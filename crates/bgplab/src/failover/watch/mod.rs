//! The records of a run: the daemons' logs, the kernel's messages, the clients' questions.

pub(crate) mod client;
pub(crate) mod logs;
pub(crate) mod monitor;
pub(crate) mod netlink;
pub(crate) mod recorder;
