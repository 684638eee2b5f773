//! The kernel's messages about routes (rtnetlink(7)), and the request for the way of a packet.

use std::net::IpAddr;

use netlab::rtnetlink::{
    self, DEL_ROUTE, GET_ROUTE, INET, INET6, NEW_ROUTE, RTA_DST, address, aligned, messages, u32_at,
};

use super::super::event::What;

/// The groups of messages about both families' routes.
pub(crate) const GROUPS: u32 = 0x40 | 0x400;

/// A route's type: one that leads somewhere.
const UNICAST: u8 = 1;
/// A request, of one answer.
const REQUEST: u16 = 1;

// Attributes of routes.
const RTA_SRC: u16 = 2;
const RTA_IIF: u16 = 3;
const RTA_OIF: u16 = 4;
const RTA_PREFSRC: u16 = 7;
const RTA_IP_PROTO: u16 = 27;

/// Reads the events in one buffer from a netlink socket.
pub(crate) fn events(bytes: &[u8]) -> Vec<What> {
    messages(bytes).filter_map(|(kind, body)| event(kind, body)).collect()
}

/// A packet whose way is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Packet {
    /// The destination.
    pub to: IpAddr,
    /// The source: among several next hops, kernels choose by both ends.
    pub from: Option<IpAddr>,
    /// The number of the IP protocol that it carries: in IPv6, kernels choose by that, too.
    pub protocol: u8,
    /// The number of the link on which it arrives; `None` if it is sent from here.
    pub arrives_on: Option<u32>,
}

/// The way that a packet takes from a kernel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hop {
    /// The gateway; `None` if the destination is on a connected network.
    pub gateway: Option<IpAddr>,
    /// The source address, if the request names none.
    pub source: Option<IpAddr>,
    /// The link on which it leaves.
    pub link: Option<u32>,
}

/// Reads the way in the answer to [`Packet::ask`]; `None` if there is none.
pub(crate) fn hop(bytes: &[u8]) -> Option<Hop> {
    let (_, body) = messages(bytes).find(|(kind, _)| *kind == NEW_ROUTE)?;
    let of = |wanted: u16| rtnetlink::of(body).find(|(kind, _)| *kind == wanted).map(|(_, content)| content);
    Some(Hop {
        gateway: rtnetlink::hops(rtnetlink::of(body)).into_iter().next(),
        source: of(RTA_PREFSRC).and_then(address),
        link: of(RTA_OIF).and_then(|content| u32_at(content, 0)),
    })
}

impl Packet {
    /// Builds the request for its way.
    pub(crate) fn ask(self) -> Vec<u8> {
        let octets = |address: IpAddr| match address {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        let family = if self.to.is_ipv4() { INET } else { INET6 };
        let bits = |address: &[u8]| u8::try_from(address.len() * 8).unwrap_or_default();
        let (to, from) = (octets(self.to), self.from.map(octets));
        let mut body = vec![family, bits(&to), from.as_deref().map_or(0, bits), 0, 0, 0, 0, 0, 0, 0, 0, 0];
        put(&mut body, RTA_DST, &to);
        if let Some(from) = from {
            put(&mut body, RTA_SRC, &from);
        }
        put(&mut body, RTA_IP_PROTO, &[self.protocol]);
        if let Some(link) = self.arrives_on {
            put(&mut body, RTA_IIF, &link.to_ne_bytes());
        }
        let length = u32::try_from(body.len() + 16).unwrap_or_default();
        let mut message = length.to_ne_bytes().to_vec();
        message.extend(GET_ROUTE.to_ne_bytes());
        message.extend(REQUEST.to_ne_bytes());
        message.extend([0; 8]);
        message.extend(body);
        message
    }
}

/// Adds an attribute.
fn put(body: &mut Vec<u8>, kind: u16, content: &[u8]) {
    body.extend(u16::try_from(content.len() + 4).unwrap_or_default().to_ne_bytes());
    body.extend(kind.to_ne_bytes());
    body.extend(content);
    body.resize(aligned(body.len()), 0);
}

fn event(kind: u16, body: &[u8]) -> Option<What> {
    match kind {
        NEW_ROUTE | DEL_ROUTE => route(kind == NEW_ROUTE, body),
        _ => None,
    }
}

/// Reads a route that was added, changed or deleted. The kernel sends its own next hops or, alike, those of the object
/// that it names.
fn route(there: bool, body: &[u8]) -> Option<What> {
    let leads = there && *body.get(7)? == UNICAST;
    let hops = if leads { rtnetlink::hops(rtnetlink::of(body)) } else { Vec::new() };
    Some(What::Kernel { prefix: rtnetlink::destination(body)?, hops: hops.into_iter().collect() })
}

#[cfg(test)]
mod tests;
