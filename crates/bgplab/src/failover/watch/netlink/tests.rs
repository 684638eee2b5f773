use super::*;

/// Messages that a kernel (6.18) sent when `ip route` changed routes.
const ADDED_TWO: &str = "5000000018000006069a066b2a31000002200000fe0300010000000008000f00fe00000008000100cb0071092400090010000000e0020000080005000a3c010310000000e0020000080005000a3c0104";
const REPLACED: &str = "3c00000018000001069a066b3a31000002200000fe0300010000000008000f00fe00000008000100cb007109080005000a3c010408000400e0020000";
const DELETED: &str = "3c00000019000000079a066b4331000002200000fe0300010000000008000f00fe00000008000100cb007109080005000a3c010408000400e0020000";
const BY_OBJECT: &str = "9000000018000006089a066b693100000a800000fe0300010000000008000f00fe00000014000100fd010000000000000000000000000009080006000004000008001e008403000014000500fd60000000000001000000000000000308000400e002000024000c0000000000000000000000000000000000000000000000000000000000000000000500140000000000";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn kernel(prefix: &str, hops: &[&str]) -> What {
    let hops = hops.iter().map(|hop| hop.parse().unwrap()).collect();
    What::Kernel { prefix: prefix.parse().unwrap(), hops }
}

#[cfg(target_endian = "little")]
#[test]
fn routes_come_with_their_next_hops() {
    assert_eq!(events(&bytes(ADDED_TWO)), [kernel("203.0.113.9/32", &["10.60.1.3", "10.60.1.4"])]);
    assert_eq!(events(&bytes(REPLACED)), [kernel("203.0.113.9/32", &["10.60.1.4"])]);
    assert_eq!(events(&bytes(DELETED)), [kernel("203.0.113.9/32", &[])]);
    assert_eq!(events(&bytes(BY_OBJECT)), [kernel("fd01::9/128", &["fd60:0:0:1::3"])]);
}

#[cfg(target_endian = "little")]
#[test]
fn several_messages_at_once_become_one_event_each() {
    let all = [ADDED_TWO, DELETED, BY_OBJECT].map(bytes).concat();
    assert_eq!(events(&all).len(), 3);
    // Whatever it is cut to, nothing is made up and nothing panics.
    for length in 0..all.len() {
        assert!(events(&all[..length]).len() < 3);
    }
}

#[cfg(target_endian = "little")]
#[test]
fn a_question_is_that_of_a_packet() {
    let packet = Packet { to: "203.0.113.9".parse().unwrap(), from: None, protocol: 6, arrives_on: None };
    let asked = packet.ask();
    assert_eq!((asked.len(), &asked[..8]), (16 + 12 + 8 + 8, &[44, 0, 0, 0, 26, 0, 1, 0][..]));
    assert_eq!(asked[16..19], [INET, 32, 0]);
    let whole = Packet { from: Some("10.60.2.3".parse().unwrap()), arrives_on: Some(7), ..packet }.ask();
    assert_eq!((whole.len(), &whole[16..19]), (16 + 12 + 4 * 8, &[INET, 32, 32][..]));
    let attributes: Vec<_> = rtnetlink::of(&whole[16..]).collect();
    let wanted: [(u16, &[u8]); 4] =
        [(RTA_DST, &[203, 0, 113, 9]), (RTA_SRC, &[10, 60, 2, 3]), (RTA_IP_PROTO, &[6]), (RTA_IIF, &[7, 0, 0, 0])];
    assert_eq!(attributes, wanted);
    let six = Packet { to: "fd01::9".parse().unwrap(), from: Some("fd60::3".parse().unwrap()), ..packet }.ask();
    assert_eq!((six.len(), &six[16..19]), (16 + 12 + 20 + 20 + 8, &[INET6, 128, 128][..]));
}

#[cfg(target_endian = "little")]
#[test]
fn a_question_is_answered_by_a_hop() {
    let way = hop(&bytes(REPLACED)).unwrap();
    assert_eq!((way.gateway, way.link), (Some("10.60.1.4".parse().unwrap()), Some(0x2e0)));
    assert_eq!(hop(&bytes(DELETED)), None);
    assert_eq!(hop(&[]), None);
}
