use super::*;

/// What a kernel (6.18) sent when `ip route` changed routes.
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
fn routes_are_told_with_their_next_hops() {
    assert_eq!(events(&bytes(ADDED_TWO)), [kernel("203.0.113.9/32", &["10.60.1.3", "10.60.1.4"])]);
    assert_eq!(events(&bytes(REPLACED)), [kernel("203.0.113.9/32", &["10.60.1.4"])]);
    assert_eq!(events(&bytes(DELETED)), [kernel("203.0.113.9/32", &[])]);
    assert_eq!(events(&bytes(BY_OBJECT)), [kernel("fd01::9/128", &["fd60:0:0:1::3"])]);
}

#[cfg(target_endian = "little")]
#[test]
fn several_messages_at_once_are_told_one_by_one() {
    let all = [ADDED_TWO, DELETED, BY_OBJECT].map(bytes).concat();
    assert_eq!(events(&all).len(), 3);
    // Whatever it is cut to, nothing is made up and nothing panics.
    for length in 0..all.len() {
        assert!(events(&all[..length]).len() < 3);
    }
}

#[cfg(target_endian = "little")]
#[test]
fn a_question_is_answered_by_a_gateway() {
    let to = "203.0.113.9".parse().unwrap();
    let asked = ask(to);
    assert_eq!((asked.len(), &asked[..8]), (16 + 12 + 8, &[36, 0, 0, 0, 26, 0, 1, 0][..]));
    assert_eq!(ask("fd01::9".parse().unwrap()).len(), 16 + 12 + 20);
    assert_eq!(gateway(&bytes(REPLACED)), Some("10.60.1.4".parse().unwrap()));
    assert_eq!(gateway(&bytes(DELETED)), None);
}
