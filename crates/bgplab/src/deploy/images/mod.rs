//! Images before pods: found in the engine or pulled, saved once, and imported into all nodes at the same time.

mod known;
mod nodes;
mod plan;

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use futures::future::{join_all, try_join_all};
use metallb::manifest::Place;
use netlab::Docker;
use tokio::io::AsyncWriteExt;

use self::nodes::Layers;
use crate::bringup::Mode;
use crate::bringup::stages::{API, Gate, NODES, Stages};
use crate::failure::Failure;
use crate::progress::Progress;
use labfile::Node;

pub(super) use known::Known;
pub(crate) use plan::in_use;
pub use plan::{Archive, Wave, archives, asked, frr};

/// The name of the step that waits for the nodes' container runtimes.
const RUNTIMES: &str = "container runtimes";

/// Brings images into nodes.
#[derive(Debug)]
pub(super) struct Loader<'a> {
    pub(super) docker: &'a Docker,
    pub(super) progress: &'a Progress,
    pub(super) archives: &'a [Archive],
}

/// Gates of the imports: one a wave, open once every node that needs it has it.
#[derive(Debug, Default)]
pub(super) struct Imported(BTreeMap<Wave, Gate<()>>);

impl Imported {
    pub(super) fn of(archives: &[Archive]) -> Self {
        Self(archives.iter().map(|archive| (archive.wave, Gate::default())).collect())
    }

    /// Nothing is to be waited for.
    pub(super) fn open_all(&self) {
        self.0.values().for_each(|gate| gate.open(()));
    }

    /// Once the nodes have what a wave of pods needs; the names of the steps that brought it.
    pub(super) async fn passed(&self, wave: Wave) {
        if let Some(gate) = self.0.get(&wave) {
            gate.passed().await;
        }
    }
}

/// The name of the step that a wave's pods wait for.
pub(super) fn import_step(wave: Wave) -> String {
    format!("import-{}", wave.as_str())
}

fn save_step(wave: Wave) -> String {
    format!("save-{}", wave.as_str())
}

/// An archive that is written, or of which no node lacks anything.
#[derive(Debug, Clone)]
struct Saved {
    /// The archive, a file without a name: nothing of a run that is killed stays on the disk.
    file: Option<Arc<File>>,
    ids: nodes::Ids,
}

