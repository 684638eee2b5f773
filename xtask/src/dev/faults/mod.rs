//! `faults`: every object of a lab deleted and changed, one at a time, and `diagnose` judged by what it says then.

mod bed;
mod derive;
mod fault;
mod figures;
mod judge;
mod results;
mod sample;

use std::time::{SystemTime, UNIX_EPOCH};

use bgplab::Failure;
use bgplab::journal::Journal;
use bgplab::labfile::{Lab, Node, Provider};
use camino::Utf8PathBuf;
use metallb_lab::{Answer, Ctx};

use super::workspace;
use bed::Bed;
use derive::derive;
use fault::Fault;
use figures::Figures;
use results::{Outcome, Tried};
use sample::sample;

/// Options of `faults`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Number of faults, of each kind of object as many as of every other
    #[arg(long, value_name = "N", default_value_t = 60, conflicts_with = "all")]
    sample: usize,
    /// Seed of the sample [default: today's]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Every fault, instead of a sample
    #[arg(long)]
    all: bool,
    /// Only faults whose name begins so; may be given again
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Go on with the results of an earlier run: what is in this file is not tried again
    #[arg(long, value_name = "FILE")]
    resume: Option<Utf8PathBuf>,
    /// List the faults and the commands that make them, and change nothing
    #[arg(long)]
    list: bool,
}

/// Makes the faults, each in a lab that is whole, and prints the figures. The lab is left up.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    let seed = args.seed.unwrap_or_else(today);
    // A cluster's nodes are where kind's network puts them: until it is there, where they mostly are.
    let listed = chosen(args, &lab, &lab.cluster.placement, seed)?;
    if args.list {
        let lines = listed.iter().map(|fault| format!("{}\n    {}\n", fault.id, fault.made_by()));
        let ids: Vec<&str> = listed.iter().map(|fault| fault.id.as_str()).collect();
        return Answer::new(lines.collect::<String>(), &ids);
    }
    if matches!(lab.cluster.provider, Provider::Existing { .. }) {
        let failure = Failure::wrong_use("faults are made in a lab of the run's own, not in a cluster that is there");
        return Err(failure.next("add --provider standalone, or --provider kind"));
    }
    let bed = Bed::new(ctx.source.clone(), &lab)?;
    let mut results = Journal::<Tried>::open(&args.resume.clone().map_or_else(of_this_run, Ok)?)?;
    let is_open = |fault: &Fault| !results.entries().iter().any(|tried| tried.id == fault.id);
    if listed.iter().any(is_open) {
        let nodes = bed.up().await?;
        let mut open = chosen(args, &lab, &nodes, seed)?;
        open.retain(is_open);
        ctx.progress.say(&format!("{} faults, seed {seed}; results in {}", open.len(), results.file()));
        for fault in open {
            let step = ctx.progress.step(&fault.id);
            let tried = bed.fault(&fault).await?;
            step.done(shortly(&tried));
            results.add(tried)?;
        }
    }
    let tried = results.entries();
    let figures = Figures::of(tried);
    Ok(Answer::new(figures::text(tried), &(figures, tried))?.failed_if(!figures.met()))
}

/// Removes the results of the last run that went on with none, and returns the file for this run's.
fn of_this_run() -> Result<Utf8PathBuf, Failure> {
    let file = workspace().join("logs").join("faults.jsonl");
    if file.exists() {
        fs_err::remove_file(&file).map_err(|error| Failure::unwritten("file of results", &error))?;
    }
    Ok(file)
}

/// Derives the faults of a lab with these nodes, and chooses those that are asked for.
fn chosen(args: &Args, lab: &Lab, nodes: &[Node], seed: u64) -> Result<Vec<Fault>, Failure> {
    let derived = derive(lab, nodes);
    let mut faults = derived.map_err(|error| Failure::wrong_use("no faults of this lab").cause(&error))?;
    faults.retain(|fault| args.only.is_empty() || args.only.iter().any(|begin| fault.id.starts_with(begin)));
    let chosen = if args.all { faults } else { sample(faults, args.sample, seed) };
    if chosen.is_empty() {
        let next = "`faults --list --all` lists the names, and --sample takes at least 1";
        return Err(Failure::wrong_use("no fault of this lab has been chosen").next(next));
    }
    Ok(chosen)
}

/// The number of today: so that each day's run tries others.
fn today() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / (24 * 60 * 60))
}

fn shortly(tried: &Tried) -> String {
    let words = match &tried.outcome {
        Outcome::Judged(judgement) => {
            let noticed = if judgement.is_noticed() { "noticed" } else { "not noticed" };
            let untrue = if judgement.untrue.is_empty() { "" } else { ", UNTRUE" };
            format!("{noticed}, named {:?}{untrue}: {}", judgement.named, judgement.first.as_deref().unwrap_or("–"))
        }
        Outcome::NotMade(_) => "not made".to_owned(),
        Outcome::NotLookedAt(_) => "not looked at".to_owned(),
    };
    if tried.left.is_some() { format!("{words}; the lab was made anew") } else { words }
}
