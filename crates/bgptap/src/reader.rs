//! The thread that reads all sockets, and hands packets on in the order of time.

use std::collections::BTreeMap;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::sync::oneshot;

use crate::error::Error;
use crate::frame::Stamp;
use crate::netns::Netns;
use crate::order::Order;
use crate::recording::Recording;
use crate::tap::{Buffer, Device, Tap};

/// The time that packets wait for earlier ones of other sockets, in milliseconds.
const HELD: u8 = 5;

/// A place that is listened to from now on.
#[derive(Debug)]
pub(crate) struct Joined {
    /// The place's number.
    pub(crate) place: usize,
    pub(crate) netns: Netns,
    pub(crate) tap: Tap,
    pub(crate) devices: BTreeMap<u32, Device>,
}

/// The running thread. Dropped, it ends by itself, with a file that is whole.
#[derive(Debug)]
pub(crate) struct Reader {
    joining: mpsc::Sender<Joined>,
    /// A byte wakes the thread, the end of the pipe ends it.
    wake: PipeWriter,
    thread: JoinHandle<Result<Ended, Error>>,
    /// Closed by the thread's end.
    alive: oneshot::Receiver<()>,
    seen: Arc<AtomicU64>,
}

/// A recording that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) recording: Recording,
    /// Packets that found no room in a socket.
    pub(crate) lost: u64,
}

impl Reader {
    /// Listens at these places.
    pub(crate) fn start(recording: Recording, places: Vec<Joined>) -> io::Result<Self> {
        let (joining, joined) = mpsc::channel();
        let (woken, wake) = io::pipe()?;
        let seen = Arc::new(AtomicU64::new(0));
        let mut work = Work { recording, taps: Vec::new(), order: Order::default(), lost: 0, seen: Arc::clone(&seen) };
        places.into_iter().for_each(|joined| work.join(joined, &mut Buffer::new()));
        let (living, alive) = oneshot::channel();
        let run = move || {
            let _living: oneshot::Sender<()> = living;
            work.run(&joined, woken)
        };
        let thread = std::thread::Builder::new().name("capture".to_owned()).spawn(run)?;
        Ok(Self { joining, wake, thread, alive, seen })
    }

    /// Listens to one more place, or to a place's new network.
    pub(crate) fn join(&self, joined: Joined) -> io::Result<()> {
        self.joining.send(joined).map_err(|_| io::Error::other("the capture has ended"))?;
        (&self.wake).write_all(&[0])
    }

    /// The number of packets taken so far, as it grows.
    pub(crate) fn seen(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.seen)
    }

    /// Returns once the thread has ended by itself, as where the file cannot be written any more.
    pub(crate) async fn broken(&mut self) {
        let _ = (&mut self.alive).await;
    }

    /// Ends it, once all that has arrived is read; blocks for a moment.
    pub(crate) fn end(self) -> Result<Ended, Error> {
        drop(self.wake);
        self.thread.join().unwrap_or_else(|_| Err(Error::Broken(io::Error::other("its thread panicked"))))
    }
}

struct Work {
    recording: Recording,
    taps: Vec<(usize, Tap)>,
    order: Order,
    lost: u64,
    seen: Arc<AtomicU64>,
}

impl Work {
    fn run(mut self, joined: &mpsc::Receiver<Joined>, mut woken: PipeReader) -> Result<Ended, Error> {
        let mut buffer = Buffer::new();
        loop {
            let awake = self.wait(&woken).map_err(Error::Broken)?;
            let ending = awake && woken.read(&mut [0; 64]).map_err(Error::Broken)? == 0;
            joined.try_iter().for_each(|joined| self.join(joined, &mut buffer));
            let emptied = now();
            self.read(emptied, &mut buffer).map_err(Error::Broken)?;
            let due: Vec<_> = if ending { self.order.rest().collect() } else { self.order.due(emptied).collect() };
            due.iter().try_for_each(|frame| self.recording.take(frame)).map_err(Error::File)?;
            self.seen.store(self.recording.packets, Ordering::Relaxed);
            self.recording.flush().map_err(Error::File)?;
            if ending {
                self.lost += self.taps.iter().map(|(_, tap)| u64::from(tap.lost())).sum::<u64>();
                return Ok(Ended { recording: self.recording, lost: self.lost });
            }
        }
    }

    /// Waits until there is something to do. `true` if the pipe is readable.
    fn wait(&self, woken: &PipeReader) -> io::Result<bool> {
        let mut ready: Vec<PollFd<'_>> = vec![PollFd::new(woken.as_fd(), PollFlags::POLLIN)];
        ready.extend(self.taps.iter().map(|(_, tap)| PollFd::new(tap.as_fd(), PollFlags::POLLIN)));
        let bound = if self.order.is_empty() { PollTimeout::NONE } else { PollTimeout::from(HELD) };
        match poll(&mut ready, bound) {
            Ok(_) | Err(Errno::EINTR) => Ok(ready.first().is_some_and(|pipe| pipe.any().unwrap_or(false))),
            Err(error) => Err(error.into()),
        }
    }

    /// A place that starts again has another network; what is left in the old one is read first.
    fn join(&mut self, joined: Joined, buffer: &mut Buffer) {
        let Joined { place, netns, tap, devices } = joined;
        if let Some(at) = self.taps.iter().position(|(of, _)| *of == place) {
            let (_, mut old) = self.taps.swap_remove(at);
            while let Ok(Some(frame)) = old.next(place, buffer) {
                self.order.push(frame);
            }
            self.lost += u64::from(old.lost());
        }
        self.recording.joined(place, netns, devices);
        self.taps.push((place, tap));
    }

    /// Reads every socket until it is empty, or has what came later than `until`.
    fn read(&mut self, until: Stamp, buffer: &mut Buffer) -> io::Result<()> {
        for (place, tap) in &mut self.taps {
            while let Some(frame) = tap.next(*place, buffer)? {
                let later = frame.stamp > until;
                self.order.push(frame);
                if later {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// The clock by which the kernel stamps packets.
pub(crate) fn now() -> Stamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Stamp(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}
