//! The running configuration against the intended one, line by line: what no other rule has named already.

use frrconf::running::Line;
use frrconf::vty::Daemon;

use super::pair::reload;
use crate::evidence::Evidence;
use crate::finding::{Break, Finding, Found, Layer};
use labfile::compose::service_addresses;

/// The name of the rule.
pub(crate) const NAME: &str = "lines-differ";

/// The first release that is not known to print how it resolves next hops where the lab has it so.
const PRINTS_NHT_UNTIL: (u16, u16) = (10, 0);

/// The number of lines that are shown.
const SHOWN: usize = 8;

/// Rules whose findings are about all lines of a neighbor.
const OF_NEIGHBOR: [&str; 2] = ["neighbor-missing", "address-moved"];

/// Compares the configuration of every container of ours with its file; `named` are the findings of all other rules.
pub(crate) fn rest(e: &Evidence, named: &[Finding]) -> Vec<Finding> {
    // Routers' lines name the nodes: without the address of one, those that are meant are not known.
    if !e.lab.knows_every_node(&e.nodes) {
        return Vec::new();
    }
    let found = e.meant.keys().filter_map(|place| differing(e, place, named));
    found.map(|found| found.by(NAME, Layer::Policy, false)).collect()
}

fn differing(e: &Evidence, place: &str, named: &[Finding]) -> Option<Found> {
    let (meant, frr) = (e.meant.get(place)?, e.frr(place).filter(|frr| frr.knows_bgp)?);
    let running = frr.running.as_ref()?;
    let is_known = |line: &Line| match is_nht(line) {
        true => frr.knows_zebra,
        false => !is_bfd(line) || !frr.silent.contains_key(&Daemon::Bfdd),
    };
    let named: Vec<(&str, Vec<String>)> = named.iter().map(|finding| (finding.rule, words(finding))).collect();
    let is_new = |line: &Line| is_known(line) && !named.iter().any(|(rule, words)| names(words, rule, e, place, line));
    let more: Vec<Line> = running.lines.beyond(&meant.lines).into_iter().filter(is_new).collect();
    // Later releases resolve next hops so without being asked to, print no line about it, and one if they do not.
    let is_printed = |line: &Line| !is_nht(line) || running.version.is_some_and(|version| version < PRINTS_NHT_UNTIL);
    let less = meant.lines.beyond(&running.lines).into_iter();
    let less: Vec<Line> = less.filter(|line| is_printed(line) && is_new(line)).collect();
    let cause = match (more.as_slice(), less.as_slice()) {
        ([], []) => return None,
        ([one], []) => format!("{place} runs by a line that the lab does not give it: {one}"),
        ([], [one]) => format!("{place} runs without a line that the lab gives it: {one}"),
        (more, less) => {
            let count = more.len().saturating_add(less.len());
            format!("{place} does not run by the lab's configuration: {count} lines differ")
        }
    };
    let mut breaks: Vec<Break> = more.iter().chain(&less).flat_map(|line| breaks(e, place, line)).collect();
    breaks.sort_unstable();
    breaks.dedup();
    let more = more.iter().map(|line| format!("show running-config on {place}: {line}"));
    let less = less.iter().map(|line| format!("show running-config on {place}: no {line}"));
    let mut seen: Vec<String> = more.chain(less).collect();
    let hidden = seen.len().saturating_sub(SHOWN);
    seen.truncate(SHOWN);
    seen.extend((hidden > 0).then(|| format!("and {hidden} more lines")));
    let found = Found::new(cause, breaks).remedy(reload(place));
    Some(seen.into_iter().fold(found, Found::seen))
}

/// Returns `true` if a line tells zebra how to resolve next hops.
fn is_nht(line: &Line) -> bool {
    line.words().contains(&"nht")
}

fn is_bfd(line: &Line) -> bool {
    line.context.first().is_some_and(|block| block == "bfd")
}

/// The words of a finding, without the marks around them.
fn words(finding: &Finding) -> Vec<String> {
    let text = [&finding.evidence, &finding.follows].into_iter().flatten().chain([&finding.cause]);
    let words = text.flat_map(|text| text.split_whitespace());
    words.map(|word| word.trim_matches(|c: char| ",:;.`'()".contains(c)).to_lowercase()).collect()
}

/// Returns `true` if a finding, by its words, is about this line of a place.
fn names(words: &[String], rule: &str, e: &Evidence, place: &str, line: &Line) -> bool {
    let has = |word: &str| words.iter().any(|other| other == word);
    if !has(place) {
        return false;
    }
    let block = || line.context.iter().flat_map(|block| block.split_whitespace());
    match line.words().as_slice() {
        ["no", "neighbor", address, what, ..] | ["neighbor", address, what, ..] => {
            let far = address.parse().ok().and_then(|address| e.place_at(address));
            (has(address) || far.is_some_and(has)) && (has(what) || OF_NEIGHBOR.contains(&rule))
        }
        [.., "prefix-list" | "route-map", name] if line.context.is_empty() => has(name),
        ["ip" | "ipv6", "prefix-list", name, ..] | ["route-map", name, ..] => has(name),
        // A line of a route map, or of a BFD profile.
        [what, ..] if is_bfd(line) => has(what) && block().last().is_some_and(has),
        _ if block().next() == Some("route-map") => block().nth(1).is_some_and(has),
        ["router", "bgp", ..] => rule == "bgp-unconfigured",
        ["network", prefix, ..] => has(prefix),
        words => {
            let is_value = |word: &&&str| word.starts_with(|c: char| c.is_ascii_digit());
            let mut named = words.iter().filter(|word| !["no", "bgp"].contains(*word) && !is_value(word));
            named.all(|word| has(word))
        }
    }
}

