//! A summary for people.

use std::fmt::Write;

use bgptap::{EventLine, FlowLine, Names, Stamp, Summary};

use crate::exit::table;

/// The number of events that are listed one by one.
const SHOWN: usize = 100;

/// Tables of flows and events, with times in seconds since `began`.
pub(super) fn text(summary: &Summary, names: &Names, began: Stamp) -> String {
    let (flows, events) = (summary.flows(names), summary.events(names));
    if flows.is_empty() {
        return "no such packet was seen\n".to_owned();
    }
    let rows = flows.iter().map(|line| row(line, began));
    let mut text = table(["seen at", "from → to", "kind", "packets", "of which", "first", "last", "longest gap"], rows);
    if !events.is_empty() {
        let rows = events.iter().take(SHOWN).map(|line| event(line, began));
        let _ = write!(text, "\n{}", table(["at", "seen at", "from → to", "what"], rows));
    }
    if events.len() > SHOWN {
        let _ = writeln!(text, "… and {} more; --json has all", events.len() - SHOWN);
    }
    text
}

fn row(line: &FlowLine<'_>, began: Stamp) -> [String; 8] {
    let FlowLine { at, from, to, kind, flow, .. } = line;
    let seconds = |stamp: Stamp| format!("{:.3} s", stamp.seconds_since(began));
    let mut words: Vec<String> = flow.messages.iter().map(|(word, count)| format!("{count} {word}")).collect();
    if flow.passed_on > 0 {
        words.push(format!("{} passed on", flow.passed_on));
    }
    [
        (*at).to_owned(),
        format!("{from} → {to}"),
        kind.to_string(),
        flow.packets.to_string(),
        words.join(", "),
        seconds(flow.first),
        seconds(flow.last),
        flow.longest_gap.map(|gap| format!("{:.3} s", gap.seconds())).unwrap_or_default(),
    ]
}

fn event(line: &EventLine<'_>, began: Stamp) -> [String; 4] {
    let EventLine { at, from, to, event, .. } = line;
    [
        format!("{:.6} s", event.time.seconds_since(began)),
        (*at).to_owned(),
        format!("{from} → {to}"),
        event.what.clone(),
    ]
}

#[cfg(test)]
mod tests;
