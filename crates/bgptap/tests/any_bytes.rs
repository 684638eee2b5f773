//! Whatever bytes arrive, every decoder returns: random ones, and real packets that are cut short or damaged.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use bgptap::pcap::Pcap;
use bgptap::wire::{ETHERTYPE_IPV4, ETHERTYPE_IPV6};
use bgptap::{Direction, Filter, Frame, Kinds, Names, Stamp, Summary};
use proptest::prelude::*;

const TCP: u8 = 6;
const UDP: u8 = 17;

fn ipv4(protocol: u8, data: &[u8]) -> (u16, Vec<u8>) {
    let length = u16::try_from(20 + data.len()).unwrap().to_be_bytes();
    let header = [0x45, 0, length[0], length[1], 0, 0, 0, 0, 255, protocol, 0, 0, 10, 0, 1, 3, 10, 0, 2, 3];
    (ETHERTYPE_IPV4, [&header, data].concat())
}

fn ipv6(protocol: u8, data: &[u8]) -> (u16, Vec<u8>) {
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    let header = [0x60, 0, 0, 0, length[0], length[1], protocol, 64];
    (ETHERTYPE_IPV6, [&header[..], &[0xfd; 16], &[0xfe; 16], data].concat())
}

/// A segment to the port of BGP with a message of this type.
fn bgp(sequence: u8, kind: u8, body: &[u8]) -> Vec<u8> {
    let header = [0xc0, 0, 0, 179, 0, 0, 0, sequence, 0, 0, 0, 0, 0x50, 0x18, 0, 0, 0, 0, 0, 0];
    let length = u16::try_from(19 + body.len()).unwrap().to_be_bytes();
    [&header[..], &[0xff; 16], &length, &[kind], body].concat()
}

fn bfd() -> Vec<u8> {
    let mut bytes = vec![0xc0, 0, 0x12, 0xb0, 0, 32, 0, 0, 0x20, 0xc0, 3, 24, 0, 0, 0, 1, 0, 0, 0, 2];
    bytes.extend([0, 4, 0x93, 0xe0, 0, 4, 0x93, 0xe0, 0, 0, 0, 0]);
    bytes
}

/// An OPEN with a capability, UPDATEs with both families, a NOTIFICATION, and BFD.
fn real() -> Vec<(u16, Vec<u8>)> {
    let open = [4, 0x5b, 0xa0, 0, 180, 10, 0, 2, 3, 8, 2, 6, 65, 4, 0xfa, 0x56, 0xea, 0x00];
    let reach = [0, 0, 0, 14, 0x90, 14, 0, 10, 0, 2, 1, 0, 0, 32, 0xfd, 1, 0, 2];
    vec![
        ipv4(TCP, &bgp(1, 1, &open)),
        ipv6(TCP, &bgp(1, 2, &[0, 5, 32, 203, 0, 113, 200, 0, 0, 8, 10])),
        ipv4(TCP, &bgp(60, 2, &reach)),
        ipv4(TCP, &bgp(99, 3, &[6, 9, 6, 10])),
        ipv4(UDP, &bfd()),
        ipv6(UDP, &bfd()),
    ]
}

/// Hands frames to everything that reads bytes. Returns the number of packets that the summary counted.
fn digest(packets: &[(u16, Vec<u8>)]) -> u64 {
    let mut summary = Summary::default();
    let mut pcap = Pcap::new(Vec::new()).unwrap();
    for (at, (protocol, bytes)) in (0..).zip(packets) {
        let mut frame = Frame::new(Stamp(at), *protocol, bytes.clone());
        frame.direction = if at % 3 == 0 { Direction::Out } else { Direction::In };
        for kinds in [Kinds::Both, Kinds::Bgp, Kinds::Bfd] {
            assert!(!Filter::new(kinds).matches(&frame) || Filter::new(Kinds::All).matches(&frame));
        }
        pcap.write(&frame, 1).unwrap();
        summary.take(&frame);
    }
    let names = Names::default();
    serde_json::to_string(&summary.events(&names)).unwrap();
    let flows = summary.flows(&names);
    serde_json::to_string(&flows).unwrap();
    flows.iter().map(|line| line.flow.packets + line.flow.passed_on).sum()
}

#[test]
fn real_packets_cut_anywhere_are_taken() {
    assert_eq!(digest(&real()), 6);
    for (protocol, bytes) in real() {
        for cut in 0..bytes.len() {
            assert!(digest(&[(protocol, bytes[..cut].to_vec())]) <= 1);
        }
    }
}

#[test]
fn lines_have_a_stable_serde_form() {
    let mut summary = Summary::default();
    for (at, (protocol, bytes)) in (1..).zip(real()) {
        summary.take(&Frame::new(Stamp(at * 1_000_000_000), protocol, bytes));
    }
    let names = Names::new(vec!["frr1".to_owned()], [([10, 0, 1, 3].into(), "kind-worker".to_owned())].into());
    // Not by way of a `Value`, whose fields are ordered by a feature that other crates may switch on.
    let lines = (summary.flows(&names), summary.events(&names));
    insta::assert_snapshot!(serde_json::to_string_pretty(&lines).unwrap());
}

proptest! {
    #[test]
    fn random_bytes_are_taken(
        packets in prop::collection::vec((prop_oneof![Just(ETHERTYPE_IPV4), Just(ETHERTYPE_IPV6), any::<u16>()], prop::collection::vec(any::<u8>(), 0..120)), 0..8)
    ) {
        prop_assert!(digest(&packets) <= packets.len() as u64);
    }

    #[test]
    fn random_content_of_real_headers_is_taken(
        datas in prop::collection::vec((any::<bool>(), any::<u8>(), 0u8..8, prop::collection::vec(any::<u8>(), 0..120)), 0..8)
    ) {
        let packet = |(is_bgp, sequence, kind, data): &(bool, u8, u8, Vec<u8>)| match is_bgp {
            true => ipv4(TCP, &bgp(*sequence, *kind, data)),
            false => ipv6(UDP, &[&bfd()[..8], data].concat()),
        };
        let packets: Vec<_> = datas.iter().map(packet).collect();
        prop_assert_eq!(digest(&packets), packets.len() as u64);
    }

    #[test]
    fn damaged_packets_are_taken(damages in prop::collection::vec((0usize..6, any::<prop::sample::Index>(), any::<u8>()), 0..8)) {
        let mut packets = real();
        for (which, at, value) in &damages {
            let bytes = &mut packets[*which].1;
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
        prop_assert!(digest(&packets) <= 6);
    }
}
