#![cfg(target_endian = "little")]

use super::*;
use crate::iproute::{AddressFamily, main_routes};

/// Messages in which a kernel (6.18) showed its routes: connected, multipath, blackhole, local.
const IPV4: &[&str] = &[
    "3c00000018000200000000008430000002180000fe02fd011000000008000f00fe000000080001000a090000080007000a0900010800040003000000",
    "5000000018000200000000008430000002100000fe0300011000000008000f00fe000000080001000a0a0000240009001000100003000000080005000a0900021000100003000000080005000a090003",
    "3400000018000200000000008430000002100000fe0300060000000008000f00fe000000080001000a0b00000800060007000000",
    "3c00000018000200000000008430000002200000ff02fe020000000008000f00ff000000080001000a090001080007000a0900010800040003000000",
];

/// The same of IPv6: connected, multipath, default, local.
const IPV6: &[&str] = &[
    "740000001800020000000000843000000a400000fe0200011000000008000f00fe00000014000100fd0900000000000000000000000000000800060000010000080004000300000024000c0000000000000000000000000000000000000000000000000000000000000000000500140000000000",
    "a80000001800020000000000843000000a400000fe0300010000000008000f00fe00000014000100fd10000000000000000000000000000008000600010000003c0009001c0010000300000014000500fd0900000000000000000000000000021c0010000300000014000500fd09000000000000000000000000000324000c0000000000000000000000000000000000000000000000000000000000000000000500140000000000",
    "740000001800020000000000843000000a000000fe0300011000000008000f00fe000000080006000004000014000500fd090000000000000000000000000009080004000300000024000c0000000000000000000000000000000000000000000000000000000000000000000500140000000000",
    "740000001800020000000000843000000a800000ff0200020000000008000f00ff00000014000100000000000000000000000000000000010800060000000000080004000100000024000c0000000000000000000000000000000000000000000000000000000000000000000500140000000000",
];

const END: &str = "1400000003000200000000008430000000000000";

fn bytes(hex: &[&str]) -> Vec<u8> {
    let of =
        |hex: &&str| (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let each: Vec<Vec<u8>> = hex.iter().map(of).collect();
    each.concat()
}

/// The two ways of looking into a container have to agree, or it would be repaired again and again.
#[test]
fn the_kernel_and_ip_route_agree() {
    let ipv4 = r#"[{"dst":"10.9.0.0/24","dev":"d0","protocol":"kernel","scope":"link","prefsrc":"10.9.0.1","flags":[]},
        {"dst":"10.10.0.0/16","flags":[],"nexthops":[{"gateway":"10.9.0.2","dev":"d0","weight":1,"flags":[]},
            {"gateway":"10.9.0.3","dev":"d0","weight":1,"flags":[]}]},
        {"type":"blackhole","dst":"10.11.0.0/16","metric":7,"flags":[]}]"#;
    let ipv6 = r#"[{"dst":"fd09::/64","dev":"d0","protocol":"kernel","metric":256,"flags":[],"pref":"medium"},
        {"dst":"fd10::/64","metric":1,"flags":[],"pref":"medium","nexthops":[
            {"gateway":"fd09::2","dev":"d0","weight":1,"flags":[]},{"gateway":"fd09::3","dev":"d0","weight":1,"flags":[]}]},
        {"dst":"default","gateway":"fd09::9","dev":"d0","metric":1024,"flags":[],"pref":"medium"}]"#;
    for (messages, json, family) in [(IPV4, ipv4, AddressFamily::Ipv4), (IPV6, ipv6, AddressFamily::Ipv6)] {
        let mut routes = BTreeSet::new();
        assert_eq!(take(&bytes(messages), &mut routes), None, "an answer may come in parts");
        assert_eq!(take(&bytes(&[END]), &mut routes), Some(true));
        assert_eq!(routes, main_routes(json, family).into_iter().collect());
    }
}

#[test]
fn a_part_is_no_whole() {
    let all = bytes(&[IPV4, &[END]].concat());
    for length in 0..all.len() {
        assert_eq!(take(&all[..length], &mut BTreeSet::new()), None);
    }
    let mut refused = bytes(&[END]);
    refused[4] = 2;
    assert_eq!(take(&refused, &mut BTreeSet::new()), Some(false));
}

#[test]
fn a_question_is_a_dump_of_one_family() {
    let asked = ask_for_all(INET6);
    assert_eq!((asked[0], asked[4], asked[16]), (28, 26, 10));
    assert!(asked[17..].iter().all(|byte| *byte == 0));
}
