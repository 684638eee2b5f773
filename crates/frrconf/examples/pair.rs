//! Writes the configuration of two routers that speak BGP with each other, watched by BFD.
//!
//!     cargo run -p frrconf --example pair -- DIRECTORY 64500@10.0.0.1 64512@10.0.0.2 203.0.113.0/24
//!
//! makes `DIRECTORY/left` and `DIRECTORY/right`, each with the files of `/etc/frr`; the left one advertises the
//! prefixes.

#![allow(clippy::print_stderr, reason = "an example prints its errors")]

use std::error::Error;
use std::net::IpAddr;
use std::path::Path;
use std::process::ExitCode;

use frrconf::model::{Bfd, BfdProfile, Bgp, Families, Instance, Neighbor, Peering, Reach};
use frrconf::values::{Asn, BfdInterval, Hostname, Name};
use ipnet::IpNet;

struct Side {
    asn: Asn,
    address: IpAddr,
}

impl Side {
    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        let (asn, address) = text.split_once('@').ok_or_else(|| format!("{text}: give AS@ADDRESS"))?;
        Ok(Self { asn: Asn::new(asn.parse()?)?, address: address.parse()? })
    }

    fn speaks_to(&self, hostname: &str, peer: &Self, networks: Vec<IpNet>) -> Result<Instance, Box<dyn Error>> {
        let fast = Name::new("fast")?;
        let interval = Some(BfdInterval::new(100)?);
        let mut instance = Instance::new(Hostname::new(hostname)?);
        instance.bfd_profiles.push(BfdProfile {
            receive: interval,
            transmit: interval,
            ..BfdProfile::new(fast.clone())
        });
        let neighbor = Neighbor {
            bfd: Some(Bfd::Profile(fast)),
            families: Families::both(Default::default()),
            ..Neighbor::new(peer.address, Peering::between(self.asn, peer.asn, Reach::Connected))
        };
        instance.bgp = Some(Bgp { neighbors: vec![neighbor], networks, ..Bgp::new(self.asn) });
        Ok(instance)
    }
}

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [directory, left, right, networks @ ..] = &args[..] else {
        return Err("give DIRECTORY AS@ADDRESS AS@ADDRESS [PREFIX]...".into());
    };
    let (left, right) = (Side::parse(left)?, Side::parse(right)?);
    let networks = networks.iter().map(|network| network.parse()).collect::<Result<_, _>>()?;
    for (name, instance) in
        [("left", left.speaks_to("left", &right, networks)?), ("right", right.speaks_to("right", &left, vec![])?)]
    {
        let directory = Path::new(directory).join(name);
        std::fs::create_dir_all(&directory)?;
        for (file, text) in instance.validate()?.files()?.entries() {
            std::fs::write(directory.join(file), text)?;
        }
    }
    Ok(())
}
