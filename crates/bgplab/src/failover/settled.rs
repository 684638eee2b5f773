//! The lab as it has to be before and after: every check, every client answered.

use std::time::Duration;

use settle::{Verdict, Wait};

use super::watch::client::Client;
use crate::bringup::running::Running;
use crate::checks::Topic;
use crate::context::Context;
use crate::failure::Failure;
use crate::progress::Step;
use crate::scene::Scene;

/// The longest time until the lab is whole again: a new pod takes the longest.
const WHOLE: Duration = Duration::from_secs(240);
/// The longest time until clients are answered in a lab that is whole.
const ANSWERED: Duration = Duration::from_secs(20);
/// The number of questions in a row that have to be answered for the path to count as working.
pub(super) const ANSWERS: usize = 40;
/// The longest time that an answer may be on its way.
pub(super) const GRACE: Duration = Duration::from_millis(100);

/// Waits until every client is answered.
///
/// # Errors
/// If a client cannot ask, or is not answered.
pub(super) async fn answered(clients: &[Client]) -> Result<(), Failure> {
    let wait = Wait::new("every client is answered", ANSWERED).every(Duration::from_millis(20));
    let all = wait.poll(async || {
        let silent = clients.iter().find(|client| !client.is_answered(ANSWERS, GRACE));
        match silent.map(|client| (client, client.trouble())) {
            None => Verdict::Ready(()),
            Some((client, Some(why))) => {
                Verdict::Failed(Failure::machine(format!("a client on {} cannot ask", client.from)).because(why))
            }
            Some((client, None)) => Verdict::NotYet(format!("{} from {}", client.question.words(), client.from)),
        }
    });
    Ok(all.await?)
}

/// Waits until every check of the lab holds, those of BFD only where `bfd` is on. Sessions that hold themselves up
/// meanwhile are reset.
///
/// # Errors
/// A wait that ran out, with what was missing.
pub(super) async fn whole(ctx: &Context, scene: &Scene, bfd: bool, step: &mut Step) -> Result<(), Failure> {
    let running = Running { lab: scene.lab.clone(), docker: scene.docker.clone() };
    let wait = Wait::new("every check", WHOLE).every(Duration::from_millis(200));
    Scene::whole(ctx, &running, &wait, step, |check| bfd || check.topic != Topic::Bfd).await?;
    Ok(())
}
