//! Waiting, as the product does.

use std::time::Duration;

use settle::{Verdict, Wait};

pub type Look = Verdict<(), std::convert::Infallible>;

pub fn all_of(missing: Vec<String>) -> Look {
    Verdict::all_of(&missing)
}

pub async fn for_(name: &str, look: impl AsyncFnMut() -> Look) {
    if let Err(error) = Wait::new(name, Duration::from_secs(30)).poll(look).await {
        panic!("{error}");
    }
}
