//! A line of configuration, changed: the same line with another value.

/// Returns the lines that make another value of a line, as they are typed; `None` if it has no value.
pub(super) fn changed(line: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let with = |at: usize, word: String| {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        if let Some(place) = words.get_mut(at) {
            *place = word;
        }
        words.join(" ")
    };
    // The last word of these is not the value.
    let value = match words.as_slice() {
        ["route-map", _, action, _] => return Some(vec![with(2, other_action(action)?)]),
        ["ip" | "ipv6", "prefix-list", _, _, _, action, _] => return Some(vec![with(5, other_action(action)?)]),
        ["neighbor", _, "route-map", ..] => 3,
        ["no", ..] | [] | [_] => return None,
        ["router" | "profile" | "address-family", ..] => return None,
        [.., last] if last.contains("-via-") || *last == "activate" => return None,
        words => words.len().checked_sub(1)?,
    };
    let other = with(value, other_value(words.get(value)?)?);
    // These stand beside each other.
    let adds = matches!(words.as_slice(), ["network", ..] | ["ip" | "ipv6", "route", ..]);
    Some(if adds { vec![format!("no {line}"), other] } else { vec![other] })
}

fn other_action(action: &str) -> Option<String> {
    match action {
        "permit" => Some("deny".to_owned()),
        "deny" => Some("permit".to_owned()),
        _ => None,
    }
}

/// Another value of the same type: a number, an address, a prefix, a name. A keyword has none.
pub(super) fn other_value(word: &str) -> Option<String> {
    const KEYWORDS: [&str; 5] =
        ["bfd", "route-reflector-client", "preserve-fw-state", "prefer-global", "ebgp-multihop"];
    if KEYWORDS.contains(&word) {
        return None;
    }
    if let Ok(number) = word.parse::<u32>() {
        // The largest TTL has no next.
        return Some(if number == 254 || number == 255 { number - 1 } else { number.checked_add(1)? }.to_string());
    }
    let (address, length) = word.split_once('/').map_or((word, None), |(address, length)| (address, Some(length)));
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(v4)) => {
            // Another address of the network; another network.
            let change = if length.is_none_or(|length| length == "32") { 0x10 } else { 0x0001_0000 };
            let other = std::net::Ipv4Addr::from_bits(v4.to_bits() ^ change);
            Some(length.map_or(other.to_string(), |length| format!("{other}/{length}")))
        }
        Ok(std::net::IpAddr::V6(v6)) => {
            let change = if length.is_none_or(|length| length == "128") { 0x10 } else { 1 << 80 };
            let other = std::net::Ipv6Addr::from_bits(v6.to_bits() ^ change);
            Some(length.map_or(other.to_string(), |length| format!("{other}/{length}")))
        }
        Err(_) => Some(format!("{word}-other")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("neighbor 10.0.1.3 remote-as 64500", &["neighbor 10.0.1.3 remote-as 64501"])]
    #[case("bgp router-id 10.0.2.3", &["bgp router-id 10.0.2.19"])]
    #[case("minimum-ttl 254", &["minimum-ttl 253"])]
    #[case("route-map out permit 10", &["route-map out deny 10"])]
    #[case("ip prefix-list a seq 5 permit 203.0.113.200/32", &["ip prefix-list a seq 5 deny 203.0.113.200/32"])]
    #[case("neighbor 10.0.1.3 route-map only in", &["neighbor 10.0.1.3 route-map only-other in"])]
    #[case("neighbor 10.0.1.3 bfd profile p", &["neighbor 10.0.1.3 bfd profile p-other"])]
    #[case("network fd01::/128", &["no network fd01::/128", "network fd01::10/128"])]
    #[case("ip route 10.0.1.0/24 10.0.2.2", &["no ip route 10.0.1.0/24 10.0.2.2", "ip route 10.0.1.0/24 10.0.2.18"])]
    fn a_value_becomes_another_of_its_type(#[case] line: &str, #[case] changed: &[&str]) {
        assert_eq!(super::changed(line).unwrap(), changed);
    }

    #[rstest]
    #[case("no bgp network import-check")]
    #[case("neighbor 10.0.1.3 activate")]
    #[case("neighbor 10.0.1.3 bfd")]
    #[case("set ipv6 next-hop prefer-global")]
    #[case("ip nht resolve-via-default")]
    #[case("router bgp 64500")]
    #[case("bfd")]
    fn a_line_without_a_value_has_no_other(#[case] line: &str) {
        assert_eq!(changed(line), None);
    }
}
