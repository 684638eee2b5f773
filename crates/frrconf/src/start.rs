//! The script that starts FRR in a container.

/// The path of the script in a container, beside FRR's own scripts.
pub const PATH: &str = "/usr/lib/frr/lab-start";

/// The script, for `/bin/sh`. It works on the published image (`quay.io/frrouting/frr`, FRR in `/usr/lib/frr`) and on
/// Debian's packages, from FRR 8.4 on, and can be run again: a restart of the container starts FRR with the
/// `/etc/frr/frr.conf` of that moment.
///
/// It needs `/etc/frr/daemons` and `/etc/frr/frr.conf` ([`Files`](crate::Files)), a user `frr`, and the capabilities
/// NET_ADMIN, NET_RAW and SYS_ADMIN.
pub const SCRIPT: &str = include_str!("start.sh");

/// User and group `frr` of the published image, by number. The script sets the owner where the numbers differ.
pub const OWNER: (u32, u32) = (100, 101);
