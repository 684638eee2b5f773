//! The ports that rules of `ip rule`, `iptables-save` and `nft` name.

use std::ops::RangeInclusive;

/// The options that name ports: the first two in `ip rule` and `nft`, the others in `iptables-save`.
const OPTIONS: [&str; 7] = ["dport", "sport", "--dport", "--sport", "--dports", "--sports", "--ports"];

/// Returns the ports that a rule names: each alone, or a range.
pub(crate) fn ports(rule: &str) -> Vec<RangeInclusive<u16>> {
    let words: Vec<&str> = rule.split_whitespace().collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    let values = pairs.enumerate().filter(|(_, (option, _))| OPTIONS.contains(option));
    let of = |(at, (_, value)): (usize, (&&str, &&str))| match *value {
        // A set of `nft`: `{ 3784, 4784 }`.
        "{" => words[at + 2..].iter().take_while(|word| **word != "}").copied().collect::<String>(),
        value => value.to_owned(),
    };
    values.map(of).flat_map(|value| value.split(',').filter_map(range).collect::<Vec<_>>()).collect()
}

/// `179`; `100-200` in `ip rule`, `100:200` in `iptables-save`, where an end may be left out.
fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let end = |text: &str, open: u16| if text.is_empty() { Some(open) } else { text.parse().ok() };
    match text.split_once(['-', ':']) {
        Some((first, last)) => Some(end(first, u16::MIN)?..=end(last, u16::MAX)?),
        None => text.parse().ok().map(|port| port..=port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_follows_an_option_is_a_port() {
        assert_eq!(ports("from all ipproto tcp dport 179 blackhole"), [179..=179]);
        assert_eq!(ports("-A INPUT -p udp -m multiport --dports 3784,4000:5000 -j DROP"), [3784..=3784, 4000..=5000]);
        assert_eq!(ports("udp dport { 3784, 4784 } drop"), [3784..=3784, 4784..=4784]);
        assert_eq!(ports("udp dport 4000-5000 counter packets 0 bytes 0 drop"), [4000..=5000]);
        assert_eq!(ports("-A INPUT -p tcp --sport 1024: -j DROP"), [1024..=u16::MAX]);
        assert_eq!(ports("-A INPUT -s fd00:179::3/128 -i port0 -j DROP"), []);
    }
}
