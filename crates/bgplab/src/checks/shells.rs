//! Shell scripts in containers or, where no engine answers, in the nodes' pods.

use netlab::{Docker, Engine};

use crate::router::Pods;

/// The places where scripts can run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shells<'a> {
    /// The engine, where one answers.
    pub engine: Option<&'a Docker>,
    /// FRR on a cluster's nodes.
    pub pods: Option<&'a Pods>,
}

impl Shells<'_> {
    /// Returns the output of a script, or the reason why it could not run.
    pub(crate) async fn run(&self, place: &str, script: &str) -> Result<String, String> {
        match (self.engine, self.pods) {
            (Some(engine), _) => {
                let output = engine.exec(place, &["sh", "-c", script]).await;
                output.map(|output| output.stdout).map_err(|error| error.to_string())
            }
            (None, Some(pods)) => {
                pods.run(place, script).await.map(|output| output.stdout).map_err(|error| error.to_string())
            }
            (None, None) => Err("nothing can be run there".to_owned()),
        }
    }
}
