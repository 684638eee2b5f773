//! The names and ranges of the tests' labs, which run beside each other: one place, so that no two share any.
#![allow(clippy::panic, reason = "a test that has no range fails")]

/// Every lab's prefix of names, and the octet of its ranges (`10.OCTET.0.0/16`, `fdOCTET::/32`).
const LABS: &[(&str, u8)] = &[
    ("xfo", 62),
    ("xfp", 63),
    ("xfd", 64),
    ("xft", 65),
    ("rpc", 66),
    ("xfb", 67),
    ("rpr", 68),
    ("rps", 69),
    ("xda", 70),
    ("xdb", 71),
    ("xdc", 72),
    ("xdd", 73),
    ("xde", 74),
    ("xdf", 75),
    ("xdg", 76),
    ("xck", 81),
    ("xsd", 85),
    ("xfn", 86),
    ("xlk", 88),
    ("xga", 89),
    ("xla", 90),
    ("xlb", 91),
    ("xkl", 92),
    ("xrp", 93),
    ("xup", 94),
    ("xfc", 95),
    ("xta", 96),
    ("xor", 97),
    ("xim", 98),
    ("xnk", 99),
    ("xvs", 101),
    ("xve", 102),
    ("xvi", 103),
    ("xvn", 104),
    ("xvo", 105),
    ("xvr", 106),
    ("xvl", 108),
    ("xvg", 109),
    ("xvt", 110),
    ("xvp", 111),
    ("xv6", 112),
    ("xvf", 113),
];

/// Octets that tests of other crates use: the kept labs, `bgplab`, the action, `netlab`, `frrconf`, `metallb`.
const ELSEWHERE: &[u8] = &[0, 16, 51, 52, 57, 58, 77, 78, 79, 80, 82, 83];

const _: () = {
    let mut at = 0;
    while at < LABS.len() {
        let mut elsewhere = 0;
        while elsewhere < ELSEWHERE.len() {
            assert!(LABS[at].1 != ELSEWHERE[elsewhere], "a lab's octet is used by another crate's tests");
            elsewhere += 1;
        }
        let mut other = at + 1;
        while other < LABS.len() {
            assert!(LABS[at].1 != LABS[other].1, "two labs have the same octet");
            assert!(!same(LABS[at].0, LABS[other].0), "two labs have the same prefix");
            other += 1;
        }
        at += 1;
    }
};

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Returns the octet of the lab whose names start with `prefix`.
pub(crate) fn octet(prefix: &str) -> u8 {
    let lab = LABS.iter().find(|(of, _)| *of == prefix);
    lab.unwrap_or_else(|| panic!("{prefix} has no range of its own in support/ranges.rs")).1
}
