use camino::Utf8PathBuf;

use super::prose::{Block, Inline};
use super::source::{Part, Section};
use super::*;
use bgplab::process::Cmd;
use labfile::Overrides;

fn guide() -> Guide {
    Guide::read().unwrap()
}

fn docs() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The committed documents are what their text and the outputs in them make: nobody edits them by hand, and no prose is
/// changed without writing them anew.
#[test]
fn the_committed_guide_is_what_its_text_makes() {
    let lab = Lab::documented(&Overrides::default()).unwrap();
    let documents = reprinted(&guide(), &docs(), &lab)
        .unwrap_or_else(|failure| panic!("{}", crate::exit::render(&failure, "cargo xtask", false)));
    is_printed(&documents, &docs())
        .unwrap_or_else(|failure| panic!("{}", crate::exit::render(&failure, "cargo xtask", false)));
}

/// An output that does not fit the patterns would change with every run.
#[test]
fn printed_outputs_keep_their_shape() {
    let guide = guide();
    let printed = record::outputs(&guide, &document::read(&docs(), GUIDE).unwrap());
    for (step, lines) in guide.steps().zip(printed) {
        let lines = lines.unwrap_or_else(|| panic!("step {} is not printed", step.name));
        let again = shape::shape(step, &names::Names::default(), &lines.join("\n")).unwrap();
        assert_eq!(again, lines, "step {}", step.name);
    }
}

#[test]
fn a_difference_names_its_step_and_shows_both() {
    let guide = guide();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let came: Vec<Vec<String>> = guide.steps().map(|_| lines("up\nup")).collect();
    let mut printed: Vec<Option<Vec<String>>> = came.iter().cloned().map(Some).collect();
    assert_eq!(compare::differences(&guide, &printed, &came), []);
    let at = guide.steps().position(|step| step.name == "bfd-brief").unwrap();
    printed[at] = Some(lines("up\ndown"));
    let text = compare::text(&compare::differences(&guide, &printed, &came));
    insta::assert_snapshot!(text, @r"
    step bfd-brief: $ cargo xtask vtysh frr1 -- show bfd peers brief
    --- printed
    +++ came
    @@ -1,2 +1,2 @@
     up
    -down
    +up
    ");
}

/// A reader may follow them from any place.
#[test]
fn links_lead_somewhere() {
    let guide = guide();
    let ids: Vec<String> = guide.sections.iter().map(Section::id).collect();
    let in_prose = guide.sections.iter().flat_map(|section| &section.parts).flat_map(|part| match part {
        Part::Text(prose) | Part::Aside(prose) => prose.0.iter().collect(),
        _ => Vec::new(),
    });
    let pieces = in_prose.flat_map(|block| match block {
        Block::Paragraph(line) => line.iter().collect::<Vec<_>>(),
        Block::List(items) => items.iter().flatten().collect(),
    });
    let links: Vec<&String> =
        pieces.filter_map(|piece| if let Inline::Link { to, .. } = piece { Some(to) } else { None }).collect();
    assert!(!links.is_empty());
    for to in links {
        let known = to.strip_prefix('#').map_or(to.starts_with("https://"), |id| ids.iter().any(|known| known == id));
        assert!(known, "{to}: {ids:?}");
    }
}

#[test]
fn the_guide_takes_a_checkout() {
    let args = |lab: LabArgs| {
        checkout(&lab).map(Utf8Path::to_owned).map_err(|failure| crate::exit::to_json(&failure, "⌘").to_string())
    };
    let folder = tempfile::tempdir().unwrap();
    let checkout = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    let given = LabArgs { operator_dir: Some(checkout.clone()), ..LabArgs::default() };
    assert!(args(given.clone()).unwrap_err().contains("is none"));
    fs_err::write(checkout.join("Makefile"), "deploy:\n").unwrap();
    assert_eq!(args(given), Ok(checkout));
    assert!(args(LabArgs::default()).unwrap_err().contains("none is given"));
}

#[test]
fn the_guide_is_of_the_documented_lab_alone() {
    let given = LabArgs { operator_dir: Some("operator".into()), ..LabArgs::default() };
    as_documented(&given).unwrap();
    let other = as_documented(&LabArgs { routers: Some(3), ..given }).unwrap_err();
    assert!(other.message().contains("documented lab"));
}

/// A checkout of this repository, or the operator's, may be anywhere.
#[test]
fn a_step_is_run_where_folders_have_spaces_in_their_names() {
    let folder = tempfile::Builder::new().prefix("a b").tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    let line = perform::typed("echo cargo xtask --operator-dir ../metallb-operator");
    let shell = Cmd::new("sh").args(["-c", &line]).env(perform::PROGRAM, "/a b/xtask");
    let said = shell.env(perform::OPERATOR, folder.as_str()).read_blocking().unwrap();
    assert_eq!(said, format!("/a b/xtask --operator-dir {folder}"));
}

/// README shows what `verify` says as the guide does, where a run has proved it.
#[test]
fn the_readme_shows_what_the_guide_shows() {
    let readme = fs_err::read_to_string(docs().join("../README.md")).unwrap();
    let shown = record::blocks(&readme, (&["```console"], "```"))
        .into_iter()
        .filter(|block| block.len() > 1 && block[0].starts_with("$ cargo xtask verify"));
    let written = document::read(&docs(), GUIDE).unwrap();
    let printed = record::blocks(&written, record::ASCIIDOC);
    let mut shown = shown.filter(|block| block[1].starts_with(" ✓")).peekable();
    assert!(shown.peek().is_some(), "README shows it");
    assert!(shown.all(|block| printed.contains(&block)), "the guide has another");
}
