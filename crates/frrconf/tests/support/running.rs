//! A rendered file against a running configuration.

use std::collections::BTreeSet;

/// Lines that FRR does not show, because they are its default or are written elsewhere.
const UNSHOWN: &[&str] = &[
    // The default of these releases.
    "ip nht resolve-via-default",
    "ipv6 nht resolve-via-default",
    " bgp graceful-restart restart-time 120",
    // The documented profile is the default profile.
    "  detect-multiplier 3",
    "  transmit-interval 300",
    "  receive-interval 300",
    "  minimum-ttl 254",
    "  echo transmit-interval 50",
    "  echo receive-interval 50",
    "end",
    "exit",
    " exit",
    " exit-address-family",
    "!",
];

/// Words that some releases of FRR omit at the end of a line.
const DEFAULTS: &[&str] = &[" debugging", " 255"];

/// The lines of a rendered file that are not in a running configuration, each with the block that it stands in.
pub fn missing(rendered: &str, running: &str) -> Vec<String> {
    let running = lines(running);
    let missing = lines(rendered).into_iter().filter(|line| !running.contains(line));
    missing.map(|(block, line)| format!("{block:?} > {line:?}")).collect()
}

fn lines(text: &str) -> BTreeSet<(String, String)> {
    let mut blocks: Vec<String> = Vec::new();
    let mut lines = BTreeSet::new();
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let depth = line.len() - line.trim_start().len();
        blocks.truncate(depth);
        if !UNSHOWN.contains(&line) && !line.trim_start().starts_with('!') {
            let shown = DEFAULTS.iter().find_map(|default| line.strip_suffix(default)).unwrap_or(line);
            lines.insert((blocks.join(" > "), shown.trim_start().to_owned()));
        }
        blocks.push(line.trim_start().to_owned());
    }
    lines
}
