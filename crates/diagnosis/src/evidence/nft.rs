//! Rules of nftables, as `nft -a list ruleset` prints them, and queues, as `tc -s qdisc show` does.

/// A rule of nftables that drops packets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NftDrop {
    /// The family: `ip`, `ip6`, `inet`, `bridge`, `netdev`.
    pub family: String,
    /// The table.
    pub table: String,
    /// The chain.
    pub chain: String,
    /// The rule, without its handle.
    pub rule: String,
    /// The number by which it can be deleted.
    pub handle: String,
}

impl NftDrop {
    /// The rule with its place.
    pub fn words(&self) -> String {
        let Self { family, table, chain, rule, .. } = self;
        format!("nft, table {family} {table}, chain {chain}: {rule}")
    }

    /// The command that takes it away.
    pub fn delete(&self) -> String {
        let Self { family, table, chain, handle, .. } = self;
        format!("nft delete rule {family} {table} {chain} handle {handle}")
    }
}

/// The rules that drop or reject what they match.
pub(super) fn drops(printed: &str) -> Vec<NftDrop> {
    let (mut family, mut table, mut chain) = ("", "", "");
    let mut all = Vec::new();
    for line in printed.lines().map(str::trim) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["table", of, name, "{", ..] => (family, table) = (of, name),
            ["chain", name, "{", ..] => chain = name,
            _ => {
                let Some((rule, handle)) = line.rsplit_once(" # handle ") else { continue };
                // A comment may say anything; what it stands before is the verdict.
                let verdict = rule.split(" comment \"").next().unwrap_or(rule);
                if verdict.split_whitespace().any(|word| word == "drop" || word == "reject") {
                    let [family, table, chain, rule, handle] = [family, table, chain, rule, handle].map(str::to_owned);
                    all.push(NftDrop { family, table, chain, rule, handle });
                }
            }
        }
    }
    all
}

/// A queueing discipline of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Qdisc {
    /// The kind, such as `netem`.
    pub kind: String,
    /// The link.
    pub dev: String,
    /// The line that describes it, with its options.
    pub words: String,
    /// The packets that it has dropped.
    pub dropped: u64,
}

/// `tc -s qdisc show`: a line for each, and its counters in the next.
pub(super) fn qdiscs(printed: &str) -> Vec<Qdisc> {
    let mut all: Vec<Qdisc> = Vec::new();
    for line in printed.lines().map(str::trim) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["qdisc", kind, _, "dev", dev, ..] = words.as_slice() {
            let [kind, dev, words] = [*kind, *dev, line].map(str::to_owned);
            all.push(Qdisc { kind, dev, words, dropped: 0 });
        } else if let (Some(last), Some((_, rest))) = (all.last_mut(), line.split_once("(dropped ")) {
            let number = rest.split_once(',').and_then(|(number, _)| number.parse::<u64>().ok());
            last.dropped += number.unwrap_or_default();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "table inet lossy { # handle 3\n\tchain some { # handle 1\n\
        \t\ttype filter hook forward priority filter; policy accept;\n\
        \t\tnumgen random mod 100 < 30 counter packets 5 bytes 420 drop # handle 2\n\
        \t\tudp dport 4784 accept comment \"no drop here\" # handle 4\n\
        \t\ttcp dport 179 reject with tcp reset comment \"why\" # handle 5\n\t}\n}\n";

    #[test]
    fn rules_that_drop() {
        let drops = drops(RULES);
        let words: Vec<String> = drops.iter().map(NftDrop::words).collect();
        assert_eq!(
            words,
            [
                "nft, table inet lossy, chain some: numgen random mod 100 < 30 counter packets 5 bytes 420 drop",
                "nft, table inet lossy, chain some: tcp dport 179 reject with tcp reset comment \"why\"",
            ]
        );
        assert_eq!(drops[0].delete(), "nft delete rule inet lossy some handle 2");
    }

    #[test]
    fn queues_with_what_they_dropped() {
        let printed = "qdisc noqueue 0: dev lo root refcnt 2 \n Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) \n\
            \u{20}backlog 0b 0p requeues 0\nqdisc netem 8001: dev eth0 root refcnt 2 limit 1000 loss 30%\n\
            \u{20}Sent 420 bytes 5 pkt (dropped 3, overlimits 0 requeues 0) \n";
        let [lo, eth0] = <[Qdisc; 2]>::try_from(qdiscs(printed)).unwrap();
        assert_eq!((lo.kind.as_str(), lo.dev.as_str(), lo.dropped), ("noqueue", "lo", 0));
        assert_eq!(
            (eth0.words.as_str(), eth0.dropped),
            ("qdisc netem 8001: dev eth0 root refcnt 2 limit 1000 loss 30%", 3)
        );
    }
}
