//! The kernel's messages about routes (rtnetlink(7)), and the request for a whole table.
//!
//! `/proc/net` holds only one of several next hops; these messages hold them all.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::model::RouteEntry;

/// The kind of a message about a route that is there.
pub const NEW_ROUTE: u16 = 24;
/// The kind of a message about a route that is there no more.
pub const DEL_ROUTE: u16 = 25;
/// The kind of a request for routes.
pub const GET_ROUTE: u16 = 26;

const ERROR: u16 = 2;
const DONE: u16 = 3;

/// IPv4, as messages name it.
pub const INET: u8 = 2;
/// IPv6, as messages name it.
pub const INET6: u8 = 10;

/// The attribute with the destination.
pub const RTA_DST: u16 = 1;
const RTA_GATEWAY: u16 = 5;
const RTA_PRIORITY: u16 = 6;
const RTA_MULTIPATH: u16 = 9;
const RTA_VIA: u16 = 18;

/// The main table.
const MAIN: u8 = 254;
/// A flag of a route: an entry of a cache.
const CLONED: u32 = 0x200;

/// Builds the request for all routes of a family.
pub fn ask_for_all(family: u8) -> [u8; 28] {
    // A request, and a dump: both the root and all that match.
    const REQUEST_DUMP: u16 = 0x1 | 0x300;
    let mut message = [0; 28];
    message[..4].copy_from_slice(&28_u32.to_ne_bytes());
    message[4..6].copy_from_slice(&GET_ROUTE.to_ne_bytes());
    message[6..8].copy_from_slice(&REQUEST_DUMP.to_ne_bytes());
    message[16] = family;
    message
}

/// Reads a buffer of the answer to [`ask_for_all`], and adds the routes of the main table. Returns `Some` at its end: `true`
/// if the answer is complete, `false` if the kernel refuses it.
pub fn take(bytes: &[u8], routes: &mut BTreeSet<RouteEntry>) -> Option<bool> {
    for (kind, body) in messages(bytes) {
        match kind {
            NEW_ROUTE => routes.extend(entry(body)),
            DONE => return Some(true),
            ERROR => return Some(false),
            _ => {}
        }
    }
    None
}

fn entry(body: &[u8]) -> Option<RouteEntry> {
    let in_use = u32_at(body, 8)? & CLONED == 0;
    if *body.get(4)? != MAIN || !in_use {
        return None;
    }
    let metric = of(body).find(|(kind, _)| *kind == RTA_PRIORITY).and_then(|(_, content)| u32_at(content, 0));
    Some(RouteEntry { dst: destination(body)?, via: hops(of(body)), metric: metric.unwrap_or_default() })
}

/// Returns the destination in the body of a message about a route.
pub fn destination(body: &[u8]) -> Option<IpNet> {
    let (family, bits) = (*body.first()?, *body.get(1)?);
    let to = of(body).find(|(kind, _)| *kind == RTA_DST).and_then(|(_, content)| address(content));
    let to = to.or(match family {
        INET => Some(Ipv4Addr::UNSPECIFIED.into()),
        INET6 => Some(Ipv6Addr::UNSPECIFIED.into()),
        _ => None,
    })?;
    IpNet::new(to, bits).ok()
}

/// Returns the attributes in the body of a message about a route.
pub fn of(body: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    body.get(12..).map(attributes).into_iter().flatten()
}

/// Returns the next hops among some attributes: the route's own or, alike, those of the object that it names.
pub fn hops<'a>(attributes: impl Iterator<Item = (u16, &'a [u8])>) -> Vec<IpAddr> {
    let mut hops = Vec::new();
    for (kind, content) in attributes {
        match kind {
            RTA_GATEWAY => hops.extend(address(content)),
            // A gateway of the other family, behind two bytes that name it.
            RTA_VIA => hops.extend(content.get(2..).and_then(address)),
            RTA_MULTIPATH => hops.extend(multipath(content)),
            _ => {}
        }
    }
    hops
}

/// Reads several next hops: each has 8 bytes, the first two of which are its length with its attributes.
fn multipath(mut bytes: &[u8]) -> Vec<IpAddr> {
    let mut all = Vec::new();
    while let Some(length) = u16_at(bytes, 0).map(usize::from) {
        let Some(own) = bytes.get(8..length) else { break };
        all.extend(hops(attributes(own)));
        bytes = bytes.get(aligned(length)..).unwrap_or_default();
    }
    all
}

/// Returns each message's kind and body.
pub fn messages(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::try_from(u32_at(bytes, 0)?).ok()?;
        let (kind, body) = (u16_at(bytes, 4)?, bytes.get(16..length)?);
        bytes = bytes.get(aligned(length)..).unwrap_or_default();
        Some((kind, body))
    })
}

/// Returns each attribute's kind, without its flags, and content.
fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::from(u16_at(bytes, 0)?);
        let (kind, content) = (u16_at(bytes, 2)? & 0x3fff, bytes.get(4..length)?);
        bytes = bytes.get(aligned(length)..).unwrap_or_default();
        Some((kind, content))
    })
}

/// Reads an address, whose length is that of its family.
pub fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

/// Returns the place of what follows something of this length.
pub const fn aligned(length: usize) -> usize {
    (length + 3) & !3
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// Reads a number of four bytes.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
