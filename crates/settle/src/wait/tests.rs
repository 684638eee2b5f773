//! The times of the looks, and the words at a wait's end.

use super::*;
use futures::stream;

type Look = Verdict<u8, &'static str>;

fn wait() -> Wait {
    Wait::new("the thing", Duration::from_millis(200)).every(Duration::from_millis(5))
}

#[tokio::test]
async fn a_timeout_reports_the_last_observation() {
    let error = wait().poll(async || Look::NotYet("frr1 is Active".into())).await.unwrap_err();
    assert_eq!(error.to_string(), "the thing: not within 0.2 s; last seen: frr1 is Active");
}

#[tokio::test]
async fn a_look_that_hangs_is_dropped_at_the_bound() {
    let error = wait().poll(async || std::future::pending::<Look>().await).await.unwrap_err();
    assert!(matches!(error, Unsettled::TimedOut { .. }));
}

#[tokio::test]
async fn a_failure_ends_at_once() {
    let mut looks = 0;
    let error = wait()
        .poll(async || {
            looks += 1;
            Look::Failed("refused")
        })
        .await
        .unwrap_err();
    assert_eq!((error.to_string().as_str(), looks), ("the thing: refused", 1));
}

#[tokio::test]
async fn a_flap_starts_the_count_again() {
    let mut script = [true, true, false, true, true, true].into_iter();
    let mut looks = 0;
    let end = wait()
        .stable(3)
        .poll(async || {
            looks += 1;
            if script.next().unwrap() { Look::Ready(looks) } else { Look::NotYet("down".into()) }
        })
        .await;
    assert_eq!(end.unwrap(), 6);
}

#[tokio::test]
async fn a_stream_that_ends_early_reports_the_last_observation() {
    let error = wait().watch(stream::iter([Look::NotYet("0 of 3 nodes".into())])).await.unwrap_err();
    assert_eq!(error.to_string(), "the thing: the events ended early; last seen: 0 of 3 nodes");
}

#[tokio::test]
async fn a_stream_is_taken_until_it_is_ready() {
    let events = stream::iter([Look::NotYet("0".into()), Look::Ready(7), Look::Failed("late")]);
    assert_eq!(wait().watch(events).await.unwrap(), 7);
}

/// Returns when each look began, in milliseconds, in a wait of one second whose looks take `took` milliseconds, and
/// `true` if it ended well; `ready` decides by the number of the look.
async fn looks(wait: impl FnOnce(Wait) -> Wait, took: u64, ready: impl Fn(usize) -> bool) -> (Vec<u128>, bool) {
    let (began, mut times) = (Instant::now(), Vec::new());
    let end = wait(Wait::new("the thing", Duration::from_secs(1)))
        .poll(async || {
            times.push(began.elapsed().as_millis());
            sleep_until(Instant::now() + Duration::from_millis(took)).await;
            if ready(times.len()) { Look::Ready(0) } else { Look::NotYet("down".into()) }
        })
        .await;
    (times, end.is_ok())
}

#[tokio::test(start_paused = true)]
async fn first_looks_are_quick_and_the_last_is_at_the_bound() {
    let (times, _) = looks(|wait| wait, 0, |_| false).await;
    assert_eq!(times, [0, 25, 75, 175, 375, 625, 875, 1000]);
    let ends = looks(|wait| wait, 0, |look| look == 8).await;
    assert_eq!(ends, (times, true), "what holds at the bound holds within it");
}

#[tokio::test(start_paused = true)]
async fn the_last_look_has_the_time_that_it_needs() {
    let (times, in_time) = looks(|wait| wait, 100, |look| look == 6).await;
    assert_eq!((times, in_time), (vec![0, 125, 275, 475, 775, 900], true));
}

#[tokio::test(start_paused = true)]
async fn a_run_is_taken_at_the_full_pause() {
    assert_eq!(looks(|wait| wait.stable(3), 0, |_| true).await, (vec![0, 250, 500], true));
    let late = looks(|wait| wait.stable(2), 0, |look| look > 6).await;
    assert_eq!(late, (vec![0, 25, 75, 175, 375, 625, 875], false), "there is no time for a second one");
}

#[tokio::test(start_paused = true)]
async fn a_steady_wait_has_no_quick_looks() {
    assert_eq!(looks(Wait::steady, 0, |_| false).await, (vec![0, 250, 500, 750, 1000], false));
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_end_is_no_overflow() {
    let mut seen = 0;
    let second = async || {
        seen += 1;
        if seen == 2 { Look::Ready(2) } else { Look::NotYet("down".into()) }
    };
    assert_eq!(Wait::new("the thing", Duration::MAX).poll(second).await.unwrap(), 2);
    assert_eq!(Wait::new("the thing", Duration::MAX).watch(stream::iter([Look::Ready(7)])).await.unwrap(), 7);
    // The last look is at the bound, however long the pause.
    let pause = |wait: Wait| wait.every(Duration::MAX).steady();
    assert_eq!(looks(pause, 0, |_| false).await, (vec![0, 1000], false));
}
