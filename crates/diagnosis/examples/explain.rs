//! Explains why nodes do not answer a router that has lost a route, from evidence made by hand:
//!
//!     cargo run -p diagnosis --example explain [LAB-FILE]

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use diagnosis::evidence::inside;
use diagnosis::{Check, Diagnosis, Evidence, Subject, Topic};
use labfile::{Lab, Overrides, ProviderName, compose};

/// The output of [`inside::script`] in a container that has its default route only.
const PRINTED: &str = "\u{1e}routes4
[{\"dst\":\"default\",\"gateway\":\"10.0.2.1\",\"dev\":\"eth0\",\"flags\":[]}]
";

fn main() -> Result<(), Box<dyn Error>> {
    let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
    let lab = match std::env::args().nth(1) {
        Some(path) => Lab::from_file(path.as_str().into(), &overrides)?,
        None => Lab::documented(&overrides)?,
    };
    let nodes = compose::known_nodes(&lab).to_vec();
    let mut evidence = Evidence::unseen(lab, nodes)?;

    // Whoever gathers evidence runs the script in every container, asks FRR, Docker and Kubernetes, and checks.
    evidence.inside.insert("frr1".to_owned(), inside::parse(PRINTED));
    for ping in evidence.expected.forwarding.iter().filter(|ping| ping.from == "frr1") {
        let (from, to) = (ping.from.clone(), ping.to.clone());
        let subject = Subject::Way { from, to, address: ping.address };
        evidence.failed.push(Check::failed(Topic::Forwarding, subject, "no answer"));
    }

    let diagnosis = Diagnosis::of(&evidence);
    print!("{}", diagnosis.text("metallb-lab"));
    Ok(())
}
