//! `render`: generated files, on stdout one after the other, or each in its place below a folder.

use camino::Utf8Path;
use serde_json::{Map, Value, json};

use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use camino::Utf8PathBuf;

/// Options of `render`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Write into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<Utf8PathBuf>,
}

/// Runs `render`.
pub(crate) fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let files = labfile::compose::files(&ctx.lab()?)?;
    let Some(folder) = &args.out else {
        let text: String = files.iter().map(|(path, text)| format!("=== {path}\n{text}\n")).collect();
        let json: Map<String, Value> =
            files.into_iter().map(|(path, text)| (path.into_string(), text.into())).collect();
        return Answer::new(text.trim_end(), &json);
    };
    for (path, text) in &files {
        let path = folder.join(path);
        let written = fs_err::create_dir_all(path.parent().unwrap_or(Utf8Path::new(".")))
            .and_then(|()| fs_err::write(&path, text));
        written.map_err(|error| Failure::unwritten("files", &error))?;
    }
    let paths: Vec<String> = files.iter().map(|(path, _)| folder.join(path).into_string()).collect();
    Answer::new(paths.join("\n"), &json!({ "written": paths }))
}
