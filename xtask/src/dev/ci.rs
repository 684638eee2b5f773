//! All that the CI runs, in one go: everything even where something failed, and a table at the end. Quick steps come
//! first; those that compile everything again, to find lints, fill the time for which clusters wait.

use super::{cargo, long, shortly, test, tidy, workspace};
use crate::dev::TestArgs;
use bgplab::Failure;
use bgplab::process::Cmd;
use metallb_lab::Ctx;
use metallb_lab::{Answer, Code, table};

/// The checker of dependencies, in the version that the CI goes by: another may know other lints.
const DENY: &str = "cargo-deny@0.20.2";
/// Bans, licences and sources: advisories need a database from the network.
const DENY_CHECK: [&str; 4] = ["check", "bans", "licenses", "sources"];

/// Result of a step: its name, `true` if it passed, and a note where there is more to say.
type Row = (&'static str, bool, String);

/// A step of the CI that is one command.
struct Job {
    name: &'static str,
    cmd: Cmd,
}

/// Returns the steps that compile. They have a target folder of their own: in that of the tests, each would keep the
/// other waiting. Where nothing may be left out, the checker of dependencies is installed first.
fn lints(all: bool) -> Vec<Job> {
    let job = |name, args: &[&str]| {
        let cmd = cargo(args).env("CARGO_TARGET_DIR", workspace().join("target/lints"));
        Job { name, cmd: cmd.env("RUSTDOCFLAGS", "-D warnings") }
    };
    let mut lints = vec![
        job("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        job("doc", &["doc", "--workspace", "--no-deps", "--document-private-items"]),
        job("pure", &["clippy", "-p", "netlab", "-p", "metallb", "--no-default-features", "--", "-D", "warnings"]),
        job(
            "engine",
            &["clippy", "-p", "netlab", "--no-default-features", "--features", "engine", "--", "-D", "warnings"],
        ),
    ];
    if all {
        let tools = workspace().join("target/tools");
        // It runs once, for a second: not worth optimizing.
        let features = ["--debug", "--no-default-features"];
        let install = [&["install", "--quiet", "--locked", "--root", tools.as_str()], &features[..], &[DENY]].concat();
        let check = Cmd::new(tools.join("bin/cargo-deny")).args(DENY_CHECK).cwd(workspace());
        // What is published has to stand alone, with its README, its licences and all that it includes.
        let package = ["package", "--workspace", "--no-verify", "--allow-dirty", "--quiet"];
        lints.extend([job("install deny", &install), Job { name: "deny", cmd: check }, job("package", &package)]);
    }
    lints
}

/// Runs everything, and answers with a table.
pub(crate) async fn run(ctx: &Ctx, args: &TestArgs) -> Result<Answer, Failure> {
    let mut rows = vec![run_job(ctx, "fmt", cargo(&["fmt", "--all", "--check"])).await, tidied(ctx).await];
    if !args.all {
        rows.push(match which::which("cargo-deny") {
            Ok(_) => run_job(ctx, "deny", cargo(&[&["deny"], &DENY_CHECK[..]].concat())).await,
            Err(_) => ("deny", true, format!("not run: `cargo install --locked {DENY}` installs it")),
        });
    }
    let lints = async || {
        let mut rows = Vec::new();
        for Job { name, cmd } in lints(args.all) {
            rows.push(run_job(ctx, name, cmd).await);
        }
        rows
    };
    let (tests, lints) = test::run_beside(ctx, args, lints).await?;
    rows.extend(lints);
    // Tests that miss what they need have an exit code of their own.
    let code = if rows.iter().all(|(_, passed, _)| *passed) { tests.code() } else { Code::Failed };
    rows.push(("test", !tests.has_failed(), String::new()));

    let text = table(
        ["step", "result", "note"],
        rows.iter().map(|(name, passed, note)| {
            let result = if *passed && note.is_empty() {
                "passed"
            } else if *passed {
                "not run"
            } else {
                "FAILED"
            };
            [(*name).to_owned(), result.to_owned(), note.clone()]
        }),
    );
    Ok(Answer::new(format!("{}\n{text}", tests.as_text()), &rows)?.with_code(code))
}

async fn tidied(ctx: &Ctx) -> Row {
    match tidy::run().await {
        Ok(tidy) => {
            if tidy.has_failed() {
                ctx.progress.pass(tidy.as_text());
            }
            ("tidy", !tidy.has_failed(), String::new())
        }
        Err(failure) => ("tidy", false, failure.message().to_owned()),
    }
}

async fn run_job(ctx: &Ctx, name: &'static str, cmd: Cmd) -> Row {
    let step = ctx.progress.step(name);
    match long(ctx, name, cmd, |_| {}).await {
        Ok(_) => {
            step.done("passed");
            (name, true, String::new())
        }
        Err(error) => {
            let note = shortly(&error, name);
            step.failed(&note);
            (name, false, note)
        }
    }
}
