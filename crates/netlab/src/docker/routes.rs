//! The kernel's routes in a container's network, asked for from outside.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;

use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, recv, send, socket};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::sync::oneshot;

use crate::model::RouteEntry;
use crate::rtnetlink::{INET, INET6, ask_for_all, take};

/// The room for a part of an answer, in bytes: the kernel fills at most 32 KiB at a time.
const ROOM: usize = 1 << 16;

/// Returns the routes of both families in the network of the process with this `/proc` directory, if it may be entered.
pub(super) async fn routes(process: &Path) -> Option<BTreeSet<RouteEntry>> {
    let network = File::open(process.join("ns/net")).ok()?;
    let (sender, end) = oneshot::channel();
    let inside = move || {
        let entered = move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network));
        // Nobody may wait for the end any more.
        drop(sender.send(entered.map_err(io::Error::from).and_then(|()| ask())));
    };
    // A thread never finds back to the network that it left, and ends with its work.
    std::thread::Builder::new().name("routes".to_owned()).spawn(inside).ok()?;
    end.await.ok()?.ok()
}

fn ask() -> io::Result<BTreeSet<RouteEntry>> {
    let socket = socket(AddressFamily::NETLINK, SocketType::RAW, None)?;
    let (mut routes, mut buffer) = (BTreeSet::new(), vec![0; ROOM]);
    for family in [INET, INET6] {
        send(&socket, &ask_for_all(family), SendFlags::empty())?;
        loop {
            let (length, _) = recv(&socket, &mut *buffer, RecvFlags::empty())?;
            match take(buffer.get(..length).unwrap_or_default(), &mut routes) {
                None => {}
                Some(true) => break,
                // A kernel without IPv6 has no table of it.
                Some(false) if family == INET6 => break,
                Some(false) => return Err(io::Error::other("the kernel shows no routes")),
            }
        }
    }
    Ok(routes)
}
