//! `guide`: the documented procedure, run step by step on the real lab, and written down with what it printed.
//!
//! The text and its steps are data ([`source`]); running a step is the thin edge ([`perform`]); what an output looks
//! like in print ([`shape`], [`patterns`], [`names`]) and how a document is laid out ([`view`], [`document`]) is pure.
//! The written guide is its own record ([`record`]), so that prose can be written anew without running anything.

mod compare;
mod document;
mod names;
mod patterns;
mod perform;
mod prose;
mod record;
mod shape;
mod source;
mod view;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::json;

use self::document::{Document, GUIDE, documents};
use self::perform::{Performed, Stage};
use self::source::Guide;
use crate::ctx::Ctx;
use crate::exit::{Answer, table};
use crate::options::LabArgs;
use bgplab::Failure;
use labfile::Lab;

/// Options of `guide`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Folder of the documents
    #[arg(long, value_name = "DIR", default_value = "docs")]
    out: Utf8PathBuf,
    /// Run everything, write nothing, and fail where an output is not what is printed
    #[arg(long)]
    check: bool,
    /// Run nothing: write the prose anew around the outputs that are printed
    #[arg(long, conflicts_with = "check")]
    prose: bool,
}

/// Writes the guide, or checks it.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let guide = Guide::read().map_err(|error| Failure::step("the guide's text cannot be read").cause(&error))?;
    as_documented(&ctx.globals.lab)?;
    let lab = ctx.lab()?;
    if args.prose {
        let documents = reprinted(&guide, &args.out, &lab)?;
        document::write(&args.out, &documents)?;
        return written(&args.out, &documents, &[], &guide);
    }
    let checkout = checkout(&ctx.globals.lab)?;
    if args.check {
        // A difference that shows without a lab is reported at once.
        is_printed(&reprinted(&guide, &args.out, &lab)?, &args.out)?;
    }
    let performed = Stage::set(ctx, &lab, checkout).await?.perform(&guide).await?;
    let outputs: Vec<Vec<String>> = performed.iter().map(|performed| performed.lines.clone()).collect();
    if args.check {
        return checked(&guide, &args.out, &outputs, &performed);
    }
    let documents = documents(&guide, &outputs, &lab)?;
    document::write(&args.out, &documents)?;
    written(&args.out, &documents, &performed, &guide)
}

/// The guide is of the documented lab, brought up in the documented way; its picture, too.
fn as_documented(lab: &LabArgs) -> Result<(), Failure> {
    let others = LabArgs { operator_dir: None, ..lab.clone() };
    if others == LabArgs::default() {
        return Ok(());
    }
    Err(Failure::wrong_use("the guide is of the documented lab, as it is")
        .because("of the lab options it takes --operator-dir alone"))
}

/// The operator's checkout.
fn checkout(lab: &LabArgs) -> Result<&Utf8Path, Failure> {
    let missing = match lab.operator_dir.as_deref() {
        Some(folder) if folder.join("Makefile").is_file() => return Ok(folder),
        Some(folder) => format!("{folder} is none"),
        None => "none is given".to_owned(),
    };
    Err(Failure::wrong_use(format!("the guide deploys the operator from a checkout, and {missing}"))
        .next("git clone https://github.com/metallb/metallb-operator, and --operator-dir DIR"))
}

/// The documents with the outputs that are printed already.
fn reprinted(guide: &Guide, folder: &Utf8Path, lab: &Lab) -> Result<[Document; 2], Failure> {
    let printed = record::outputs(guide, &document::read(folder, GUIDE)?);
    let missing = guide.steps().zip(&printed).find(|(_, lines)| lines.is_none());
    if let Some((step, _)) = missing {
        return Err(Failure::step(format!("guide step {} is not printed yet", step.name))
            .because(format!("`{}` is not in {GUIDE}", step.run))
            .next("⌘ guide --operator-dir DIR runs it, and writes the guide anew"));
    }
    documents(guide, &printed.into_iter().flatten().collect::<Vec<_>>(), lab)
}

/// A failure where the documents are not what their text and outputs make.
fn is_printed(documents: &[Document], folder: &Utf8Path) -> Result<(), Failure> {
    for Document { name, text } in documents {
        let printed = document::read(folder, name)?;
        if printed != *text {
            return Err(Failure::step(format!("{name} is not what its text makes"))
                .because(compare::diff(&printed, text))
                .next("⌘ guide --prose writes it anew"));
        }
    }
    Ok(())
}

fn written(
    folder: &Utf8Path,
    documents: &[Document],
    performed: &[Performed],
    guide: &Guide,
) -> Result<Answer, Failure> {
    let files: Vec<Utf8PathBuf> = documents.iter().map(|document| folder.join(document.name)).collect();
    let lines: String = files.iter().map(|file| format!("{file}\n")).collect();
    Answer::new(times(guide, performed) + &lines, &json!({ "written": files, "steps": steps(guide, performed) }))
}

fn checked(
    guide: &Guide,
    folder: &Utf8Path,
    outputs: &[Vec<String>],
    performed: &[Performed],
) -> Result<Answer, Failure> {
    let printed = record::outputs(guide, &document::read(folder, GUIDE)?);
    let differences = compare::differences(guide, &printed, outputs);
    let end = match differences.len() {
        0 => format!("all {} outputs are what is printed\n", outputs.len()),
        n => format!("{n} of {} outputs are not what is printed\n", outputs.len()),
    };
    let text = times(guide, performed) + &compare::text(&differences) + &end;
    let document = json!({ "differences": differences, "steps": steps(guide, performed) });
    Ok(Answer::new(text, &document)?.failed_if(!differences.is_empty()))
}

/// Lists the steps that took a second or more, and the total.
fn times(guide: &Guide, performed: &[Performed]) -> String {
    let seconds = |performed: &Performed| performed.took.as_secs_f64();
    if performed.is_empty() {
        return String::new();
    }
    let slow = guide.steps().zip(performed).filter(|(_, performed)| seconds(performed) >= 1.0);
    let all = ("all".to_owned(), performed.iter().map(seconds).sum::<f64>());
    let rows = slow.map(|(step, performed)| (step.name.clone(), seconds(performed))).chain([all]);
    table(["step", "took"], rows.map(|(name, took)| [name, format!("{took:.1} s")])) + "\n"
}

fn steps(guide: &Guide, performed: &[Performed]) -> Vec<serde_json::Value> {
    let step = |(step, performed): (&source::Step, &Performed)| json!({ "name": step.name, "seconds": performed.took.as_secs_f64(), "output": performed.lines });
    guide.steps().zip(performed).map(step).collect()
}

#[cfg(test)]
mod tests;
