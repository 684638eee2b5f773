//! Words about families and peers.

use crate::{Family, Name};

/// Names a family before a noun.
pub(super) fn of(family: Option<Family>) -> String {
    family.map(|family| format!("{family} ")).unwrap_or_default()
}

/// Returns the other family.
pub(super) const fn other(family: Family) -> Family {
    match family {
        Family::Ipv4 => Family::Ipv6,
        Family::Ipv6 => Family::Ipv4,
    }
}

/// Says that none of these peers carries the family.
pub(super) fn carry_none(peers: &[Name], family: Family) -> String {
    const SHOWN: usize = 4;
    let other = other(family);
    let mut names: Vec<String> = peers.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    if peers.len() > SHOWN {
        names.push(format!("{} more", peers.len() - SHOWN));
    }
    match names.split_last() {
        None => "there is no peer".to_owned(),
        Some((one, [])) => format!("the session of peer {one} carries {other} only"),
        Some((last, others)) => format!("the sessions of peers {} and {last} carry {other} only", others.join(", ")),
    }
}
