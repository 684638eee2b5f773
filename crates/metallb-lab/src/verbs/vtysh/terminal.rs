//! Our own terminal, handed to a shell somewhere else.

use std::io::{self, Read, Write};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::shell::Shell;
use bgplab::Failure;

/// A terminal that passes every key on, until dropped.
struct Raw(Termios);

impl Raw {
    fn enter() -> io::Result<Self> {
        let before = tcgetattr(rustix::stdio::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw)?;
        Ok(Self(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // The terminal may have been closed.
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0);
    }
}

/// Passes keys to the shell and its output to the terminal until it ends, and returns its exit code.
pub(super) async fn talk(mut shell: Shell) -> Result<u8, Failure> {
    let failed = |error: io::Error| Failure::machine("the terminal cannot be used").cause(&error);
    let mut resized = signal(SignalKind::window_change()).map_err(failed)?;
    let raw = Raw::enter().map_err(failed)?;
    let mut keys = keys();
    loop {
        tokio::select! {
            said = shell.read() => match said? {
                Some(bytes) => show(&bytes).map_err(failed)?,
                None => break,
            },
            Some(typed) = keys.recv() => shell.write(&typed).await,
            Some(()) = resized.recv() => shell.resize().await,
        }
    }
    drop(raw);
    shell.code().await
}

/// Reads what is typed. A thread of its own reads it, and may still sit in a read when the process ends.
fn keys() -> UnboundedReceiver<Vec<u8>> {
    let (keys, typed) = unbounded_channel();
    std::thread::spawn(move || {
        let mut chunk = [0; 1024];
        while let Ok(read @ 1..) = io::stdin().lock().read(&mut chunk) {
            if keys.send(chunk.get(..read).unwrap_or_default().to_vec()).is_err() {
                return;
            }
        }
    });
    typed
}

fn show(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}
