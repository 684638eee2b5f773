//! A client that asks an address again and again, and notes when each question was sent and answered.

mod echo;
mod tcp;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use netlab::Docker;

use super::super::stamp::{Micros, Stamp};
use super::monitor::Lateness;
use crate::failure::Failure;
use crate::tapping;

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Probe {
    /// The time at which it was sent.
    pub sent: Stamp,
    /// The time at which it was answered; `None` if it was not.
    pub answered: Option<Stamp>,
}

/// A kind of question, with its destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// An ICMP echo.
    Echo(IpAddr),
    /// A TCP connection.
    Connect(SocketAddr),
}

impl Question {
    /// Returns the destination address.
    pub(crate) const fn to(self) -> IpAddr {
        match self {
            Self::Echo(to) => to,
            Self::Connect(to) => to.ip(),
        }
    }

    /// Returns the number of the IP protocol that it uses.
    pub(crate) const fn protocol(self) -> u8 {
        match self {
            Self::Echo(IpAddr::V4(_)) => 1,
            Self::Echo(IpAddr::V6(_)) => 58,
            Self::Connect(_) => 6,
        }
    }

    /// Returns the interval between questions: the error of what they show. A connection costs both ends more than an
    /// echo.
    pub(crate) const fn every(self) -> Duration {
        match self {
            Self::Echo(_) => Duration::from_millis(5),
            Self::Connect(_) => Duration::from_millis(10),
        }
    }

    /// Describes it in words.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Echo(to) => format!("ICMP echo to {to}"),
            Self::Connect(to) => format!("TCP connections to {to}"),
        }
    }
}

/// A client that asks on its own thread until it is dropped.
#[derive(Debug)]
pub(crate) struct Client {
    /// The container in whose network it runs.
    pub from: String,
    /// The question that it asks.
    pub question: Question,
    asked: Arc<Asked>,
}

/// The state that a client shares with its thread.
#[derive(Debug, Default)]
struct Asked {
    stop: AtomicBool,
    probes: Mutex<Vec<Probe>>,
    lateness: Lateness,
    trouble: Mutex<Option<String>>,
}

impl Client {
    /// Begins to ask from within a container's network.
    ///
    /// # Errors
    /// If its network cannot be entered.
    pub(crate) async fn start(docker: &Docker, from: &str, question: Question) -> Result<Self, Failure> {
        let asked = Arc::new(Asked::default());
        let shared = Arc::clone(&asked);
        let netns = tapping::network_of(docker, from).await?;
        // It ends when the client is dropped; nobody waits for it.
        tokio::spawn(async move {
            let inside = Arc::clone(&shared);
            let end = netns.run(move || inside.ask(question)).await;
            let trouble = match end {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(error) => Some(error.to_string()),
            };
            *shared.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        });
        Ok(Self { from: from.to_owned(), question, asked })
    }

    /// Returns every question so far, in the order of sending.
    pub(crate) fn probes(&self) -> Vec<Probe> {
        self.asked.probes().clone()
    }

    /// `true` if the last `count` questions were answered; those of the last `grace` may still be waiting.
    pub(crate) fn is_answered(&self, count: usize, grace: Duration) -> bool {
        let probes = self.asked.probes();
        let until = Stamp::now().plus(Micros(-Micros::from(grace).0));
        let mut last =
            probes.iter().rev().skip_while(|probe| probe.answered.is_none() && probe.sent > until).take(count);
        probes.len() >= count && last.all(|probe| probe.answered.is_some())
    }

    /// Returns the worst delay of the stamps.
    pub(crate) fn lateness(&self) -> Micros {
        self.asked.lateness.worst()
    }

    /// Returns the reason why it ended early; `None` if it did not.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.asked.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.asked.stop.store(true, Ordering::Relaxed);
    }
}

impl Asked {
    fn ask(&self, question: Question) -> io::Result<()> {
        super::monitor::hurry();
        match question {
            Question::Echo(to) => echo::ask(self, to, question.every()),
            Question::Connect(to) => tcp::ask(self, to, question.every()),
        }
    }

    fn probes(&self) -> MutexGuard<'_, Vec<Probe>> {
        self.probes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// Notes a question, and returns its number.
    fn sent(&self, at: Stamp) -> usize {
        let mut probes = self.probes();
        probes.push(Probe { sent: at, answered: None });
        probes.len() - 1
    }

    fn answered(&self, number: usize, at: Stamp) {
        if let Some(probe) = self.probes().get_mut(number) {
            probe.answered.get_or_insert(at);
        }
    }
}
