use super::*;

#[test]
fn a_program_that_ends_with_it_prints_everything() {
    let refused = std::io::Error::other("connection refused");
    let failure = Failure::machine("no engine answers").cause(&refused).place("/run/x.sock");
    assert_eq!(
        format!("{:?}", failure.next("⌘ doctor")),
        "no engine answers\n  cause: connection refused\n  at: /run/x.sock\n  next: doctor"
    );
    assert_eq!(format!("{:?}", Failure::step("it failed")), "it failed");
}

#[test]
fn a_wait_that_ran_out_is_no_failed_step() {
    let wait = || settle::Unsettled::<Failure>::TimedOut {
        name: "BFD up".into(),
        bound: std::time::Duration::from_secs(1),
        last: "down".into(),
    };
    assert_eq!(Failure::from(wait()).kind(), Kind::TimedOut);
}

#[test]
fn several_objects_in_the_way_are_no_failed_step() {
    let foreign = |object: &str| metallb::Error::Foreign { object: object.to_owned(), because: "no label".to_owned() };
    let of = |errors: Vec<metallb::Error>| Failure::from(metallb::Error::Several(errors)).kind();
    assert_eq!(of(vec![foreign("BGPPeer a"), foreign("BGPPeer b")]), Kind::Machine);
    assert_eq!(of(vec![foreign("BGPPeer a"), metallb::Error::Stopped { step: "x".to_owned() }]), Kind::Step);
}
