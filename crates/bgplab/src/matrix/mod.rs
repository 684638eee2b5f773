//! The matrix: the same lab with every release of MetalLB, every backend, several FRRs and modes of kube-proxy, each
//! brought up from nothing and put through the same failures.

mod cell;
mod measure;
mod row;

use camino::{Utf8Path, Utf8PathBuf};
use labfile::Provider;
use serde::Serialize;

pub use self::cell::{Axes, Cell};
pub use self::row::{Broken, Measured, Row};
use crate::acts;
use crate::context::Context;
use crate::failure::Failure;
use crate::journal::Journal;

/// The request: the cells, and the file that they are written to.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The values that are combined.
    pub axes: Axes,
    /// The folder of MetalLB's manifests, as `VERSION/metallb-BACKEND.yaml`; `None` takes the lab's way to install it.
    pub manifests: Option<Utf8PathBuf>,
    /// The file of results, a line of JSON a row. Cells that are in it are not measured again.
    pub file: Utf8PathBuf,
    /// `true` to measure red cells again.
    pub retry: bool,
}

/// A matrix that was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix {
    /// The lab.
    pub lab: String,
    /// The number of cells that were measured by this run; the others were in the file.
    pub measured: usize,
    /// The rows, one a cell.
    pub rows: Vec<Row>,
}

impl Matrix {
    /// `true` if every cell that there can be is green.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.rows.iter().all(|row| row.broken.as_ref().is_none_or(|broken| broken.refused))
    }
}

impl Asked {
    /// Returns the archive of a cell's evidence, in a folder beside the file of results.
    fn evidence(&self, cell: &Cell) -> Utf8PathBuf {
        self.file.with_extension("evidence").join(format!("{}.tar.gz", cell.file_name()))
    }
}

/// Measures every cell that is not in the file yet, one after the other, and leaves nothing of the lab.
///
/// # Errors
/// A lab that is no kind cluster; a lab that is up, and would be taken away; a file of results that cannot be used.
pub async fn matrix(ctx: &Context, asked: &Asked) -> Result<Matrix, Failure> {
    let lab = ctx.lab()?;
    let name = lab.name.to_string();
    if !matches!(lab.cluster.provider, Provider::Kind) {
        return Err(Failure::wrong_use("a matrix is measured with provider kind")
            .because("each cell makes its cluster, and takes it away")
            .next("--provider kind"));
    }
    if ctx.source.overrides.operator_dir.is_some() && asked.axes.metallb.len() > 1 {
        return Err(Failure::wrong_use("a checkout of the operator deploys one release of MetalLB")
            .next("name the release that it deploys, or leave out --operator-dir"));
    }
    let cells = asked.axes.cells();
    every_manifest_is_there(&cells, asked.manifests.as_deref())?;
    if !asked.file.exists() {
        refuse_a_lab_in_use(ctx, &asked.file).await?;
    }
    let mut results = Journal::open(&asked.file)?;
    let (mut measured, all) = (0, cells.len());
    for (number, cell) in cells.iter().enumerate() {
        if last(results.entries(), &name, cell).is_some_and(|row| row.is_green() || !asked.retry) {
            continue;
        }
        let step = ctx.progress.step(format!("cell {} of {all}: {cell}", number + 1));
        let row = measure::measure(ctx, &name, cell, asked).await;
        match &row.broken {
            None => step.done("green"),
            Some(broken) if broken.refused => step.done(format!("refused: {}", broken.why.join(": "))),
            Some(broken) => step.failed(format!("{}: {}", broken.step, broken.why.join(": "))),
        }
        results.add(row)?;
        measured += 1;
    }
    if measured > 0 {
        take_down(&ctx.part(ctx.source.clone())).await?;
    }
    let rows = cells.iter().filter_map(|cell| last(results.entries(), &name, cell).cloned()).collect();
    Ok(Matrix { lab: name, measured, rows })
}

/// Checks that no cell lacks its manifest: in the results it would count as a lab that there cannot be.
fn every_manifest_is_there(cells: &[Cell], folder: Option<&Utf8Path>) -> Result<(), Failure> {
    let Some(folder) = folder else { return Ok(()) };
    match cells.iter().map(|cell| cell.manifest(folder)).find(|file| !file.is_file()) {
        None => Ok(()),
        Some(file) => Err(Failure::wrong_use("a cell of the matrix lacks its manifest")
            .because(format!("there is no file {file}"))
            .next("put it there, leave its release or backend out, or leave out --manifests")),
    }
}

/// Returns the last row of a cell: it was measured again since the others.
fn last<'r>(rows: &'r [Row], lab: &str, cell: &Cell) -> Option<&'r Row> {
    rows.iter().rfind(|row| row.lab == lab && row.cell == *cell)
}

/// Takes away what is there of the lab.
async fn take_down(ctx: &Context) -> Result<(), Failure> {
    let down = acts::lab_down(ctx).await?;
    if down.removed.failures.is_empty() {
        return Ok(());
    }
    Err(Failure::machine("the lab does not go away").because(down.removed.to_string()))
}

/// Refuses to take away a lab that no matrix has made.
async fn refuse_a_lab_in_use(ctx: &Context, file: &Utf8Path) -> Result<(), Failure> {
    let there = acts::plan_lab_down(ctx).await?;
    if there.lines().is_empty() {
        return Ok(());
    }
    Err(Failure::machine(format!("lab {} is up, and a matrix would take it away", there.lab))
        .because(format!("there is no {file} of a matrix that it could belong to"))
        .next("⌘ lab-down, where nobody needs it; or give the lab file another name"))
}

#[cfg(test)]
mod tests {
    use labfile::{Backend, KubeProxy};

    use super::*;

    fn cells() -> [Cell; 2] {
        let axes = Axes {
            metallb: vec!["v0.16.1".parse().unwrap()],
            backends: vec![Backend::Frr, Backend::Native],
            frr: vec!["quay.io/frrouting/frr:9.1.0".parse().unwrap()],
            kube_proxy: vec![KubeProxy::Iptables],
        };
        axes.cells().try_into().unwrap()
    }

    #[test]
    fn a_manifest_that_is_missing_is_named_before_anything_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        fs_err::create_dir(folder.join("v0.16.1")).unwrap();
        fs_err::write(folder.join("v0.16.1/metallb-frr.yaml"), "").unwrap();
        every_manifest_is_there(&cells()[..1], Some(folder)).unwrap();
        every_manifest_is_there(&cells(), None).unwrap();
        let failure = every_manifest_is_there(&cells(), Some(folder)).unwrap_err();
        assert!(failure.causes()[0].ends_with("/v0.16.1/metallb-native.yaml"), "{failure:?}");
    }

    #[test]
    fn the_last_row_of_a_cell_counts() {
        let [first, second] = cells();
        let green = Row::of("lab".to_owned(), first.clone());
        let broken = Broken { step: "up".to_owned(), why: vec!["no".to_owned()], refused: false, evidence: None };
        let folder = tempfile::tempdir().unwrap();
        let file = Utf8Path::from_path(folder.path()).unwrap().join("results.jsonl");
        let mut results = Journal::open(&file).unwrap();
        results.add(Row { broken: Some(broken), ..green.clone() }).unwrap();
        results.add(green).unwrap();
        let again = Journal::open(&file).unwrap();
        assert!(last(again.entries(), "lab", &first).unwrap().is_green());
        assert!(last(again.entries(), "lab", &second).is_none());
        assert!(last(again.entries(), "other", &first).is_none());
        let line = fs_err::read_to_string(&file).unwrap();
        assert!(line.starts_with(<Row as crate::journal::Entry>::BEGIN));
    }
}
