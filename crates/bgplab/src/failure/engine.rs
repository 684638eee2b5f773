//! Failures of netlab's errors: their kinds, and what to do next.

use netlab::{ApplyError, EngineError, ImageError, Refusal, Refused, StepError};

use super::Failure;

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match &error {
            EngineError::NoEngine { .. } | EngineError::BadHost { .. } | EngineError::TooOld { .. } => {
                Self::machine(error.to_string()).next("⌘ doctor says what is missing; --fix installs an engine")
            }
            EngineError::Timeout { .. } => Self::timed_out(error.to_string()),
            _ => Self::step(error.to_string()),
        }
    }
}

impl From<Refused> for Failure {
    fn from(error: Refused) -> Self {
        let unseen = |refusal: &Refusal| matches!(refusal, Refusal::Unseen { .. });
        let failure = if error.refusals.iter().all(unseen) {
            Self::step("what is inside of the lab's containers cannot be seen; nothing was changed")
        } else {
            Self::machine("something that is not ours stands in the way; nothing was changed")
        };
        error.refusals.iter().fold(failure, |failure, refusal| failure.because(refusal.to_string()))
    }
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        if error.engine_is_unreachable() {
            return Self::machine("the Docker engine went away midway")
                .because(error.to_string())
                .next("start it, then run the same command again: it goes on from here");
        }
        let taken = |failure: &netlab::Failure| matches!(failure.error, StepError::AddressTaken { .. });
        let failure = if error.failures.iter().all(taken) {
            Self::machine("something that is not ours stands in the way")
        } else {
            Self::step(format!("{} of the lab's steps failed", error.failures.len()))
        };
        error.to_string().lines().fold(failure, |failure, line| failure.because(line))
    }
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Engine(error) => error.into(),
            ImageError::Pull { .. } => Self::machine(error.to_string()).next(
                "pull or load it where a registry is reached (`docker pull`, `docker save`, `⌘ images load FILE`), \
                 name another image in the lab file, or make FRR's from Debian packages (`⌘ images build`)",
            ),
            ImageError::Write(_) => Self::machine(error.to_string()),
            _ => Self::step(error.to_string()),
        }
    }
}
