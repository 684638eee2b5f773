//! Docker's answers (Engine API 1.41 to 1.45, observed on Docker 26.1).

use std::collections::BTreeMap;

use futures::FutureExt;
use futures::future::{BoxFuture, pending, ready};

use super::{Commands, Fake, World};
use crate::engine::{
    Answer, ContainerState, Engine, EngineError, EngineVersion, ExecOutput, Labels, NetworkState, ProcfsView, RunState,
};
use crate::model::{ContainerSpec, Endpoint, Name, NetworkSpec};

/// Each method locks the world, does all its work, and answers at once.
impl Engine for Fake {
    fn version(&self) -> Answer<'_, EngineVersion> {
        let api = self.world().api;
        let version = EngineVersion { server: "fake".into(), api, kernel: "none".into(), arch: "none".into() };
        self.read(|_| Ok(version))
    }

    fn networks(&self) -> Answer<'_, Vec<NetworkState>> {
        self.read(|world| Ok(world.networks.clone()))
    }

    fn containers(&self) -> Answer<'_, Vec<ContainerState>> {
        self.read(|world| Ok(world.containers.iter().map(|c| c.state.clone()).collect()))
    }

    fn container<'a>(&'a self, container: &'a str) -> Answer<'a, Option<ContainerState>> {
        self.read(|world| Ok(world.find(container).ok().map(|c| c.state.clone())))
    }

    fn read_procfs<'a>(&'a self, container: &'a str, paths: &'a [&'a str]) -> BoxFuture<'a, Option<ProcfsView>> {
        let mut world = self.world();
        let inside = if world.has_procfs { world.find(container).ok() } else { None };
        let view = inside.map(|c| ProcfsView {
            routes: c.routes.clone(),
            files: paths.iter().filter_map(|p| Some(((*p).to_owned(), c.files.get(*p)?.clone()))).collect(),
        });
        ready(view).boxed()
    }

    fn log_tail<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Option<String>> {
        ready(None).boxed()
    }

    fn create_network<'a>(&'a self, network: &'a NetworkSpec, mtu: u16, labels: &'a Labels) -> Answer<'a, String> {
        self.write(|world| world.create_network(network, mtu, labels))
    }

    fn remove_network<'a>(&'a self, network: &'a str) -> Answer<'a, ()> {
        self.write(|world| world.remove_network(network))
    }

    fn create_container<'a>(
        &'a self,
        container: &'a ContainerSpec,
        _: &'a BTreeMap<String, String>,
        labels: &'a Labels,
    ) -> Answer<'a, String> {
        self.write(|world| world.create_container(container, labels))
    }

    fn connect<'a>(&'a self, container: &'a Name, endpoint: &'a Endpoint) -> Answer<'a, ()> {
        self.write(|world| world.connect(container.as_str(), endpoint))
    }

    fn start<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        self.write(|world| world.start(container))
    }

    fn restart<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        self.write(|world| {
            world.stop(container)?;
            world.start(container)
        })
    }

    fn unpause<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        self.write(|world| {
            let container = world.find(container)?;
            if container.state.run != RunState::Paused {
                return Err(super::refused(500, "container is not paused"));
            }
            container.state.run = RunState::Running;
            Ok(())
        })
    }

    fn remove_container<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        self.write(|world| {
            let id = world.find(container)?.state.id.clone();
            world.containers.retain(|c| c.state.id != id);
            Ok(())
        })
    }

    fn removed<'a>(&'a self, _: &'a str) -> Answer<'a, ()> {
        self.read(|_| Ok(()))
    }

    fn upload<'a>(&'a self, container: &'a str, tar: Vec<u8>) -> Answer<'a, ()> {
        self.write(|world| world.upload(container, &tar))
    }

    fn exec<'a>(&'a self, container: &'a str, argv: &'a [&'a str]) -> Answer<'a, ExecOutput> {
        if self.world().find(container).is_ok_and(|c| c.commands == Commands::Hang) {
            return pending().boxed();
        }
        self.read(|world| world.exec(container, argv))
    }
}

impl Fake {
    fn read<'a, T: Send + 'a>(&self, work: impl FnOnce(&mut World) -> Result<T, EngineError>) -> Answer<'a, T> {
        let mut world = self.world();
        // An engine that broke off answers nothing any more.
        let answer = if world.effects_left == Some(0) { Err(super::no_engine()) } else { work(&mut world) };
        ready(answer).boxed()
    }

    fn write<'a, T: Send + 'a>(&self, work: impl FnOnce(&mut World) -> Result<T, EngineError>) -> Answer<'a, T> {
        let mut world = self.world();
        let answer = world.effect().and_then(|()| work(&mut world));
        ready(answer).boxed()
    }
}