impl Loader<'_> {
    /// The engine's ids of all images.
    async fn ids(&self) -> Result<nodes::Ids, Failure> {
        let names: Vec<&str> = self.archives.iter().flat_map(|archive| &archive.images).map(String::as_str).collect();
        let states = self.docker.image_states(&names).await?;
        Ok(states.into_iter().filter_map(|state| Some((state.reference, state.id?))).collect())
    }

    /// Brings the images of a new cluster once its API answers: until then its control plane needs all of the machine,
    /// and every other step waits for that. The number of imports.
    pub(super) async fn import_into_new(&self, stages: &Stages, done: &Imported) -> Result<usize, Failure> {
        let ids = self.ids().await?;
        let wanted = |archive: &Archive| select(&ids, archive);
        self.bring(self.archives.iter().map(wanted).collect(), stages, done).await
    }

    /// Brings what the nodes of a cluster that runs lack. The number of imports.
    pub(super) async fn import_into_running(&self, nodes: &[Node], done: &Imported) -> Result<usize, Failure> {
        let ids = self.ids().await?;
        self.runtimes(nodes).await?;
        let looks = self.archives.iter().flat_map(|archive| targets(archive, nodes).map(move |node| (archive, node)));
        let looks = looks.map(|(archive, node)| {
            let wanted = select(&ids, archive);
            async move { Ok::<_, Failure>((archive.wave, nodes::lacks(self.docker, &node.name, &wanted).await?)) }
        });
        let mut lacking: BTreeMap<Wave, nodes::Ids> = BTreeMap::new();
        for (wave, ids) in try_join_all(looks).await? {
            lacking.entry(wave).or_default().extend(ids);
        }
        let stages = Stages::default();
        stages.nodes.open(nodes.to_vec());
        stages.api.open(());
        let wanted = self.archives.iter().map(|archive| lacking.remove(&archive.wave).unwrap_or_default());
        self.bring(wanted.collect(), &stages, done).await
    }

    /// Saves archive after archive, and imports each into its nodes as soon as it is there and they are.
    async fn bring(&self, wanted: Vec<nodes::Ids>, stages: &Stages, done: &Imported) -> Result<usize, Failure> {
        let saved: Vec<Gate<Saved>> = wanted.iter().map(|_| Gate::default()).collect();
        let save = async {
            let mut before = None;
            for ((archive, ids), gate) in self.archives.iter().zip(&wanted).zip(&saved) {
                let mut file = None;
                if !ids.is_empty() {
                    file = Some(Arc::new(self.save(archive.wave, ids, before).await?));
                    before = Some(archive.wave);
                }
                gate.open(Saved { file, ids: ids.clone() });
            }
            Ok::<_, Failure>(())
        };
        let import = async {
            let nodes = stages.nodes.passed().await;
            stages.api.passed().await;
            let (mut imports, mut before) = (0, None);
            if wanted.iter().any(|ids| !ids.is_empty()) {
                self.runtimes(&nodes).await?;
            }
            for (archive, saved) in self.archives.iter().zip(&saved) {
                let saved = saved.passed().await;
                if let Some(file) = &saved.file {
                    imports += self.import(archive, file, &saved.ids, &nodes, before).await?;
                    before = Some(archive.wave);
                }
                if let Some(gate) = done.0.get(&archive.wave) {
                    gate.open(());
                }
            }
            Ok(imports)
        };
        Ok(futures::try_join!(save, import)?.1)
    }

    async fn runtimes(&self, nodes: &[Node]) -> Result<(), Failure> {
        let mut step = self.progress.step(RUNTIMES);
        [NODES, API].into_iter().for_each(|after| step.after(after));
        try_join_all(nodes.iter().map(|node| nodes::runtime(self.docker, &node.name))).await?;
        step.done("answer");
        Ok(())
    }

    async fn save(&self, wave: Wave, ids: &nodes::Ids, before: Option<Wave>) -> Result<File, Failure> {
        let name = save_step(wave);
        let mut step = self.progress.step(&name);
        before.map(save_step).into_iter().for_each(|before| step.after(before));
        let folder = std::env::temp_dir();
        let cannot = |error: std::io::Error| {
            Failure::machine(format!("cannot write images below {}", folder.display()))
                .cause(&error)
                .next("TMPDIR names another folder")
        };
        let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(cannot)?);
        file.set_max_buf_size(1 << 20);
        let images: Vec<&str> = ids.keys().map(String::as_str).collect();
        let bytes = self.docker.save(&images, &mut file).await?;
        file.flush().await.map_err(cannot)?;
        step.done(format!("{} images, {} MB", images.len(), bytes / 1_000_000));
        Ok(file.into_std().await)
    }

    async fn import(
        &self,
        archive: &Archive,
        file: &File,
        ids: &nodes::Ids,
        nodes: &[Node],
        before: Option<Wave>,
    ) -> Result<usize, Failure> {
        let name = import_step(archive.wave);
        let mut step = self.progress.step(&name);
        let after = [save_step(archive.wave), RUNTIMES.to_owned()].into_iter().chain(before.map(import_step));
        after.for_each(|after| step.after(after));
        let targets: Vec<&Node> = targets(archive, nodes).collect();
        let layers = if archive.place == Place::Everywhere { Layers::Unpacked } else { Layers::Packed };
        let imports = targets.iter().map(|node| nodes::import(self.docker, &node.name, file, ids, layers));
        for end in join_all(imports).await {
            end?;
        }
        step.done(format!("into {} nodes", targets.len()));
        Ok(targets.len())
    }
}

/// Brings the images of an archive into the nodes that lack them, pulled where the engine does not have them; the number
/// of imports.
///
/// # Errors
/// A machine failure that names the image where it is nowhere; a node that does not take it.
pub async fn into_nodes(
    docker: &Docker,
    progress: &Progress,
    archive: Archive,
    nodes: &[Node],
) -> Result<usize, Failure> {
    let names: Vec<&str> = archive.images.iter().map(String::as_str).collect();
    crate::bringup::images::ensure(docker, progress, &names, Mode::Apply).await?;
    let archives = [archive];
    Loader { docker, progress, archives: &archives }.import_into_running(nodes, &Imported::of(&archives)).await
}

/// The ids of an archive's images.
fn select(ids: &nodes::Ids, archive: &Archive) -> nodes::Ids {
    ids.iter().filter(|(image, _)| archive.images.contains(*image)).map(|(i, id)| (i.clone(), id.clone())).collect()
}

/// The nodes that get an archive.
fn targets<'n>(archive: &Archive, nodes: &'n [Node]) -> impl Iterator<Item = &'n Node> {
    let place = archive.place;
    nodes.iter().filter(move |node| place == Place::Everywhere || node.role.is_worker())
}