/// Returns everything that a differing line may break.
fn breaks(e: &Evidence, place: &str, line: &Line) -> Vec<Break> {
    let own = || {
        service_addresses(&e.lab).into_iter().flat_map(|service| service.prefixes).map(|advertised| advertised.prefix)
    };
    let known = || own().map(|prefix| Break::Prefix(place.to_owned(), prefix));
    let announced = || own().map(|prefix| Break::Announced(place.to_owned(), prefix));
    match line.words().as_slice() {
        ["no", "neighbor", address, ..] | ["neighbor", address, ..] => {
            let far = address.parse().ok().and_then(|address| e.place_at(address));
            let session = far.map(|far| Break::session(place, far));
            let exchanged = (line.context.len() > 1).then(|| known().chain(announced())).into_iter().flatten();
            session.into_iter().chain(exchanged).collect()
        }
        _ if is_bfd(line) => vec![Break::Bfd(place.to_owned())],
        ["network", ..] => announced().collect(),
        _ if line.context.len() == 1 && line.context.iter().any(|block| block.starts_with("router bgp")) => {
            vec![Break::Bgp(place.to_owned())]
        }
        ["router", "bgp", ..] => vec![Break::Bgp(place.to_owned())],
        _ if is_nht(line) => known().collect(),
        _ => known().chain(announced()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use frrconf::running::Running;

    use crate::check::Topic;
    use crate::conclude::Diagnosis;
    use crate::evidence::Evidence;
    use crate::evidence::tests::{fail, prefix};
    use crate::rules::tests::{broken, only};

    /// The documented lab, in which a router's file as it runs has a text replaced.
    fn retyped(place: &str, old: &str, new: &str) -> Evidence {
        broken(|e| {
            let spec = e.topology.containers().iter().find(|spec| spec.name.as_str() == place).unwrap();
            let file = spec.files.iter().find(|file| file.path.ends_with("/frr.conf")).unwrap();
            let text = String::from_utf8(file.contents.clone()).unwrap();
            assert!(text.contains(old), "{text}");
            e.frr.get_mut(place).unwrap().running = Some(Running::parse(&text.replacen(old, new, 1)));
        })
    }

    #[test]
    fn a_line_that_no_other_rule_knows_is_named_where_it_is() {
        let family = " address-family ipv4 unicast\n";
        let mut e = retyped("frr1", family, &format!("{family}  maximum-paths ibgp 1\n"));
        let line = "`maximum-paths ibgp 1` (router bgp 64500, address-family ipv4 unicast)";
        only(&e, "lines-differ", &["frr1 runs by a line that the lab does not give it: ", line, "frr-reload.py"]);
        fail(&mut e, Topic::Table, prefix("frr1", "203.0.113.200/32"));
        let diagnosis = Diagnosis::of(&e);
        assert!(diagnosis.unexplained.is_empty() && !diagnosis.findings[0].inferred, "{}", diagnosis.text("⌘"));
        only(
            &retyped(
                "frr2",
                "  neighbor 10.0.1.3 activate\n",
                "  neighbor 10.0.1.3 activate\n  neighbor 10.0.1.3 weight 5\n",
            ),
            "lines-differ",
            &["`neighbor 10.0.1.3 weight 5`"],
        );
        let without = |version: &str| retyped("frr1", "ip nht resolve-via-default\n", version);
        let words = ["frr1 runs without a line that the lab gives it: `ip nht resolve-via-default`"];
        only(&without("frr version 9.1\n"), "lines-differ", &words);
        assert!(Diagnosis::of(&without("frr version 10.5\n")).is_healthy(), "it holds there without being printed");
        let not = without("frr version 10.5\nno ip nht resolve-via-default\n");
        only(&not, "lines-differ", &["`no ip nht resolve-via-default`"]);
        let gone = retyped("frr1", " no bgp network import-check\n", "");
        only(&gone, "lines-differ", &["without a line that the lab gives it: `no bgp network import-check`"]);
    }

    #[test]
    fn what_another_rule_names_is_not_said_twice() {
        let line = " neighbor 10.0.1.3 bfd\n";
        let down = retyped("frr1", line, &format!("{line} neighbor 10.0.1.3 shutdown\n"));
        only(&down, "neighbor-shutdown", &["is shut down on frr1"]);
        let other = retyped("frr1", "neighbor 10.0.1.3 remote-as 64500", "neighbor 10.0.1.3 remote-as 64999");
        only(&other, "as-differs", &["in AS 64999"]);
        let id = retyped("frr1", "bgp router-id 10.0.2.3", "bgp router-id 10.0.1.3");
        only(&id, "router-id-shared", &["10.0.1.3"]);
    }

    #[test]
    fn a_daemon_that_did_not_answer_lacks_no_lines() {
        let e = broken(|e| {
            let frr = e.frr.get_mut("frr1").unwrap();
            frr.running = Some(Running::default());
            frr.knows_bgp = false;
        });
        assert!(Diagnosis::of(&e).is_healthy());
    }
}
