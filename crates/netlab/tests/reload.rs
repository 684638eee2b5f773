//! Changed files are loaded, whatever comes in between.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::two_networks;
use netlab::fake::{Commands, Fake};
use netlab::{Lab, OnChange, Plan, apply, observe, plan};

/// A lab with two files, each loaded by its own command.
fn lab(contents: &str) -> Lab {
    let mut spec = two_networks("t", 10);
    spec.containers[1].files[1].on_change = OnChange::Reload(vec!["take-boot".to_owned()]);
    spec.containers[1].files.iter_mut().for_each(|file| file.contents = contents.into());
    Lab::try_from(spec).unwrap()
}

async fn plan_now(fake: &Fake, lab: &Lab) -> Plan {
    plan(lab, &observe(fake, lab).await.unwrap()).unwrap()
}

async fn up() -> Fake {
    let (fake, lab) = (Fake::default(), lab("old"));
    apply(&fake, &plan_now(&fake, &lab).await, &()).await.unwrap();
    fake
}

/// The last command only clears the note of pending files.
#[tokio::test]
async fn a_run_killed_between_two_reloads_is_completed() {
    let lab = lab("new");
    for killed_after in 0.. {
        let fake = up().await;
        let change = plan_now(&fake, &lab).await;
        fake.world().effects_left = Some(killed_after);
        let done = apply(&fake, &change, &()).await.is_ok();
        fake.world().effects_left = None;
        let rest = plan_now(&fake, &lab).await;
        assert_eq!(rest.is_empty(), done, "killed after {killed_after}: {rest}");
        if done {
            assert_eq!(killed_after, 4, "the upload, two commands, and the note");
            break;
        }
        apply(&fake, &rest, &()).await.unwrap();
        assert!(plan_now(&fake, &lab).await.is_empty(), "killed after {killed_after}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_without_end_is_named() {
    let (fake, lab) = (up().await, lab("new"));
    let change = plan_now(&fake, &lab).await;
    fake.world().find("t-left").unwrap().commands = Commands::Hang;
    let error = apply(&fake, &change, &()).await.unwrap_err();
    insta::assert_snapshot!(error, @"reload:t-left: container t-left: `sh -c cp /etc/lab/conf /run/taken` has not ended within 120 s; `docker top t-left` shows what it waits for");
    fake.world().find("t-left").unwrap().commands = Commands::Run;
    let rest = plan_now(&fake, &lab).await;
    assert_eq!(rest.steps().map(netlab::Step::name).collect::<Vec<_>>(), ["reload:t-left"]);
}
