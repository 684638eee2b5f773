//! `graph`: a picture of the lab.

mod dot;
mod layout;
mod lines;
mod mermaid;
mod picture;

use picture::Picture;

use bgplab::Failure;
use labfile::Lab;

use crate::{ctx::Ctx, drawing::svg, exit::Answer};

/// Options of `graph`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Format of the picture
    #[arg(long, value_name = "FORMAT", default_value = "svg")]
    format: Format,
}

/// Formats of a picture.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// A picture that stands alone
    Svg,
    /// A flow chart for Markdown
    Mermaid,
    /// A graph for Graphviz
    Dot,
}

/// Runs `graph`.
pub(crate) fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    Ok(Answer::text(match args.format {
        Format::Svg => svg(&lab),
        Format::Mermaid => mermaid(&lab),
        Format::Dot => dot(&lab),
    }))
}

/// A Mermaid flow chart, for Markdown.
fn mermaid(lab: &Lab) -> String {
    mermaid::draw(&Picture::of(lab))
}

/// A graph for Graphviz.
fn dot(lab: &Lab) -> String {
    dot::draw(&Picture::of(lab))
}

/// An SVG that stands alone.
pub(crate) fn svg(lab: &Lab) -> String {
    svg::draw(&layout::lay_out(&Picture::of(lab)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use labfile::ProviderName;

    use crate::drawing::scene::Scene;
    use crate::labs as tests;

    /// Every picture; where `GRAPHS` names a folder, written there for a person to look at.
    fn drawn() -> Vec<(String, Lab)> {
        let mut drawn = Vec::new();
        for file in tests::all() {
            for provider in [ProviderName::Standalone, ProviderName::Kind] {
                let lab = tests::lab(&file, provider);
                let name = format!("{}-{provider:?}", file.file_stem().unwrap()).to_lowercase();
                if let Ok(folder) = std::env::var("GRAPHS") {
                    fs_err::write(format!("{folder}/{name}.svg"), svg(&lab)).unwrap();
                    fs_err::write(format!("{folder}/{name}.dot"), dot(&lab)).unwrap();
                    fs_err::write(format!("{folder}/{name}.mmd"), mermaid(&lab)).unwrap();
                }
                drawn.push((name, lab));
            }
        }
        drawn
    }

    #[test]
    fn nothing_overlaps_and_everything_is_inside() {
        for (name, lab) in drawn() {
            let scene: Scene = layout::lay_out(&Picture::of(&lab));
            for (index, card) in scene.cards.iter().enumerate() {
                assert!(card.x >= 0.0 && card.right() <= scene.width && card.bottom() <= scene.height, "{name}");
                assert!(scene.cards.iter().take(index).all(|other| card.is_apart(other)), "{name}: cards overlap");
            }
            let texts: Vec<_> = scene.texts.iter().map(|text| (text.outline(), &text.text)).collect();
            for (index, (text, words)) in texts.iter().enumerate() {
                assert!(text.right() <= scene.width && text.bottom() <= scene.height, "{name}: {words}");
                let in_order = scene.cards.iter().all(|card| card.is_apart(text) || card.holds(text));
                assert!(in_order, "{name}: `{words}` lies across a card");
                let clash = texts.iter().take(index).find(|(other, _)| !text.is_apart(other));
                assert!(clash.is_none(), "{name}: `{words}` lies on {clash:?}");
            }
        }
    }

    #[test]
    fn every_name_and_address_is_in_every_picture() {
        let lab = tests::lab(&tests::all()[0], ProviderName::Standalone);
        for text in [mermaid(&lab), dot(&lab), svg(&lab)] {
            for router in &lab.routers {
                assert!(text.contains(router.name.as_str()), "{}", router.name);
                for address in router.attachments.iter().flat_map(|(_, addresses)| addresses.iter()) {
                    assert!(text.contains(&address.to_string()), "{address}: {text}");
                }
            }
            for node in &lab.cluster.placement {
                assert!(
                    text.contains(&node.name) && node.addresses.iter().all(|own| text.contains(&own.to_string())),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn the_documented_lab_in_mermaid_and_dot() {
        let lab = Lab::documented(&labfile::Overrides::default()).unwrap();
        insta::assert_snapshot!(mermaid(&lab));
        insta::assert_snapshot!(dot(&lab));
    }

    #[test]
    fn a_hundred_routers_are_four_cards() {
        let lab = tests::lab(
            &tests::all().into_iter().find(|file| file.ends_with("scale.toml")).unwrap(),
            ProviderName::Standalone,
        );
        let text = svg(&lab);
        assert!(text.contains("r3 … r99") && text.contains("97 more") && !text.contains(">r50<"), "{text}");
    }

    #[test]
    fn many_nodes_are_named_from_the_first_to_the_last() {
        let file = tests::all().into_iter().find(|file| file.ends_with("documented.toml")).unwrap();
        let mut lab = tests::lab(&file, ProviderName::Standalone);
        let worker = lab.cluster.placement[1].clone();
        for number in 3..=8_u8 {
            let mut more = labfile::Node { name: format!("kind-worker{number}"), ..worker.clone() };
            more.addresses = labfile::Addresses::V4([10, 0, 1, 10 + number].into());
            lab.cluster.placement.push(more);
        }
        let text = dot(&lab);
        assert!(text.contains("kind-worker2 … kind-worker7\\n6 more · worker\\n10.0.1.4 … 10.0.1.17"), "{text}");
    }
}
