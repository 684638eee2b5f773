//! The files of every documented instance, as they are.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

#[test]
fn every_instance_renders_to_its_golden_files() {
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "goldens", omit_expression => true }, {
        for (name, instance) in support::all() {
            let files = support::files(instance);
            insta::assert_snapshot!(format!("{name}.conf"), files.frr_conf);
            insta::assert_snapshot!(format!("{name}.daemons"), files.daemons);
        }
    });
}

#[test]
fn vtysh_keeps_one_file_for_all_daemons() {
    let files = support::files(support::instance("frr1"));
    assert_eq!(files.vtysh_conf, "service integrated-vtysh-config\n");
}
