//! The written guide, in AsciiDoc as the upstream documentation is, and its picture.

use camino::Utf8Path;
use tera::{Context, Tera};

use super::source::Guide;
use super::view::view;
use crate::verbs::graph;
use bgplab::Failure;
use labfile::Lab;

/// The guide's file, from which outputs are read back.
pub(super) const GUIDE: &str = "guide.adoc";

/// A file of the guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// Name of the file.
    pub(super) name: &'static str,
    /// Text of the file.
    pub(super) text: String,
}

/// All files of the guide with these outputs.
///
/// # Errors
/// If the text and the outputs do not fit.
pub(super) fn documents(guide: &Guide, outputs: &[Vec<String>], lab: &Lab) -> Result<[Document; 2], Failure> {
    Ok([Document { name: GUIDE, text: render(guide, outputs)? }, Document { name: "lab.svg", text: graph::svg(lab) }])
}

fn render(guide: &Guide, outputs: &[Vec<String>]) -> Result<String, Failure> {
    let view = view(guide, outputs)
        .map_err(|misfit| Failure::step("the guide's text and its outputs do not fit").cause(&misfit))?;
    let rendered = Context::from_serialize(&view).and_then(|context| {
        let mut tera = Tera::default();
        // Text for documents, not for a browser: nothing is escaped.
        tera.autoescape_on(Vec::<&str>::new());
        tera.add_raw_templates([("guide", include_str!("asciidoc.tera"))])?;
        tera.render("guide", &context)
    });
    rendered.map_err(|error| Failure::step("the guide's template does not fit its text").cause(&error))
}

/// A file of the guide as it is there.
///
/// # Errors
/// Wrong use where there is none.
pub(super) fn read(folder: &Utf8Path, name: &str) -> Result<String, Failure> {
    fs_err::read_to_string(folder.join(name)).map_err(|error| {
        Failure::wrong_use("there is no guide yet").cause(&error).next("⌘ guide --operator-dir DIR writes it")
    })
}

/// Writes the files.
///
/// # Errors
/// A machine failure where they cannot be written.
pub(super) fn write(folder: &Utf8Path, documents: &[Document]) -> Result<(), Failure> {
    let mut written = fs_err::create_dir_all(folder);
    for Document { name, text } in documents {
        written = written.and_then(|()| fs_err::write(folder.join(name), text));
    }
    written.map_err(|error| Failure::unwritten("guide", &error))
}
