//! The lab files that are kept, to start from.

/// A lab file that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The name, which is its lab's.
    pub name: &'static str,
    /// The text.
    pub text: &'static str,
}

/// Lists the files of `labs/` by their names.
macro_rules! kept {
    ($($name:literal)*) => {
        &[$(Kept { name: $name, text: include_str!(concat!("../labs/", $name, ".toml")) }),*]
    };
}

/// Every lab file that is kept, the documented one first.
pub const KEPT: &[Kept] = kept!(
    "documented" "e2e" "ebgp-password" "families" "gateways" "ipv6-only" "ipv6-sessions" "leaf-spine"
    "next-hop-router-speaker" "racks" "same-network" "scale" "services" "two-hops"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests;

    #[test]
    fn every_file_is_kept() {
        let files: Vec<_> = tests::all().iter().map(|file| fs_err::read_to_string(file).unwrap()).collect();
        assert_eq!(KEPT.iter().map(|kept| kept.text).collect::<Vec<_>>(), files);
        assert_eq!(KEPT[0].text, crate::DOCUMENTED);
        for kept in KEPT {
            assert_eq!(tests::read(kept.text, &crate::Overrides::default()).unwrap().name.as_str(), kept.name);
        }
    }
}
