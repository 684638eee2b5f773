//! A summary made by hand, as a table.

use bgptap::{Direction, Frame};

use super::*;

const NODE: [u8; 4] = [10, 0, 1, 3];
const ROUTER: [u8; 4] = [10, 0, 2, 3];

fn names() -> Names {
    let name = |address: [u8; 4], name: &str| (address.into(), name.to_owned());
    Names::new(vec!["frr1".to_owned()], [name(NODE, "kind-worker"), name(ROUTER, "frr1")].into())
}

/// An IPv4 packet, so many milliseconds after the beginning.
fn frame(millis: u64, direction: Direction, protocol: u8, data: &[u8]) -> Frame {
    let (src, dst) = if direction == Direction::In { (NODE, ROUTER) } else { (ROUTER, NODE) };
    let length = u16::try_from(20 + data.len()).unwrap().to_be_bytes();
    let header = [0x45, 0, length[0], length[1], 0, 0, 0, 0, 254, protocol, 0, 0];
    let bytes = [&header[..], &src, &dst, data].concat();
    let mut frame = Frame::new(Stamp(millis * 1_000_000), bgptap::wire::ETHERTYPE_IPV4, bytes);
    frame.direction = direction;
    frame
}

fn bfd(state: u8, diagnostic: u8) -> Vec<u8> {
    let mut bytes = vec![0xc0, 0, 0x12, 0xb0, 0, 32, 0, 0, 0x20 | diagnostic, state << 6, 3, 24];
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 2, 0, 4, 0x93, 0xe0, 0, 4, 0x93, 0xe0, 0, 0, 0, 0]);
    bytes
}

fn tcp(sequence: u8, flags: u8, data: &[u8]) -> Vec<u8> {
    [&[0xc0, 0, 0, 179, 0, 0, 0, sequence, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0], data].concat()
}

#[test]
fn a_session_in_sum() {
    let marker = [0xff; 16];
    let open = [4, 0xfb, 0xf4, 0, 9, 10, 0, 2, 3, 0];
    let messages = [&marker[..], &[0, 29, 1], &open, &marker, &[0, 19, 4]].concat();
    let mut summary = Summary::default();
    let mut take = |millis, direction, protocol, data: &[u8]| {
        summary.take(&frame(millis, direction, protocol, data));
    };
    take(1, Direction::In, 6, &tcp(99, 0x02, &[]));
    take(2, Direction::In, 6, &tcp(100, 0x18, &messages));
    for millis in [10, 310, 1210] {
        take(millis, Direction::In, 17, &bfd(3, 0));
    }
    take(20, Direction::Out, 17, &bfd(3, 0));
    take(1220, Direction::Out, 17, &bfd(1, 1));
    insta::assert_snapshot!(text(&summary, &names(), Stamp(0)));
}

#[test]
fn an_empty_summary_says_so() {
    assert!(text(&Summary::default(), &names(), Stamp(0)).contains("no such packet"));
}
