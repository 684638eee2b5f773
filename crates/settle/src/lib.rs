#![doc = include_str!("../README.md")]
//!
//! # Overview
//!
//! A look at a condition returns a [`Verdict`]. Two drivers turn looks into a wait: [`Wait::poll`] looks again and again,
//! [`Wait::watch`] takes the verdicts that a stream of events brings. A condition that flaps (a BFD or BGP session) has to
//! hold for several looks in a row: [`Wait::stable`]. A wait that ends without its condition is an [`Unsettled`].

mod verdict;
mod wait;

pub use futures::Stream;
pub use verdict::Verdict;
pub use wait::{Unsettled, Wait};
