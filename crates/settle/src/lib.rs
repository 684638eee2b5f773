//! Waiting with a name, a bound and a last observation.
//!
//! A lab waits for many things: a session that comes up, a pod that becomes ready, a route that is learned. Each wait
//! here has a name that a person can read, a bound, and says at its end what it last saw. A look answers a [`Verdict`];
//! two drivers turn looks into a wait: [`Wait::poll`] asks again and again, [`Wait::watch`] takes what a stream of events
//! brings. Flappy things (BFD, BGP) must hold for several looks in a row: [`Wait::stable`].
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! use std::time::Duration;
//! use settle::{Verdict, Wait};
//!
//! let mut tries = 0;
//! let answer = Wait::new("three tries", Duration::from_secs(5))
//!     .every(Duration::from_millis(1))
//!     .poll(async || {
//!         tries += 1;
//!         if tries < 3 { Verdict::NotYet(format!("{tries} of 3")) } else { Verdict::<_, String>::Ready(tries) }
//!     })
//!     .await;
//! assert_eq!(answer.unwrap(), 3);
//! # });
//! ```

mod verdict;
mod wait;

pub use verdict::Verdict;
pub use wait::{Unsettled, Wait};
