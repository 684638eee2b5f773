//! The configuration that FRR should run by.

use std::collections::BTreeMap;

use frrconf::running::Running;

/// Returns what each container of the lab should run by, read from the file that it is given.
pub fn meant(topology: &netlab::Lab) -> BTreeMap<String, Running> {
    let of = |spec: &netlab::ContainerSpec| {
        let file = spec.files.iter().find(|file| file.path.ends_with("/frr.conf"))?;
        Some((spec.name.to_string(), Running::parse(&String::from_utf8_lossy(&file.contents))))
    };
    topology.containers().iter().filter_map(of).collect()
}
