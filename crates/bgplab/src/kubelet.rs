//! The kubelet of a node, which looks up the API server's address and registers the node when it starts.

use std::time::Duration;

use netlab::{Docker, Engine};
use settle::{Verdict, Wait};

use crate::failure::Failure;

/// The longest time until the systemd of a node that has just started takes commands; 1 to 2 s are usual.
const BOUND: Duration = Duration::from_secs(20);

/// Restarts a node's kubelet.
///
/// # Errors
/// If the engine does not allow it, or an error of the node's systemd that lasts.
pub(crate) async fn restart(docker: &Docker, node: &str) -> Result<(), Failure> {
    let wait = Wait::new(format!("the kubelet of {node} to restart"), BOUND);
    let restarted = wait.poll(async || match docker.exec(node, &["systemctl", "restart", "kubelet"]).await {
        Ok(done) if done.code == 0 => Verdict::Ready(()),
        Ok(done) => Verdict::NotYet(done.stderr.trim().to_owned()),
        Err(error) => Verdict::Failed(Failure::from(error)),
    });
    restarted.await.map_err(Failure::from)
}
