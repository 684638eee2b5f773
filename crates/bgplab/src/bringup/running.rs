//! The lab that runs: what the command line does not say is read from what is there.

use metallb::Installed;
use netlab::{ContainerState, Docker, Engine, NetworkState};

use super::cluster_is_there;
use super::nodes::standalone_is_there;
use crate::context::Context;
use crate::failure::Failure;
use labfile::{Backend, Lab, Overrides, Provider, ProviderName};

/// A lab, and the engine that it is on.
#[derive(Debug, Clone)]
pub struct Running {
    /// The lab, with the provider that made what is there.
    pub lab: Lab,
    /// The engine; an existing cluster may do without.
    pub docker: Option<Docker>,
}

impl Running {
    /// Looks which provider made what is there; one that was named on the command line counts instead.
    ///
    /// # Errors
    /// A failure with the problems of the lab file; a machine failure where the lab needs an engine and none answers.
    pub async fn find(ctx: &Context) -> Result<Self, Failure> {
        let lab = ctx.lab()?;
        if let Provider::Existing { .. } = lab.cluster.provider {
            return Ok(Self { lab, docker: Docker::connect().await.ok() });
        }
        let docker = Docker::connect().await?;
        if ctx.source.overrides.provider.is_some() {
            return Ok(Self { lab, docker: Some(docker) });
        }
        let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
        let seen = provider_seen(&lab, &networks, &containers);
        let seen = seen.filter(|seen| *seen != name_of(&lab.cluster.provider));
        let lab = match seen {
            None => lab,
            Some(seen) => {
                ctx.progress.say(&format!("lab {}: what is there was made with --provider {}", lab.name, word(seen)));
                reread(ctx, |args| args.provider = Some(seen))?
            }
        };
        Ok(Self { lab, docker: Some(docker) })
    }

    /// The engine.
    ///
    /// # Errors
    /// A machine failure where there is none.
    pub fn docker(&self) -> Result<&Docker, Failure> {
        self.docker.as_ref().ok_or_else(|| Failure::machine("no engine answers").next("⌘ doctor"))
    }
}

/// The lab with the backend that is installed, unless one was named on the command line.
///
/// # Errors
/// A failure with the problems that the lab file has for that backend.
pub fn with_installed(ctx: &Context, lab: Lab, installed: &Installed) -> Result<Lab, Failure> {
    use metallb::spec::Backend as Seen;
    let seen = match installed.backend {
        Some(Seen::Frr) => Backend::Frr,
        Some(Seen::FrrK8s | Seen::FrrK8sExternal) => Backend::FrrK8s,
        Some(Seen::Native) => Backend::Native,
        None => return Ok(lab),
    };
    if seen == lab.metallb.backend || ctx.source.overrides.backend.is_some() {
        return Ok(lab);
    }
    let provider = name_of(&lab.cluster.provider);
    reread(ctx, |args| {
        args.provider = Some(provider);
        args.backend = Some(seen);
    })
}

/// Reads the lab again with other values.
///
/// # Errors
/// A failure with the problems that the lab file has with them.
pub fn reread(ctx: &Context, change: impl FnOnce(&mut Overrides)) -> Result<Lab, Failure> {
    let mut source = ctx.source.clone();
    change(&mut source.overrides);
    Ok(source.read()?)
}

/// The provider that made what is there: standalone nodes carry our label, and kind's nodes only live on our network.
fn provider_seen(lab: &Lab, networks: &[NetworkState], containers: &[ContainerState]) -> Option<ProviderName> {
    if standalone_is_there(lab, containers) {
        return Some(ProviderName::Standalone);
    }
    cluster_is_there(lab, networks, containers).then_some(ProviderName::Kind)
}

/// Returns the name of a provider.
pub const fn name_of(provider: &Provider) -> ProviderName {
    match provider {
        Provider::Kind => ProviderName::Kind,
        Provider::Standalone { .. } => ProviderName::Standalone,
        Provider::Existing { .. } => ProviderName::Existing,
    }
}

/// The provider's name, as it is typed.
pub const fn word(provider: ProviderName) -> &'static str {
    match provider {
        ProviderName::Kind => "kind",
        ProviderName::Standalone => "standalone",
        ProviderName::Existing => "existing",
    }
}

#[cfg(test)]
mod tests {
    use netlab::{EndpointState, RunState};

    use super::super::fixture;
    use super::*;

    fn container(name: &str, lab: Option<&str>) -> ContainerState {
        let container = fixture::container(name, RunState::Running, [("kind", EndpointState::default())]);
        ContainerState { lab: lab.map(str::to_owned), ..container }
    }

    fn seen(containers: &[ContainerState], network_of: Option<&str>) -> Option<ProviderName> {
        let lab = Lab::documented(&Overrides::default()).unwrap();
        provider_seen(&lab, &[fixture::network(network_of)], containers)
    }

    #[test]
    fn the_nodes_label_names_the_provider() {
        assert_eq!(
            seen(&[container("kind-worker", Some("documented"))], Some("documented")),
            Some(ProviderName::Standalone)
        );
        assert_eq!(seen(&[container("kind-worker", None)], Some("documented")), Some(ProviderName::Kind));
    }

    #[test]
    fn others_nodes_do_not_count() {
        assert_eq!(seen(&[container("frr1", Some("documented"))], Some("documented")), None);
        assert_eq!(seen(&[container("kind-worker", None)], None), None);
        assert_eq!(seen(&[container("kind-worker", Some("other"))], Some("other")), None);
    }
}
