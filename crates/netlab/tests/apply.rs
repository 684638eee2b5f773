//! Plans that are not carried out fully.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::sync::Mutex;

use common::two_networks;
use netlab::fake::Fake;
use netlab::{Event, Lab, apply, observe, plan};

/// An engine that restarts breaks one request and may answer the next: steps under way end, and no other begins.
#[tokio::test]
async fn no_step_begins_after_the_engine_was_lost() {
    let (fake, lab) = (Fake::default(), Lab::try_from(two_networks("t", 10)).unwrap());
    let plan = plan(&lab, &observe(&fake, &lab).await.unwrap()).unwrap();
    fake.world().effects_left = Some(0);
    let began = Mutex::new(Vec::new());
    let observer = |event: &Event<'_>| match event {
        Event::Started { name, .. } => began.lock().unwrap().push((*name).to_owned()),
        Event::Failed { .. } => {
            fake.world().effects_left = None;
            began.lock().unwrap().clear();
        }
        _ => {}
    };
    let error = apply(&fake, &plan, &observer).await.unwrap_err();
    assert!(error.engine_is_unreachable());
    assert_eq!(began.into_inner().unwrap(), Vec::<String>::new());
    assert_eq!(error.applied.outcomes.len() + error.failures.len() + error.skipped.len(), plan.tasks.len());
}
