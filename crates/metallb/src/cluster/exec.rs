//! Commands in a container.

use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, AttachParams};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::Cluster;
use crate::error::Answered;
use crate::{Error, NamespacedName};

/// The output of a command in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecOutput {
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
    /// The exit code; 126 or 127 where the container has no such program.
    pub code: i32,
}

impl Cluster {
    /// Runs `argv` in a container (the pod's only or default one where `container` is none) and waits for its end.
    ///
    /// A command that ends with another code than 0 is a result, not an error.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Exec`] where the command could not be started.
    pub async fn exec(
        &self,
        pod: NamespacedName<'_>,
        container: Option<&str>,
        argv: &[&str],
    ) -> Result<ExecOutput, Error> {
        let place = format!("{pod}{}", container.map(|c| format!("/{c}")).unwrap_or_default());
        let what = || format!("exec in pod {place}");
        let params = AttachParams { container: container.map(str::to_owned), ..AttachParams::default() }
            .stdout(true)
            .stderr(true);
        let pods: Api<Pod> = Api::namespaced(self.client(), pod.namespace);
        // A missing pod is reported as such, not as a failed upgrade of the connection.
        pods.get_metadata(pod.name).await.doing(what())?;
        let mut process = pods.exec(pod.name, argv.iter().copied(), &params).await.doing(what())?;
        let status = process.take_status();
        let (stdout, stderr) = futures::join!(drain(process.stdout()), drain(process.stderr()));
        let status = match status {
            Some(status) => status.await,
            None => None,
        };
        let failed = |cause: String| Error::Exec { pod: place.clone(), command: argv.join(" "), cause };
        let status = status.ok_or_else(|| failed("the connection ended without a status".to_owned()))?;
        let code = match status.status.as_deref() {
            Some("Success") => 0,
            _ => exit_code(&status).ok_or_else(|| failed(status.message.clone().unwrap_or_default()))?,
        };
        Ok(ExecOutput { stdout, stderr, code })
    }
}

async fn drain(reader: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut reader) = reader {
        // A reader that breaks off is seen in the status; what came until then is kept.
        let _ = reader.read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The exit code in a status of reason `NonZeroExitCode`.
pub(super) fn exit_code(status: &k8s_openapi::apimachinery::pkg::apis::meta::v1::Status) -> Option<i32> {
    let causes = status.details.as_ref()?.causes.as_ref()?;
    causes.iter().find(|cause| cause.reason.as_deref() == Some("ExitCode"))?.message.as_ref()?.parse().ok()
}
