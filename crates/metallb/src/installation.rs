//! Installations as values.

use std::collections::BTreeSet;

use crate::Error;
use crate::manifest::{Installs, Manifest};
use crate::object::{APPLICATION, Object, ObjectRef, PART_LABEL};
use crate::plan::{Ownership, Phase, Wanted};
use crate::ready::Condition;
use crate::spec::{Backend, Configuration, MetalLb, MetalLbSpec, NAMESPACE};
use crate::value::Name;
use crate::workload::Workload;

/// The way in which MetalLB gets onto the cluster.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Source {
    /// By a manifest: of the operator, or of MetalLB itself.
    Manifest(Manifest),
    /// The operator is installed already.
    OperatorInstalled,
}

/// A MetalLB with its configuration, and the applications that use it.
#[derive(Debug, Clone, PartialEq)]
pub struct Installation {
    /// The lab that owns it: objects are labelled with it.
    pub lab: Name,
    /// The namespace of MetalLB and its operator.
    pub namespace: String,
    /// The BGP backend.
    pub backend: Backend,
    /// The way in which it gets onto the cluster.
    pub source: Source,
    /// MetalLB's configuration.
    pub configuration: Configuration,
    /// The applications.
    pub workloads: Vec<Workload>,
}

impl Installation {
    /// Makes an installation from a source, with nothing configured yet.
    ///
    /// ```
    /// use metallb::spec::{Backend, IpAddressPool, IpAddressPoolSpec};
    /// use metallb::{Installation, Source};
    ///
    /// let mut installation = Installation::new("doc".parse()?, Backend::Frr, Source::OperatorInstalled);
    /// let pool = IpAddressPoolSpec::of(vec!["203.0.113.200/32".parse()?]);
    /// installation.configuration.pools.push(IpAddressPool::new("pool", pool));
    /// let wanted = installation.wanted()?;
    /// assert!(wanted.iter().any(|wanted| wanted.object.kind == "IPAddressPool"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(lab: Name, backend: Backend, source: Source) -> Self {
        Self {
            lab,
            namespace: NAMESPACE.to_owned(),
            backend,
            source,
            configuration: Configuration::default(),
            workloads: Vec::new(),
        }
    }

    /// `true` if the operator deploys MetalLB.
    pub fn has_operator(&self) -> bool {
        match &self.source {
            Source::OperatorInstalled => true,
            Source::Manifest(manifest) => manifest.installs() == Installs::Operator,
        }
    }

    /// Lists every wanted object, in the order of the phases.
    ///
    /// # Errors
    /// [`Error::Configuration`] where the configuration contradicts itself, or the backend.
    pub fn wanted(&self) -> Result<Vec<Wanted>, Error> {
        self.configuration.check(self.backend)?;
        let mut wanted = vec![self.want(self.namespace_object(), Phase::Namespaces, Ownership::Shared)];
        if let Source::Manifest(manifest) = &self.source {
            let manifest = manifest.clone().validating_for(self.backend);
            for object in manifest.objects() {
                let identity = ObjectRef::of(object);
                let phase = match identity.kind.as_str() {
                    // One namespace object, as the manifest describes it.
                    "Namespace" if identity.name == self.namespace => {
                        wanted[0] = self.want(object.clone(), Phase::Namespaces, Ownership::Shared);
                        continue;
                    }
                    "Namespace" => Phase::Namespaces,
                    "CustomResourceDefinition" => Phase::Definitions,
                    _ => Phase::Install,
                };
                wanted.push(self.want(object.clone(), phase, Ownership::Shared));
            }
        }
        if self.has_operator() {
            let spec = MetalLbSpec { bgp_backend: Some(self.backend) };
            let metallb = Object::of(&MetalLb::new("metallb", spec), Some(&self.namespace));
            let metallb = metallb.map_err(unwritable("the MetalLB resource"))?;
            wanted.push(self.want(metallb, Phase::MetalLb, Ownership::Ours));
        }
        let configuration = self.configuration_objects().map_err(unwritable("the configuration"))?;
        wanted.extend(configuration.into_iter().map(|o| self.want(o, Phase::Configuration, Ownership::Ours)));
        let mut namespaces = BTreeSet::new();
        for workload in &self.workloads {
            let is_new = namespaces.insert(&workload.namespace);
            wanted.extend(self.workload_namespace(workload).filter(|_| is_new));
            let objects = workload.objects().map_err(unwritable(&format!("application {}", workload.name)))?;
            wanted.extend(objects.into_iter().map(|object| self.want(object, Phase::Workload, Ownership::Ours)));
        }
        Ok(wanted)
    }

    fn want(&self, object: Object, phase: Phase, ownership: Ownership) -> Wanted {
        Wanted::new(object, phase, ownership, &self.lab)
    }

    /// The namespace: MetalLB's speakers need the privileged pod security level.
    fn namespace_object(&self) -> Object {
        let mut object = Object::new("v1", "Namespace", &self.namespace);
        let level = ("pod-security.kubernetes.io/enforce".to_owned(), "privileged".to_owned());
        object.metadata.labels = Some([level].into());
        object
    }

    /// An application's own namespace, unless it is `default` or MetalLB's.
    fn workload_namespace(&self, workload: &Workload) -> Option<Wanted> {
        let name = workload.namespace.as_str();
        if name == "default" || name == self.namespace {
            return None;
        }
        let mut object = Object::new("v1", "Namespace", name);
        object.metadata.labels = Some([(PART_LABEL.to_owned(), APPLICATION.to_owned())].into());
        Some(self.want(object, Phase::Workload, Ownership::Shared))
    }

    /// The configuration, in an order in which each finds what it refers to.
    fn configuration_objects(&self) -> Result<Vec<Object>, serde_json::Error> {
        let namespace = Some(self.namespace.as_str());
        let c = &self.configuration;
        let passwords = c.passwords.iter().map(|password| Ok(password.to_secret(&self.namespace)));
        passwords
            .chain(c.bfd_profiles.iter().map(|object| Object::of(object, namespace)))
            .chain(c.pools.iter().map(|object| Object::of(object, namespace)))
            .chain(c.peers.iter().map(|object| Object::of(object, namespace)))
            .chain(c.advertisements.iter().map(|object| Object::of(object, namespace)))
            .collect()
    }

    /// The conditions that hold in MetalLB's namespace in the end.
    pub fn conditions(&self) -> Vec<Condition> {
        let operated = [Condition::AsOperated, Condition::MetalLb("metallb".to_owned())];
        let operated = operated.into_iter().filter(|_| self.has_operator());
        Condition::of_backend(self.backend).into_iter().chain(operated).collect()
    }
}

/// The error for something that cannot be written as JSON.
fn unwritable(what: &str) -> impl FnOnce(serde_json::Error) -> Error {
    let what = what.to_owned();
    move |source| Error::Unwritable { what, source }
}
