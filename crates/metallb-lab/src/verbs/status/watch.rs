//! A live view, that one leaves open beside a terminal.

use std::io::{self, IsTerminal};
use std::pin::pin;
use std::time::Instant;

use futures::StreamExt;
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::screen::Screen;
use super::{draw, show};
use crate::ctx::Ctx;
use crate::exit::{Answer, out};
use crate::interrupt;
use bgplab::Failure;
use bgplab::status::{Change, History, Status, looks};

/// The key that ends the view, beside Ctrl-C.
const QUIT: u8 = b'q';

/// SIGTSTP, as Ctrl-Z sends it.
const SUSPEND: i32 = 20;

/// Shows what is there until a key or a signal ends it, or nobody reads any more.
pub(super) async fn watch(ctx: &Ctx) -> Result<Answer, Failure> {
    let failed = |error: io::Error| Failure::machine("the terminal cannot be used").cause(&error);
    let mut taken = interrupt::take();
    let drawn = io::stdout().is_terminal() && !ctx.globals.json;
    let screen = drawn.then(Screen::enter).transpose().map_err(failed)?;
    let mut keys = screen.as_ref().map(Screen::keys);
    // Without a screen they mean what they always do.
    let listen = |kind| drawn.then(|| signal(kind).ok()).flatten();
    let (mut resized, mut suspended) = (listen(SignalKind::window_change()), listen(SignalKind::from_raw(SUSPEND)));
    let mut view = View { json: ctx.globals.json, command: ctx.command, history: History::default(), trouble: None };
    let mut shown = view.draw(screen.as_ref());
    // A look that hangs, as at an engine that is ending, holds no keys and signals up.
    let mut looks = pin!(looks(ctx));
    while shown.is_ok() {
        shown = tokio::select! {
            // Leaving is the usual end, by Ctrl-C too.
            _ = taken.signal() => break,
            key = next(keys.as_mut()) => match key {
                QUIT => break,
                _ => continue,
            },
            () = heard(resized.as_mut()) => view.draw(screen.as_ref()),
            () = heard(suspended.as_mut()) => screen.as_ref().map_or(Ok(()), Screen::suspended),
            Some(seen) = looks.next() => match view.take(seen)? {
                _ if screen.is_some() => view.draw(screen.as_ref()),
                Some(text) => out(&text),
                None => continue,
            }
        };
    }
    Ok(Answer::default())
}

async fn heard(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

async fn next(keys: Option<&mut tokio::sync::mpsc::UnboundedReceiver<u8>>) -> u8 {
    match keys {
        Some(keys) => match keys.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

struct View {
    json: bool,
    command: &'static str,
    history: History,
    trouble: Option<String>,
}

impl View {
    /// Takes what a look saw; what there is to say of it where no screen is drawn.
    fn take(&mut self, seen: Result<Status, Failure>) -> Result<Option<String>, Failure> {
        let first = self.history.status().is_none();
        match seen {
            Ok(status) => {
                let over = self.trouble.take().is_some();
                let changes = self.history.take(&status, Instant::now(), &clock());
                if self.json {
                    // Without a change there is nothing new, but that it can be seen again.
                    return (first || over || !changes.is_empty()).then(|| line(&status)).transpose();
                }
                Ok(lines(first, &changes, &status))
            }
            Err(failure) => {
                let why = failure.message().to_owned();
                if self.trouble.replace(why.clone()).as_ref() == Some(&why) {
                    return Ok(None);
                }
                if self.json {
                    return line(&json!({ "error": crate::exit::to_json(&failure, self.command) })).map(Some);
                }
                Ok(Some(format!("{} {why}", clock())))
            }
        }
    }

    /// Draws what was seen; an error of writing is the reader's end.
    fn draw(&self, screen: Option<&Screen>) -> io::Result<()> {
        let Some(screen) = screen else { return Ok(()) };
        screen.draw(&draw::screen(&self.history, self.trouble.as_deref(), &clock(), Instant::now(), screen.paper()))
    }
}

/// The whole at first, then what has changed.
fn lines(first: bool, changes: &[Change], now: &Status) -> Option<String> {
    if first {
        return Some(show::text(now));
    }
    let clock = clock();
    (!changes.is_empty()).then(|| changes.iter().map(|change| format!("{clock} {}\n", change.text)).collect())
}

/// A document in a line.
fn line(document: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(document).map_err(|error| Failure::step("cannot write JSON").cause(&error))
}

fn clock() -> String {
    jiff::Zoned::now().strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::show::tests::status;
    use super::*;

    #[test]
    fn what_is_watched_as_json_is_a_document_a_line() {
        let mut view = View { json: true, command: "metallb-lab", history: History::default(), trouble: None };
        let mut said = |seen| {
            let text = view.take(seen).unwrap()?;
            assert_eq!(text.lines().count(), 1, "{text}");
            Some(serde_json::from_str::<serde_json::Value>(&text).unwrap())
        };
        let gone = || Err(Failure::machine("no Docker engine"));
        assert_eq!(said(gone()).unwrap()["error"]["message"], "no Docker engine");
        assert_eq!(said(gone()), None, "it is known");
        let seen = said(Ok(status("Active", 1))).unwrap();
        assert_eq!(seen["sessions"][0]["is"], "Active", "{seen}");
        assert_eq!(said(Ok(status("Active", 2))), None, "nothing has changed");
        said(gone()).unwrap();
        assert_eq!(said(Ok(status("Active", 3))), Some(serde_json::to_value(status("Active", 3)).unwrap()));
    }
}
