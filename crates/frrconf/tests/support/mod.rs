//! The instances that the golden files and the real FRR are asked about.

#![allow(dead_code, unreachable_pub, reason = "each test target uses its part")]

pub mod any;
pub mod docker;
pub mod documented;
pub mod everything;
pub mod running;
pub mod variants;
pub mod wait;

use frrconf::model::Instance;
use frrconf::values::{Asn, BfdInterval, DetectMultiplier, Hostname, MinimumTtl, Name};
use frrconf::{Files, model};

pub const PROFILE: &str = "doc-example-bfd-profile-full";

/// Every instance there is, by name.
pub fn all() -> Vec<(&'static str, Instance)> {
    documented::all().into_iter().chain(variants::all()).collect()
}

pub fn files(instance: Instance) -> Files {
    instance.validate().expect("the instance is valid").files().expect("it renders")
}

pub fn asn(number: u32) -> Asn {
    Asn::new(number).unwrap()
}

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub fn instance(hostname: &str) -> Instance {
    Instance::new(Hostname::new(hostname).unwrap())
}

/// The documented profile: 300 ms in both directions, three packets, one router between.
pub fn full_profile() -> model::BfdProfile {
    model::BfdProfile {
        receive: Some(BfdInterval::new(300).unwrap()),
        transmit: Some(BfdInterval::new(300).unwrap()),
        detect_multiplier: Some(DetectMultiplier::new(3).unwrap()),
        minimum_ttl: Some(MinimumTtl::behind(1).unwrap()),
        ..model::BfdProfile::new(name(PROFILE))
    }
}
