//! Says which BGP sessions are up, and ends with failure where one is not.
//!
//!     docker exec frr1 vtysh -c 'show bgp summary json' | cargo run -p frrconf --example summary

#![allow(clippy::print_stdout, reason = "it is what this example is for")]

use std::collections::BTreeSet;
use std::error::Error;
use std::process::ExitCode;

use frrconf::views::{BgpSummary, Family};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let summary = BgpSummary::parse(&std::io::read_to_string(std::io::stdin())?)?;
    let mut down = BTreeSet::new();
    for family in Family::ALL {
        for (address, peer) in summary.family(family).iter().flat_map(|family| &family.peers) {
            let (received, sent) = (peer.prefixes_received.unwrap_or(0), peer.prefixes_sent.unwrap_or(0));
            println!("{family} {address} (AS {}): {}, {received} in, {sent} out", peer.remote_as, peer.state);
            if !summary.established(*address) {
                down.insert(*address);
            }
        }
    }
    Ok(if down.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
