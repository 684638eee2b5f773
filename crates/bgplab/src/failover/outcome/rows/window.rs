//! The windows in which a run's loss and recovery are seen.

use frrconf::log::LogEvent;

use super::super::super::event::{Event, What};
use super::super::super::stamp::Stamp;
use super::Scope;

/// A phase's window, and the moment from which its times are counted.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) from: Stamp,
    pub(super) until: Stamp,
    pub(super) zero: Stamp,
}

/// Returns the windows of the loss and of the recovery. A target that heals by itself recovers from the first session
/// on that comes back, and its recovery counts from the break.
pub(super) fn windows(scope: &Scope<'_>) -> (Window, Window) {
    let zero = scope.broken.middle();
    let loss = |until| Window { from: scope.broken.from, until, zero };
    if !scope.heals_itself {
        let recovery = Window { from: scope.back.from, until: scope.end, zero: scope.back.from };
        return (loss(scope.back.from), recovery);
    }
    let up = |event: &&Event| {
        event.at >= scope.broken.from && matches!(event.what, What::Logged(LogEvent::Bgp { up: true, .. }))
    };
    let first = scope.events.iter().find(up).map_or(scope.end, |event| event.at);
    (loss(first), Window { from: first, until: scope.end, zero })
}
