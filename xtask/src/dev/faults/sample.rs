//! A sample of the faults, the same for the same seed.

use std::collections::{BTreeMap, VecDeque};

use super::fault::Fault;

/// Returns `count` faults, of each kind of object as many as of every other, as long as it has any. The choice depends on
/// the names and the seed only: a fault that is new moves no other.
pub(super) fn sample(faults: Vec<Fault>, count: usize, seed: u64) -> Vec<Fault> {
    let mut kinds: BTreeMap<String, Vec<Fault>> = BTreeMap::new();
    for fault in faults {
        kinds.entry(fault.kind().to_owned()).or_default().push(fault);
    }
    let mut queues: VecDeque<VecDeque<Fault>> = kinds.into_values().map(|kind| shuffled(kind, seed)).collect();
    let mut chosen = Vec::new();
    while chosen.len() < count
        && let Some(mut queue) = queues.pop_front()
    {
        if let Some(fault) = queue.pop_front() {
            chosen.push(fault);
            queues.push_back(queue);
        }
    }
    chosen
}

fn shuffled(mut faults: Vec<Fault>, seed: u64) -> VecDeque<Fault> {
    faults.sort_by_cached_key(|fault| hash(&fault.id, seed));
    faults.into()
}

/// FNV-1a, which every release and machine computes alike, and a mix of its bits: names differ in few of them.
fn hash(text: &str, seed: u64) -> u64 {
    let begin = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = text.bytes().fold(begin, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults() -> Vec<Fault> {
        let ids = (0..40).map(|n| format!("line/frr1/{n}")).chain((0..3).map(|n| format!("network/{n}")));
        ids.map(|id| Fault::of(id, "frr1", Vec::new())).collect()
    }

    fn ids(count: usize, seed: u64) -> Vec<String> {
        sample(faults(), count, seed).into_iter().map(|fault| fault.id).collect()
    }

    #[test]
    fn a_seed_is_a_sample() {
        assert_eq!(ids(10, 7), ids(10, 7));
        assert_ne!(ids(10, 7), ids(10, 8));
        assert_eq!(ids(10, 7)[..], ids(20, 7)[..10], "a larger one begins with the smaller");
    }

    #[test]
    fn every_kind_has_its_share_and_nothing_comes_twice() {
        let networks = |ids: &[String]| ids.iter().filter(|id| id.starts_with("network/")).count();
        assert_eq!((networks(&ids(4, 1)), networks(&ids(30, 1))), (2, 3));
        let mut all = ids(100, 1);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 43);
    }
}
