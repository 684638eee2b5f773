//! All that the CI runs, in one go: cheap first, everything even where something failed, a table at the end.

use super::{cargo, long, test, tidy};
use crate::cli::TestArgs;
use crate::ctx::Ctx;
use crate::exit::{Answer, Failure, table};
use crate::process::{Cmd, Error};

/// The version that the CI installs; another may know other lints.
const INSTALL_DENY: &str = "cargo install --locked cargo-deny@0.20.2";

/// Lints that hold for the product, not for what tests it.
const IN_TESTS: [&str; 5] =
    ["clippy::unwrap_used", "clippy::expect_used", "clippy::panic", "clippy::print_stdout", "clippy::print_stderr"];

/// A step of the CI that is one command.
struct Job {
    name: &'static str,
    cmd: Cmd,
}

fn jobs() -> Vec<Job> {
    // `clippy.toml` lets a test unwrap, but not the helpers beside it.
    let clippy_tests: Vec<&str> = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]
        .into_iter()
        .chain(IN_TESTS.iter().flat_map(|lint| ["-A", lint]))
        .collect();
    let job = |name, args: &[&str]| Job { name, cmd: cargo(args) };
    vec![
        job("fmt", &["fmt", "--all", "--check"]),
        job("clippy", &["clippy", "--workspace", "--lib", "--bins", "--examples", "--", "-D", "warnings"]),
        job("clippy-tests", &clippy_tests),
        Job {
            name: "doc",
            cmd: cargo(&["doc", "--workspace", "--no-deps", "--document-private-items"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        },
        job("examples", &["build", "--workspace", "--examples"]),
    ]
}

/// Runs everything, and answers with a table.
pub(crate) async fn run(ctx: &Ctx, args: &TestArgs) -> Result<Answer, Failure> {
    let mut rows: Vec<(&str, bool, String)> = Vec::new();
    for Job { name, cmd } in jobs() {
        rows.push(run_job(ctx, name, cmd).await?);
    }
    let tidy = tidy::run().await?;
    if tidy.has_failed() {
        ctx.progress.pass(tidy.as_text());
    }
    rows.push(("tidy", !tidy.has_failed(), String::new()));
    // cargo-deny checks bans, licences and sources; its advisories need a database from the network.
    let deny = cargo(&["deny", "check", "bans", "licenses", "sources"]);
    rows.push(match which::which("cargo-deny") {
        Ok(_) => run_job(ctx, "deny", deny).await?,
        Err(_) => ("deny", !args.all, format!("not run: `{INSTALL_DENY}` installs it")),
    });
    let tests = test::run(ctx, args).await?;
    rows.push(("test", !tests.has_failed(), String::new()));

    let failed = rows.iter().any(|(_, passed, _)| !passed);
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
    Ok(Answer::new(format!("{}\n{text}", tests.as_text()), &rows)?.failed_if(failed))
}

async fn run_job(ctx: &Ctx, name: &'static str, cmd: Cmd) -> Result<(&'static str, bool, String), Failure> {
    let step = ctx.progress.step(name);
    match long(ctx, name, cmd, |_| {}).await {
        Ok(_) => {
            step.done("passed");
            Ok((name, true, String::new()))
        }
        Err(Error::Failed { .. }) => {
            let note = format!("see logs/{name}.log");
            step.failed(&note);
            Ok((name, false, note))
        }
        Err(error) => Err(error.into()),
    }
}
