//! Captures BGP and BFD in the network of a process: writes a pcap file, prints flows and events.
//!
//! ```text
//! cargo run -p bgptap --example listen -- PID SECONDS FILE
//! ```
#![allow(clippy::print_stdout, reason = "an example shows its results")]

use std::error::Error;
use std::fs::File;
use std::time::Duration;

use bgptap::{Capture, Filter, Kinds, Names, Netns, Place};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pid, seconds, path] = arguments.as_slice() else { return Err("usage: listen PID SECONDS FILE".into()) };
    let netns = Netns::of_process(pid.parse()?);
    let places = vec![Place::new(netns.name(), netns.clone())];
    let mut capture = Capture::start(places, Filter::new(Kinds::Both), Some(File::create(path)?)).await?;
    let over = Duration::from_secs(seconds.parse()?);
    // An error means that the time is over, as it should be; `end` says why a capture broke off before.
    let _ = tokio::time::timeout(over, capture.broken()).await;
    let captured = capture.end().await?;

    let names = Names::new(captured.places, [].into());
    for line in captured.summary.flows(&names) {
        let gap = line.flow.longest_gap.map_or(0.0, bgptap::Gap::seconds);
        println!("{} → {} {}: {} packets, longest gap {gap:.3} s", line.from, line.to, line.kind, line.flow.packets);
    }
    for line in captured.summary.events(&names) {
        let at = line.event.time.seconds_since(captured.began);
        println!("{at:6.3} s {} → {} {}", line.from, line.to, line.event.what);
    }
    println!("{} packets in {path}, {} lost", captured.packets, captured.lost);
    Ok(())
}
