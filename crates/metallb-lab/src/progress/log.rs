//! Logs: tracing events to stderr, above the running steps.

use std::io;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use super::Display;
use bgplab::Failure;

use crate::exit::has_colours;

/// Starts logging. `RUST_LOG`, where set, is used instead of the level that `verbose` asks for.
pub(crate) fn start(verbose: u8, display: &Display) -> Result<(), Failure> {
    let directives = match (std::env::var("RUST_LOG"), verbose) {
        (Ok(directives), _) => directives,
        // kube logs what it returns: whether that is an error is ours to say.
        (Err(_), 0) => "warn,kube_client=off".to_owned(),
        (Err(_), 1) => {
            "warn,kube_client=off,metallb_lab=debug,bgplab=debug,labfile=debug,netlab=debug,metallb=debug,frrconf=debug,settle=debug".to_owned()
        }
        (Err(_), _) => "debug".to_owned(),
    };
    let filter = EnvFilter::try_new(&directives).map_err(|error| {
        Failure::wrong_use(format!("cannot read RUST_LOG={directives}"))
            .cause(&error)
            .next("for example RUST_LOG=debug")
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(display.clone())
        .with_ansi(has_colours(&io::stderr()))
        .without_time()
        .try_init()
        .map_err(|error| Failure::step(format!("cannot start logging: {error}")))
}

/// One event's text, written whole when it ends.
pub(crate) struct Event {
    display: Display,
    text: Vec<u8>,
}

impl io::Write for Event {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        self.display.write(&self.text);
    }
}

impl<'a> MakeWriter<'a> for Display {
    type Writer = Event;

    fn make_writer(&'a self) -> Event {
        Event { display: self.clone(), text: Vec::new() }
    }
}
