//! Causes outside of MetalLB that the words of a failure show.

/// The effect of a reload on sessions over eBGP multihop.
pub(super) const RESET: &str = "the reload of some FRR releases (8.4 is one) takes `ebgp-multihop` and `ebgp-multihop 255` for \
                                different lines, and resets such sessions with every change (FRR #14242): another image of \
                                FRR helps, on the nodes too";

/// Returns the known cause of a failure.
#[must_use]
pub fn known(message: &str) -> Option<String> {
    let says = |words: &[&str]| words.iter().all(|word| message.contains(word));
    if says(&["increased connections dropped", "ebgp-", "multi-hop"]) {
        return Some(RESET.to_owned());
    }
    if says(&["failed to wget", "executable file not found"]) {
        return Some("the suite's routers have no wget: name another image with --suite-frr-image".to_owned());
    }
    if says(&["failed to wait for daemons"]) {
        return Some(
            "the suite's routers did not answer at once, and its releases before v0.16 do not wait for them: run the same again \
             with --resume"
                .to_owned(),
        );
    }
    if says(&["also in use by"]) {
        return Some("another service has an address that the spec asks for".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_causes_are_read_from_the_suites_words() {
        let dropped = "increased connections dropped from ebgp-multi-hop to 10.0.1.4, previous: 4 current 5";
        assert!(known(dropped).unwrap().contains("#14242"));
        let wget = "failed to wget from ibgp-single-hop to http://192.168.10.0:80/: exec: \"wget\": executable file not found in $PATH";
        assert!(known(wget).unwrap().contains("no wget"));
        assert!(known("failed to wait for daemons map[bgpd:true]").unwrap().contains("--resume"));
        assert_eq!(known("Timed out after 240.000s."), None);
        assert_eq!(
            known("increased connections dropped from ibgp-single-hop to 10.0.1.4, previous: 0 current 1"),
            None
        );
    }
}
