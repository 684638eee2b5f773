//! A whole standalone lab on a real engine with real FRR: up, again, interrupted anywhere, damaged, down.

mod support;

use support::{NEW_FRR, OLD_FRR, TestLab, docker, left_of};

#[rstest::rstest]
#[case::old(OLD_FRR, "xla")]
#[case::new(NEW_FRR, "xlb")]
#[ignore = "engine tier: cargo xtask test"]
fn a_lab_comes_up_once_and_goes_away_whole(#[case] image: &'static str, #[case] prefix: &'static str) {
    let mut lab = TestLab::small(prefix);
    lab.image = image;
    let planned = lab.planned();
    assert_eq!(lab.changed(), planned, "a dry run says what is done");
    lab.verified();
    assert_eq!(lab.planned(), [""; 0], "nothing is left to do");
    assert_eq!(lab.changed(), [""; 0], "nothing is done twice");

    let down = lab.run(&["lab-down"]);
    assert_eq!(down.code, Some(0), "{down:?}");
    assert_eq!(left_of(&lab.name("lab")), "");
    let again = lab.run(&["lab-down"]);
    assert_eq!((again.code, again.stdout.trim()), (Some(0), "nothing was there"));
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn killed_after_any_step_the_next_run_ends_in_the_same_lab() {
    let lab = TestLab::small("xkl");
    let steps = lab.planned();
    assert!(steps.len() > 10, "{steps:?}");
    lab.up();
    let whole = shape(&lab);
    for step in steps {
        assert_eq!(lab.run(&["lab-down"]).code, Some(0));
        lab.killed_after(&step, &["lab-up"]);
        // It waits until everything works, or fails.
        lab.up();
        assert_eq!(shape(&lab), whole, "after {step}");
        assert_eq!(lab.planned(), [""; 0], "after {step}");
    }
}

/// Lists the lab's containers with their networks and addresses, as Docker has them.
fn shape(lab: &TestLab) -> String {
    let format = "{{.Name}} {{.State.Status}} {{.Config.Labels}} {{range $name, $net := .NetworkSettings.Networks}}\
                  {{$name}} {{$net.IPAddress}} {{$net.GlobalIPv6Address}} {{end}}";
    let names = ["frr1", "nhr", "k-control-plane", "k-worker"].map(|name| lab.name(name));
    let args: Vec<&str> = ["inspect", "-f", format].into_iter().chain(names.iter().map(String::as_str)).collect();
    docker(&args)
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_is_damaged_is_repaired_and_nothing_else() {
    let lab = TestLab::small("xrp");
    lab.up();
    let (frr1, worker) = (lab.name("frr1"), lab.name("k-worker"));

    docker(&["rm", "-f", &frr1]);
    let planned = lab.planned();
    assert_eq!(planned, ["create-container", "upload", "start"].map(|step| format!("{step}:{frr1}")));
    assert_eq!(lab.changed(), planned);

    docker(&["stop", "-t", "0", &frr1]);
    // Into what does not run one cannot look: its files are put there again.
    assert_eq!(lab.planned(), ["upload", "start"].map(|step| format!("{step}:{frr1}")));
    assert_eq!(lab.changed(), ["upload", "start"].map(|step| format!("{step}:{frr1}")));

    // A restart loses routes and addresses; the container's own start brings them back.
    for container in [&frr1, &worker, &lab.name("nhr")] {
        docker(&["restart", "-t", "0", container]);
        lab.up();
        lab.verified();
    }

    // A changed configuration is put back without a restart, and its effect with it.
    docker(&["exec", &frr1, "sh", "-c", "echo 'ip route 192.0.2.0/24 blackhole' >> /etc/frr/frr.conf"]);
    assert_eq!(lab.planned(), ["upload", "reload"].map(|step| format!("{step}:{frr1}")));
    let started = docker(&["inspect", "-f", "{{.State.StartedAt}}", &frr1]);
    assert_eq!(lab.changed(), ["upload", "reload"].map(|step| format!("{step}:{frr1}")));
    assert_eq!(docker(&["inspect", "-f", "{{.State.StartedAt}}", &frr1]), started, "it was not restarted");

    // A route that leads elsewhere.
    let (to, wrong) = ("10.93.1.0/24", "10.93.2.1");
    docker(&["exec", &frr1, "ip", "route", "replace", to, "via", wrong]);
    assert_eq!(lab.planned(), [format!("routes:{frr1}")]);
    assert_eq!(lab.changed(), [format!("routes:{frr1}")]);
    lab.verified();

    // A route that is no longer there: FRR sets it again at once.
    docker(&["exec", &frr1, "ip", "route", "flush", to]);
    lab.up();
    lab.verified();
    assert_eq!(lab.planned(), [""; 0]);
}
