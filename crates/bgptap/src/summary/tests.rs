//! Packets as they would be seen, made by hand.

use std::net::IpAddr;

use super::*;
use crate::frame::{Direction, Stamp, tests::frame};

const NODE: [u8; 4] = [10, 0, 1, 3];
const ROUTER: [u8; 4] = [10, 0, 2, 3];

fn names() -> Names {
    let name = |address: [u8; 4], name: &str| (IpAddr::from(address), name.to_owned());
    Names::new(vec!["frr1".into()], [name(NODE, "kind-worker"), name(ROUTER, "frr1")].into())
}

/// Takes a packet that carries these bytes, so many milliseconds after the beginning.
fn take(summary: &mut Summary, millis: u64, direction: Direction, [src, dst]: [[u8; 4]; 2], protocol: u8, data: &[u8]) {
    let frame = Frame { direction, ..frame(millis * 1_000_000) };
    let ip = Ip { src: src.into(), dst: dst.into(), ttl: 254, protocol, data };
    summary.take_decoded(&frame, &ip, &Transport::decode(&ip).unwrap());
}

fn bfd(state: u8, diagnostic: u8) -> Vec<u8> {
    let mut bytes = vec![0xc0, 0, 0x12, 0xb0, 0, 32, 0, 0, 0x20 | diagnostic, state << 6, 3, 24];
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 2, 0, 4, 0x93, 0xe0, 0, 4, 0x93, 0xe0, 0, 0, 0, 0]);
    bytes
}

fn tcp(sequence: u32, flags: u8, messages: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0xc0, 0, 0, 179];
    bytes.extend(sequence.to_be_bytes());
    bytes.extend([0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0]);
    for (kind, body) in messages {
        bytes.extend([0xff; 16]);
        bytes.extend(u16::try_from(19 + body.len()).unwrap().to_be_bytes());
        bytes.push(*kind);
        bytes.extend(*body);
    }
    bytes
}

fn session() -> Summary {
    let mut summary = Summary::default();
    let (to_router, to_node) = ([NODE, ROUTER], [ROUTER, NODE]);
    take(&mut summary, 1, Direction::In, to_router, 6, &tcp(99, 0x02, &[]));
    let both: [(u8, &[u8]); 2] = [(1, &[4, 0xfb, 0xf4, 0, 9, 10, 0, 2, 3, 0]), (4, &[])];
    take(&mut summary, 2, Direction::In, to_router, 6, &tcp(100, 0x18, &both));
    for millis in [10, 310, 1210] {
        take(&mut summary, millis, Direction::In, to_router, 17, &bfd(3, 0));
    }
    take(&mut summary, 20, Direction::Out, to_node, 17, &bfd(3, 0));
    take(&mut summary, 1220, Direction::Out, to_node, 17, &bfd(1, 1));
    summary
}

#[test]
fn the_longest_gap_has_its_place_in_time() {
    let (summary, names) = (session(), names());
    let flows = summary.flows(&names);
    let from_node = flows.iter().find(|line| line.kind == Kind::BfdMultihop && line.from == "kind-worker").unwrap();
    let gap = from_node.flow.longest_gap.unwrap();
    assert_eq!((gap.from, gap.to, gap.seconds()), (Stamp(310_000_000), Stamp(1_210_000_000), 0.9));
    assert_eq!((from_node.flow.packets, from_node.flow.ttl), (3, (254, 254)));
}

#[test]
fn routed_packets_count_once() {
    let mut summary = Summary::default();
    for millis in [1, 301] {
        take(&mut summary, millis, Direction::In, [NODE, ROUTER], 17, &bfd(3, 0));
        take(&mut summary, millis, Direction::Out, [NODE, ROUTER], 17, &bfd(3, 0));
    }
    let names = Names::default();
    let flow = &summary.flows(&names)[0];
    assert_eq!((flow.flow.packets, flow.flow.passed_on, summary.events(&names).len()), (2, 2, 1));
    assert_eq!((flow.at, flow.from.as_str()), ("?", "10.0.1.3"), "an address without a name stands for itself");
}
