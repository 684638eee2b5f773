//! The terminal as a screen of its own, given back as it was.

use std::io::{self, IsTerminal, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::draw::Paper;
use crate::exit::has_colours;

/// The other screen, and no cursor.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[2J";
/// The cursor, and the screen that was there before.
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";

/// A screen of its own, until dropped.
pub(super) struct Screen {
    /// The keyboard's settings of before, where there is one.
    keyboard: Option<Termios>,
}

impl Screen {
    pub(super) fn enter() -> io::Result<Self> {
        let keyboard = io::stdin().is_terminal().then(|| tcgetattr(rustix::stdio::stdin())).transpose()?;
        let screen = Self { keyboard };
        screen.open()?;
        Ok(screen)
    }

    fn open(&self) -> io::Result<()> {
        if let Some(before) = &self.keyboard {
            // Keys come at once and are not shown; Ctrl-C stays a signal.
            let mut quiet = before.clone();
            quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
            tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &quiet)?;
        }
        write(ENTER)
    }

    fn close(&self) {
        // The terminal may have been closed.
        let _ = write(LEAVE);
        if let Some(before) = &self.keyboard {
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, before);
        }
    }

    /// Gives the terminal back while the process is stopped (Ctrl-Z), and takes it again when it goes on.
    pub(super) fn suspended(&self) -> io::Result<()> {
        self.close();
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)?;
        self.open()
    }

    /// Draws a frame.
    pub(super) fn draw(&self, frame: &str) -> io::Result<()> {
        write(frame)
    }

    /// Returns its size as it is now, and whether it has colours.
    pub(super) fn paper(&self) -> Paper {
        let (columns, rows) = tcgetwinsize(rustix::stdio::stdout()).map_or((80, 24), |size| (size.ws_col, size.ws_row));
        // A terminal of no size is one that does not know its size.
        let known = |number: u16, usual| if number == 0 { usual } else { usize::from(number) };
        Paper { columns: known(columns, 80), rows: known(rows, 24), colours: has_colours(&io::stdout()) }
    }

    /// Reads the keys that are pressed. A thread of its own reads them, and may still sit in a read when the process ends.
    pub(super) fn keys(&self) -> UnboundedReceiver<u8> {
        let (keys, pressed) = unbounded_channel();
        if self.keyboard.is_some() {
            std::thread::spawn(move || {
                let mut key = [0];
                while let Ok(1) = io::stdin().lock().read(&mut key) {
                    if keys.send(key[0]).is_err() {
                        return;
                    }
                }
            });
        }
        pressed
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.close();
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
