//! Looking again every second.

use std::io::{self, IsTerminal};
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::{Status, gather, show};
use crate::ctx::Ctx;
use crate::exit::{Answer, Failure, out};

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);

/// Shows what is there until a signal ends it, or nobody reads any more.
pub(super) async fn watch(ctx: &Ctx) -> Result<Answer, Failure> {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let drawn = io::stdout().is_terminal() && !ctx.globals.json;
    let mut before = None;
    loop {
        ticks.tick().await;
        // What cannot be looked at now may be there again in a second.
        let now = gather::status(ctx).await;
        let text = match &now {
            Err(failure) if drawn => Some(frame(&format!("{}\n", failure.message()))),
            Err(failure) => Some(failure.message().to_owned()),
            Ok(now) if drawn => Some(frame(&show::text(now))),
            Ok(now) => difference(ctx, before.as_ref(), now)?,
        };
        if text.is_some_and(|text| out(&text).is_err()) {
            return Ok(Answer::default());
        }
        before = now.ok().or(before);
    }
}

/// The whole at first, then what has changed; with `--json` a whole document a line.
fn difference(ctx: &Ctx, before: Option<&Status>, now: &Status) -> Result<Option<String>, Failure> {
    let changes = before.map(|before| show::changes(before, now));
    if changes.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    if ctx.globals.json {
        let line = serde_json::to_string(now).map_err(|error| Failure::step("cannot write JSON").cause(&error))?;
        return Ok(Some(line));
    }
    let Some(changes) = changes else { return Ok(Some(show::text(now))) };
    let time = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
    Ok(Some(changes.iter().map(|change| format!("{time} {change}\n")).collect()))
}

/// A text drawn over the last one: from the top, each line's rest and everything below cleared.
fn frame(text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("{line}\x1b[K\n")).collect();
    format!("\x1b[H{lines}\x1b[J")
}
