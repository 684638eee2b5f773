//! A node's kubelet, which asks for the API server's address, and registers the node, when it starts.

use netlab::{Docker, Engine};

use crate::exit::Failure;

/// Restarts a node's kubelet.
///
/// # Errors
/// Where the engine does not let it, or systemd in the node says why not.
pub(crate) async fn restart(docker: &Docker, node: &str) -> Result<(), Failure> {
    let done = docker.exec(node, &["systemctl", "restart", "kubelet"]).await?;
    if done.code == 0 {
        return Ok(());
    }
    Err(Failure::step(format!("the kubelet of {node} does not restart")).because(done.stderr))
}
